"""`python -m tests.fuzz`: split, lost and garbage input over several seeds, written to build/fuzz.json."""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.figures import Figure, report
from tests.exchange.faults import Faults
from tests.fuzz.damage import changed_by_a_slow_wire, changed_by_splitting, damaged, outcome

CALLS = 1000
SEEDS = range(1, 6)
WIRES = {
    "lost": Faults(bytes_lost=0.2),
    "garbage": Faults(garbage=0.5),
    "all": Faults(bytes_lost=0.2, garbage=0.5, split_bytes=True),
}


def figures(folder: Path) -> Iterator[Figure]:
    """Each figure as it is found."""
    how = f"up to {CALLS} calls of each of {len(SEEDS)} worlds, 8 lines of all modem families"
    changed = sum(changed_by_splitting(folder / f"split-{seed}", CALLS, seed) for seed in SEEDS)
    yield Figure("split.verdicts-changed", changed, "verdicts", 0, "lower", f"every byte by itself; {how}")
    changed = sum(changed_by_a_slow_wire(folder / f"slow-{seed}", CALLS, seed) for seed in SEEDS)
    yield Figure("slow-wire.verdicts-changed", changed, "verdicts", 0, "lower", f"1 ms from byte to byte; {how}")
    for name, faults in WIRES.items():
        found = [outcome(damaged(folder / f"{name}-{seed}", faults, CALLS, seed)) for seed in SEEDS]
        seen = f"{sum(one.found for one in found)} of {sum(one.true for one in found)} calls found"
        yield Figure(f"{name}.calls-invented", sum(one.invented for one in found), "calls", 0, "lower", f"{seen}; {faults}; {how}")
        yield Figure(f"{name}.calls-seen-twice", sum(one.seen_twice for one in found), "calls", None, "lower", f"of those found; {how}")


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
