"""Boards for the tests: the emulated one, or the real one that PORT names; and the figures that they give."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.bench.figures import Figure
from tests.hil.emulated import EmulatedBoard
from tests.hil.prepare import MissingError, Prepared, prepare

NOT_EMULATED = "a real board is on PORT, and this can only be done to an emulated one"

Record = Callable[[Figure], None]


@pytest.fixture(scope="session")
def is_long() -> bool:
    """True in `make hil`, which takes its time; False in `make test`."""
    return os.environ.get("CATFLAP_HIL") == "long"


@pytest.fixture(scope="session")
def prepared() -> Prepared:
    """The emulator and the firmware; the test is skipped where they can't be had."""
    try:
        return prepare()
    except MissingError as reason:
        pytest.skip(str(reason))


@contextmanager
def open_board(prepared: Prepared) -> Iterator[EmulatedBoard]:
    """An emulated board, its power off."""
    if os.environ.get("PORT"):
        pytest.skip(NOT_EMULATED)
    board = EmulatedBoard(prepared)
    try:
        yield board
    finally:
        board.close()


@pytest.fixture
def board(prepared: Prepared) -> Iterator[EmulatedBoard]:
    """An emulated board, its power off."""
    with open_board(prepared) as board:
        yield board


@pytest.fixture
def record(record_property: Callable[[str, object], None]) -> Record:
    """Takes a figure for build/hil.json and the JUnit file; fails the test where it misses its bar."""

    def take(figure: Figure) -> None:
        print(f"{figure.name} {figure.value} {figure.unit}: {figure.how}")
        record_property("figure", [figure.name, figure.value, figure.unit, figure.bar, figure.better, figure.how])
        assert figure.ok, f"{figure.name}: {figure.value} {figure.unit}, the bar is {figure.bar}"

    return take
