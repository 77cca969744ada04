"""`python -m tests.fuzz`: split, lost and garbage input over all modem families, and pure noise, written to build/fuzz.json."""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from catflap_models.court.figures import Figure
from tests.bench.figures import report
from tests.fuzz.damage import LINES, WIRES, changed_by_a_slow_wire, changed_by_splitting, damaged, outcome
from tests.fuzz.noise import KINDS, calls_heard

CALLS = 1000
SEEDS = range(1, 6)
PIECES = 20000


def figures(folder: Path) -> Iterator[Figure]:
    """Each figure as it is found."""
    how = f"{CALLS} calls and those that wait meanwhile, of each of {len(SEEDS)} worlds, a line of each of {LINES} modem families"
    changed = sum(changed_by_splitting(folder / f"split-{seed}", CALLS, seed) for seed in SEEDS)
    yield Figure("split.verdicts-changed", changed, "verdicts", 0, "lower", f"every byte by itself; {how}")
    changed = sum(changed_by_a_slow_wire(folder / f"slow-{seed}", CALLS, seed) for seed in SEEDS)
    yield Figure("slow-wire.verdicts-changed", changed, "verdicts", 0, "lower", f"1 ms from byte to byte; {how}")
    for name, faults in WIRES.items():
        found = [outcome(damaged(folder / f"{name}-{seed}", faults, CALLS, seed)) for seed in SEEDS]
        true = sum(one.true for one in found)
        seen = f"{sum(one.numbered for one in found)} with their number, of {true} that the modems wrote of; {how}"
        invented = [what for one in found for what in one.invented]
        twice = [what for one in found for what in one.seen_twice]
        yield Figure(f"{name}.calls-found", sum(one.found for one in found), "calls", None, "higher", seen)
        yield Figure(f"{name}.calls-invented", len(invented), "calls", 0, "lower", "; ".join([how, *invented[:3]]))
        yield Figure(f"{name}.calls-seen-twice", len(twice), "calls", 0, "lower", "; ".join([how, *twice[:3]]))
    for kind in KINDS:
        heard = calls_heard(folder / kind, kind, PIECES, 1)
        yield Figure(f"noise.{kind}.calls-invented", len(heard), "calls", 0, "lower", "; ".join([f"{PIECES} pieces of noise", *heard[:3]]))


def main() -> int:
    """Runs, with progress; the exit status."""
    found: list[Figure] = []
    with TemporaryDirectory() as folder:
        for figure in figures(Path(folder)):
            print(f"fuzz: {figure.name} {figure.value}", flush=True)
            found.append(figure)
    return report("fuzz", found)


if __name__ == "__main__":
    sys.exit(main())
