"""Verdict rows, as `catflap replay` writes them, out of a board's records; and how late its clock says it is, out of the two."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from catflap_probe.replay import field, seconds

Call = tuple[str, int]
"""A line's id, and the call's number on it."""


class Reported:
    """What a board reported of its calls."""

    def __init__(self, records: Iterable[Mapping[str, Any]]) -> None:
        """The last decision and the last end of each call count."""
        self.decisions: dict[Call, Mapping[str, Any]] = {}
        self.labels: dict[Call, str] = {}
        self.alarms: list[Mapping[str, Any]] = []
        for record in records:
            if record["k"] in ("call", "alert"):
                self.decisions[record["line"], record["call"]] = record
            elif record["k"] == "end":
                self.labels[record["line"], record["call"]] = record["final_label"]
            elif record["k"] == "alarm":
                self.alarms.append(record)

    def rows(self, lines: list[str], zero_ms: int) -> list[str]:
        """The rows, in their order; `zero_ms` is the Unix time of the recording's second 0."""
        keyed = []
        for (line, number), call in self.decisions.items():
            decided_ms = call["decided_ms"] - zero_ms
            row = ",".join(
                (
                    field(call["trunk"]),
                    field(line),
                    str(number),
                    seconds(call["at_ms"] - zero_ms),
                    field(call["channel"]),
                    call["direction"],
                    call["calling"],
                    call["presentation"],
                    field(call["called"]),
                    call["label"],
                    f"{call['score'] // 10000}.{call['score'] % 10000:04d}",
                    call["action"],
                    seconds(decided_ms),
                    self.labels.get((line, number), "no end was reported"),
                    ";".join(call["reasons"]),
                )
            )
            keyed.append((decided_ms, lines.index(line), row))
        return [row for _, _, row in sorted(keyed)]

    def alarm_rows(self, zero_ms: int) -> list[str]:
        """The rows of the alarms' file."""
        return [",".join(_alarm_fields(alarm, alarm["at_ms"] - zero_ms)) for alarm in self.alarms]


def _alarm_fields(alarm: Mapping[str, Any], t_ms: int) -> Iterator[str]:
    yield from (field(alarm["trunk"]), field(alarm["alarm"]), seconds(t_ms), alarm["kind"], ";".join(alarm["members"]))
    yield from (f"{alarm['score'] // 10000}.{alarm['score'] % 10000:04d}", ";".join(alarm["reasons"]))


def read_verdicts(data: bytes) -> tuple[str, list[str], dict[Call, dict[str, str]]]:
    """A verdict file's header, its lines, and its rows by call."""
    header, *lines = data.decode().splitlines()
    rows = csv.DictReader(io.StringIO(data.decode()))
    return header, lines, {(row["line"], int(row["call"])): row for row in rows}


def clock_ahead(rows: Mapping[Call, Mapping[str, str]], reported: Reported, start_ms: int) -> int:
    """By how many milliseconds a board's clock was ahead of `start_ms` at power-on, out of when calls began by the rows and by its word.

    Each call must tell the same: the rows' times count from power-on, and whole milliseconds of the board's begin with those.
    """
    ahead: set[int] = {call["at_ms"] - round(float(rows[key]["t"]) * 1000) - start_ms for key, call in reported.decisions.items()}
    assert len(ahead) == 1, f"the board's stamps and the wires' are not always as far apart: {sorted(ahead)} ms"
    return ahead.pop()
