"""`python -m tests.hil [PYTEST OPTIONS]`: the numbered tests in full, their figures in build/hil.json and a JUnit file beside it."""

import os
import sys
from pathlib import Path

import pytest

from tests.bench.figures import Figure, report

ROOT = Path(__file__).parents[2]


class Collector:
    """Takes the figures out of the tests' reports, whichever process ran them."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """See pytest."""
        if report.when == "call":
            for name, value in report.user_properties:
                if name == "figure":
                    assert isinstance(value, list)
                    self.figures.append(Figure(*value))


def main() -> int:
    """Runs; 1 if a test failed or a figure misses its bar."""
    os.environ["CATFLAP_HIL"] = "long"
    collector = Collector()
    (ROOT / "build").mkdir(exist_ok=True)
    status = pytest.main(["-v", f"--junitxml={ROOT / 'build' / 'hil.xml'}", str(Path(__file__).parent), *sys.argv[1:]], [collector])
    return int(report("hil", sorted(collector.figures, key=lambda figure: figure.name)) or status)


if __name__ == "__main__":
    sys.exit(main())
