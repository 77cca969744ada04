"""Boards for the tests: the emulated one, or the real one that PORT names; and the figures that they give."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

import pytest

from catflap_models.court.figures import Figure
from tests.hil.board import Board
from tests.hil.emulated import EmulatedBoard
from tests.hil.prepare import MissingError, Prepared, prepare
from tests.hil.real import RealBoard

NOT_EMULATED = "a real board is on PORT, and this can only be done to an emulated one"

Record = Callable[[Figure], None]


@pytest.fixture(scope="session")
def is_long() -> bool:
    """True in `make hil`, which takes its time; False in `make test`."""
    return os.environ.get("CATFLAP_HIL") == "long"


@pytest.fixture(scope="session")
def prepared(is_long: bool) -> Callable[[], Prepared]:
    """Gets the emulator and the firmware ready; where they can't be had the test is skipped, and fails in `make hil`."""

    @cache
    def once() -> Prepared | str:
        try:
            return prepare()
        except MissingError as reason:
            return str(reason)

    def get() -> Prepared:
        found = once()
        if isinstance(found, str):
            (pytest.fail if is_long else pytest.skip)(found)
        return found

    return get


@contextmanager
def open_emulated(prepared: Callable[[], Prepared]) -> Iterator[EmulatedBoard]:
    """An emulated board, its power off."""
    if os.environ.get("PORT"):
        pytest.skip(NOT_EMULATED)
    board = EmulatedBoard(prepared())
    try:
        yield board
    finally:
        board.close()


@pytest.fixture
def emulated(prepared: Callable[[], Prepared]) -> Iterator[EmulatedBoard]:
    """An emulated board, its power off; the test is skipped where a real one is to be tested."""
    with open_emulated(prepared) as board:
        yield board


@pytest.fixture
def board(prepared: Callable[[], Prepared]) -> Iterator[Board]:
    """The real board on PORT, or an emulated one, its power off."""
    port = os.environ.get("PORT")
    if not port:
        with open_emulated(prepared) as emulated:
            yield emulated
        return
    real = RealBoard(port, os.environ.get("FEED", ""))
    try:
        yield real
    finally:
        real.close()


@pytest.fixture
def record(record_property: Callable[[str, object], None]) -> Record:
    """Takes a figure for build/hil.json and the JUnit file; fails the test where it misses its bar."""

    def take(figure: Figure) -> None:
        print(f"{figure.name} {figure.value} {figure.unit}: {figure.how}")
        record_property("figure", [figure.name, figure.value, figure.unit, figure.bar, figure.better, figure.how])
        assert figure.ok, f"{figure.name}: {figure.value} {figure.unit}, the bar is {figure.bar}"

    return take
