"""Complaints as a CSV file with the fields that 12321 asks for, under its own names, and what became of each behind them."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime

from catflap_host.complaints.cases import Complaint
from catflap_host.complaints.csv_in import HOME_ZONE
from catflap_host.complaints.terms import FINDINGS, KINDS, SOURCES, STATES, WAYS, bad_type
from catflap_host.export.files import safe_cell

FIELDS = (
    "编号",
    "举报人号码",
    "被举报号码",
    "来电日期",
    "来电时间",
    "通话时长(秒)",
    "骚扰方式",
    "不良类型编号",
    "不良类型",
    "来电描述",
    "被举报单位",
    "类型",
    "归属运营商",
    "归属地",
    "举报来源",
    "接收时间",
    "状态",
    "核实结果",
    "答复",
)
"""Columns 2 to 10 are what the form of 12321 asks for (see terms.py); of the length it asks a class, we give the seconds."""

MARK = "\ufeff"
"""At the beginning: without it a spreadsheet takes Chinese for something else."""


def text(chunks: Iterable[list[Complaint]]) -> Iterator[str]:
    """The file, piece by piece; times are China's."""
    yield MARK + _lines([FIELDS])
    for chunk in chunks:
        yield _lines(_cells(case) for case in chunk)


def _cells(case: Complaint) -> list[str | int]:
    number, name = bad_type(case.kind, case.industry)
    day, _, clock = _local(case.at_ms).partition(" ")
    return [
        case.id,
        safe_cell(case.contact),
        safe_cell(case.number),
        day,
        clock,
        case.talk_s if case.talk_s >= 0 else "",
        WAYS[case.way][1],
        number,
        name,
        safe_cell(case.content),
        safe_cell(case.company),
        KINDS[case.kind][1],
        case.holder,
        case.place,
        SOURCES[case.source][1],
        _local(case.received_ms),
        STATES[case.state][1],
        FINDINGS[case.finding][1],
        safe_cell(case.answer),
    ]


def _local(moment_ms: int) -> str:
    return datetime.fromtimestamp(moment_ms / 1000, HOME_ZONE).strftime("%Y-%m-%d %H:%M") if moment_ms else ""


def _lines(rows: Iterable[Iterable[str | int]]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return written.getvalue()
