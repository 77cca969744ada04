"""`python -m tests.hil [PYTEST OPTIONS]`: the numbered tests in full, their figures in build/hil.json and a JUnit file beside it."""

import os
import sys
from pathlib import Path

import pytest

from catflap_models.court.figures import Figure
from tests.bench.figures import report

ROOT = Path(__file__).parents[2]


class Collector:
    """Takes the figures out of the tests' reports, whichever process ran them; a test that failed or was skipped is one without value."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """See pytest."""
        found = [Figure(*value) for name, value in report.user_properties if name == "figure" and isinstance(value, list)]
        if report.when == "call":
            self.figures += found
        if not report.passed and not found:
            name = report.nodeid.rpartition("/")[2].replace("::", ".")
            why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr).strip().splitlines()[-1]
            self.figures.append(Figure(f"not-measured.{name}", None, "", None, "lower", f"{report.outcome}: {why}"))


def main() -> int:
    """Runs; 1 if a test failed or a figure misses its bar."""
    os.environ["CATFLAP_HIL"] = "long"
    collector = Collector()
    (ROOT / "build").mkdir(exist_ok=True)
    # a real board is one; emulated ones run side by side
    words = [] if os.environ.get("PORT") else ["-n", str(os.cpu_count() or 1), "--dist", "loadgroup"]
    words += ["-v", f"--junitxml={ROOT / 'build' / 'hil.xml'}", str(Path(__file__).parent), *sys.argv[1:]]
    status = pytest.main(words, [collector])
    return int(report("hil", sorted(collector.figures, key=lambda figure: figure.name)) or status)


if __name__ == "__main__":
    sys.exit(main())
