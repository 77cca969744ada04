"""A suite's figures: printed as a table and written to build/NAME.json."""

from collections.abc import Sequence
from pathlib import Path

from catflap_models.court.figures import Figure, table, write

BUILD = Path(__file__).parents[2] / "build"


def report(suite: str, figures: Sequence[Figure]) -> int:
    """Prints the table and writes build/SUITE.json; 1 if any figure misses its bar, else 0."""
    BUILD.mkdir(exist_ok=True)
    write(BUILD / f"{suite}.json", suite, figures)
    print("\n" + table(figures))
    return 0 if all(figure.ok for figure in figures) else 1
