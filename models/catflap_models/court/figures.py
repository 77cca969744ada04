"""Figures in the one shape for everything that is measured (contract: figures)."""

import json
import platform
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from os import cpu_count
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; `value` None: it could not be measured, and `how` says why. `bar` None: context, which nothing depends on."""

    name: str
    """`area.what[.variant]`"""
    value: float | None
    unit: str
    bar: float | None
    better: str
    """`lower` or `higher`"""
    how: str

    @property
    def ok(self) -> bool:
        """The value against the bar, nothing else."""
        if self.value is None:
            return False
        if self.bar is None:
            return True
        return self.value <= self.bar if self.better == "lower" else self.value >= self.bar


def tree(suite: str, figures: Sequence[Figure]) -> dict[str, object]:
    """What is written to SUITE.json."""
    rows = [asdict(figure) | {"ok": figure.ok} for figure in figures]
    when = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"suite": suite, "commit": _commit(), "machine": _machine(), "when": when, "figures": rows}


def write(path: Path, suite: str, figures: Sequence[Figure]) -> None:
    """Writes the figures as JSON; raises OSError."""
    path.write_text(json.dumps(tree(suite, figures), indent=1) + "\n", encoding="utf-8")


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines for a terminal."""
    width = max([32, *(len(figure.name) for figure in figures)])
    lines = [f"{'figure':{width}} {'value':>12} {'bar':>10} {'unit':24} ok"]
    for figure in figures:
        value = "-" if figure.value is None else f"{figure.value:g}"
        bar = "-" if figure.bar is None else f"{figure.bar:g}"
        lines.append(f"{figure.name:{width}} {value:>12} {bar:>10} {figure.unit:24} {'yes' if figure.ok else 'NO'}   {figure.how}")
    return "\n".join(lines)


def _commit() -> str:
    """The commit of the checkout that this module lies in, `unknown` outside of one."""
    git = shutil.which("git")
    if git is None:
        return "unknown"
    command = [git, "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False)  # noqa: S603 - fixed words
    return done.stdout.strip() or "unknown"


def _machine() -> str:
    try:
        names = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    except OSError:
        names = []
    processor = names[0].partition(":")[2].strip() if names else platform.machine()
    return f"{cpu_count()} x {processor}, Python {platform.python_version()}"
