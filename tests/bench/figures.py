"""Figures: what was measured, held against its bar, printed as a table and written to build/NAME.json."""

import json
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from os import cpu_count
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; `value` None: it could not be measured, and `how` says why. `bar` None: context, which nothing depends on."""

    name: str
    value: float | None
    unit: str
    bar: float | None
    better: str
    how: str

    @property
    def ok(self) -> bool:
        """The value against the bar, nothing else."""
        if self.value is None:
            return False
        if self.bar is None:
            return True
        return self.value <= self.bar if self.better == "lower" else self.value >= self.bar


def report(suite: str, figures: Sequence[Figure]) -> int:
    """Prints the table and writes build/SUITE.json; 1 if any figure misses its bar, else 0."""
    rows = [asdict(figure) | {"ok": figure.ok} for figure in figures]
    when = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    (ROOT / "build").mkdir(exist_ok=True)
    tree = {"suite": suite, "commit": _commit(), "machine": _machine(), "when": when, "figures": rows}
    (ROOT / "build" / f"{suite}.json").write_text(json.dumps(tree, indent=1) + "\n", encoding="utf-8")
    print(f"\n{'figure':32} {'value':>12} {'bar':>10} {'unit':10} ok")
    for figure in figures:
        value = "-" if figure.value is None else f"{figure.value:g}"
        bar = "-" if figure.bar is None else f"{figure.bar:g}"
        print(f"{figure.name:32} {value:>12} {bar:>10} {figure.unit:10} {'yes' if figure.ok else 'NO'}   {figure.how}")
    return 0 if all(figure.ok for figure in figures) else 1


def _commit() -> str:
    done = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def _machine() -> str:
    models = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return f"{cpu_count()} x {models[0] if models else platform.machine()}, Python {platform.python_version()}"
