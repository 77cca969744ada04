"""A line that shows no caller ID any more raises one alarm of its own, on both runtimes."""

import json
from pathlib import Path

import pytest

from catflap_host import micropython
from tests.replay.recorded import Row, replayed, rows

CALL_S = 120


def recording(folder: Path, blocks: list[str]) -> Path:
    """An analogue line with a call every two minutes that rings three times; each shows the text given between its first two rings."""
    folder.mkdir()
    line = {"id": "L01", "file": "L01.cast", "dialect": "v253", "numbers": ["01062345601"]}
    trunk = {
        "catflap_trunk": 1,
        "id": "beijing-7",
        "start": "2026-03-02T00:00:00+08:00",
        "country": "CN",
        "area_code": "010",
        "lines": [line],
    }
    (folder / "trunk.json").write_text(json.dumps(trunk))
    events: list[list[object]] = []
    for index, block in enumerate(blocks):
        start_s = index * CALL_S
        events += [[start_s, "o", "\r\nRING\r\n"], [start_s + 5, "o", "\r\nRING\r\n"], [start_s + 10, "o", "\r\nRING\r\n"]]
        if block:
            events.append([start_s + 2, "o", block])
    header = {"version": 2, "width": 80, "height": 24}
    (folder / "L01.cast").write_text("".join(json.dumps(line) + "\n" for line in [header, *sorted(events, key=lambda event: event[:1])]))
    return folder


def alarms(tmp_path: Path, blocks: list[str], runtime: str) -> list[Row]:
    folder = recording(tmp_path / "trunk", blocks)
    return rows(replayed([folder], tmp_path / "out", "--runtime", runtime)[1])


BOTH = pytest.mark.parametrize(
    "runtime",
    [
        "cpython",
        pytest.param("micropython", marks=pytest.mark.skipif(micropython.find() is None, reason="no MicroPython for this machine")),
    ],
)


@BOTH
def test_five_calls_in_a_row_without_caller_id_raise_one_alarm(tmp_path: Path, runtime: str) -> None:
    found = alarms(tmp_path, ["NMBR = 13812345678\r\n"] + [""] * 8, runtime)
    assert [(row["kind"], row["members"], row["reasons"]) for row in found] == [("line", "", "line.no-caller-id")]
    assert 5 * CALL_S < float(found[0]["t"]) < 6 * CALL_S


def test_a_withheld_number_is_a_caller_id(tmp_path: Path) -> None:
    assert alarms(tmp_path, ["", "", "", "", "NMBR = P\r\n"] * 3, "cpython") == []


def test_a_line_that_fails_again_after_it_was_well_raises_another(tmp_path: Path) -> None:
    found = alarms(tmp_path, [""] * 5 + ["NMBR = O\r\n"] + [""] * 5, "cpython")
    assert len({row["alarm"] for row in found}) == len(found) == 2
