"""What a memory of few rows costs, beside one of many; part of point 5."""

from collections.abc import Sequence
from pathlib import Path

from catflap_models.court.detectors import BundleDetector
from catflap_models.court.figures import Figure
from catflap_models.court.metrics import Share
from catflap_models.court.protocol import Court
from catflap_models.court.report import Table
from catflap_models.court.suite import base
from catflap_models.court.table_sizes import ROWS, Sized, judge_with_rows
from catflap_models.court.words import number, percent
from catflap_models.simulate.scenario import Scenario

_QUICK_ROWS = (64, 512)
_NUMBERINGS = ("neighbouring", "scattered")


def tables_of_all_sizes(court: Court) -> tuple[list[Figure], Table]:
    """The common banks before memories of all sizes: what a board can have, and what more would bring. Nothing without a bundle to ask."""
    found: list[tuple[str, Sized]] = []
    if isinstance(court.accused, BundleDetector):
        sizes = ROWS if court.size.name == "full" else _QUICK_ROWS
        for numbering in _NUMBERINGS:
            scenarios = [base(court.size, numbering, repeat) for repeat in range(court.size.repeats)]
            asked = [(scenario, rows, court.accused.bundle) for rows in sizes for scenario in scenarios]
            judged = court.map(f"memories of all sizes, {numbering}", _judge, asked)
            found += [(numbering, _together([one for one in judged if one.rows == rows])) for rows in sizes]
    return [_figure(numbering, one) for numbering, one in found], _table(found)


def _judge(asked: tuple[Scenario, int, Path]) -> Sized:
    return judge_with_rows(*asked)


def _together(parts: Sequence[Sized]) -> Sized:
    shares = ([part.blocked for part in parts], [part.labelled for part in parts], [part.honest_blocked for part in parts])
    return Sized(parts[0].rows, *(Share(sum(one.hits for one in some), sum(one.total for one in some)) for some in shares))


def _figure(numbering: str, one: Sized) -> Figure:
    how = f"{one.blocked.hits} of {one.blocked.total} calls of the bank after its 30th, {one.rows} rows of numbers"
    return Figure(f"court.tables.{numbering}.{one.rows}", one.blocked.value, "share", None, "higher", how)


def _table(found: Sequence[tuple[str, Sized]]) -> Table:
    rows = []
    for numbering, one in found:
        wronged = f"{one.honest_blocked.hits} of {number(one.honest_blocked.total)}"
        rows.append((numbering, number(one.rows), percent(one.blocked.value), percent(one.labelled.value), wronged))
    note = "A board has 512 rows of numbers and 128 of blocks, Linux 16,384 and 4,096. The same calls, as cellular lines tell them."
    return Table("By rows of the memory", ("numbers", "rows", "bank: blocked", "bank: labelled", "honest calls blocked"), tuple(rows), note)
