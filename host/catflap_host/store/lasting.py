"""How long rows last: a table carries that in its `info`, so that none is forgotten."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement
from sqlalchemy.sql.base import ReadOnlyColumnCollection

LASTS = "lasts"

Columns = ReadOnlyColumnCollection[str, Column[Any]]


@dataclass(frozen=True, slots=True)
class Kept:
    """For the days of a kind of data, which the operator chooses; `is_over` is given the moment before which they are too old."""

    kind: str
    is_over: Callable[[Columns, int], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class GoesWith:
    """As long as a row of another table, of that kind; `is_left` tells of those whose row is gone."""

    kind: str
    is_left: Callable[[Columns], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Ends:
    """Until a moment of its own; `is_over` is given the time that it is, in ms."""

    is_over: Callable[[Columns, int], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Cleared:
    """By rules that `retention` or its own module knows, among the days of a kind."""

    kind: str


@dataclass(frozen=True, slots=True)
class Stays:
    """As long as the aggregator has it: no caller or called person is in it."""

    why: str


Rule = Kept | GoesWith | Ends | Cleared | Stays


def lasts(rule: Rule) -> dict[str, object]:
    """What a table's `info` says of it."""
    return {LASTS: rule}
