"""The figures of the bench, with their bars."""

from pathlib import Path

from catflap_host.bench import measure, sender
from catflap_host.bench.measure import Rate
from catflap_models.court.figures import Figure

BARS = {"sqlite": 10_000.0, "postgres": 8_000.0}
RATIO_BAR = 0.3


def measured(folder: Path, database: str, seconds: float, runs: int) -> list[Figure]:
    """Everything, in order; progress on the terminal. Raises UserError."""
    load = f"{measure.PROBES} probes on loopback HTTP, batches of {sender.RECORDS}, {sender.NUMBERS} numbers"
    how = f"{load}, one worker, sender on the same machine; median of {runs} x {seconds:g} s"
    print("catflap: the same intake without a store", flush=True)
    bare = measure.verified(folder / "verified", seconds, runs)
    found = [Figure("host.alerts.verify_only", round(bare.alerts_per_s), "alerts/s", None, "higher", f"nothing stored; {how}")]
    print("catflap: SQLite", flush=True)
    found += _figures("sqlite", measure.stored(folder / "sqlite", "", seconds, runs), bare, how)
    if not database:
        return [*found, *(Figure(name, None, unit, bar, "higher", "no --database was given") for name, unit, bar in _names("postgres"))]
    print("catflap: PostgreSQL", flush=True)
    with measure.own_schema(database) as address:
        found += _figures("postgres", measure.stored(folder / "postgres", address, seconds, runs), bare, how)
    return found


def _names(kind: str) -> tuple[tuple[str, str, float], ...]:
    return (f"host.alerts.{kind}", "alerts/s", BARS[kind]), (f"host.ratio.{kind}", "of verify_only", RATIO_BAR)


def _figures(kind: str, rate: Rate, bare: Rate, how: str) -> list[Figure]:
    values = (round(rate.alerts_per_s), round(rate.alerts_per_s / bare.alerts_per_s, 3))
    found = [Figure(name, value, unit, bar, "higher", how) for (name, unit, bar), value in zip(_names(kind), values, strict=True)]
    spent = f"{how}; user and system time of the worker alone"
    return [*found, Figure(f"host.cpu.{kind}", round(rate.cpu_us, 1), "us/alert", None, "lower", spent)]
