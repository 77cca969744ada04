"""Calls that the trunk's own side dials, by a command sent to the modem, are outgoing calls in the verdicts."""

import json
from pathlib import Path

import pytest

from tests.replay.recorded import replayed, rows


@pytest.mark.parametrize(("dialect", "cleared"), [("v253", "BUSY"), ("3gpp", "NO CARRIER")])
def test_a_dialled_call_is_outgoing_and_what_rings_after_it_is_not(tmp_path: Path, dialect: str, cleared: str) -> None:
    line = {"id": "L01", "file": "L01.cast", "dialect": dialect}
    trunk = {
        "catflap_trunk": 1,
        "id": "beijing-7",
        "start": "2026-03-02T00:00:00+08:00",
        "country": "CN",
        "area_code": "010",
        "lines": [line],
    }
    shown = {"v253": "NMBR = 13812345678\r\n", "3gpp": '+CLIP: "13812345678",129\r\n'}[dialect]
    events = [
        [1.0, "i", "ATD13912345678;\r"],
        [30.0, "o", f"\r\n{cleared}\r\n"],
        [40.0, "o", "\r\nRING\r\n"],
        [41.0, "o", shown],
        [80.0, "i", "ATD01062345678;\r"],
        [95.0, "i", "ATH\r"],
        [99.0, "o", shown],
    ]
    (tmp_path / "trunk.json").write_text(json.dumps(trunk))
    (tmp_path / "L01.cast").write_text("".join(json.dumps(event) + "\n" for event in [{"version": 2, "width": 80, "height": 24}, *events]))
    found = rows(replayed([tmp_path], tmp_path / "out")[0])
    assert [(row["t"], row["direction"], row["calling"], row["called"]) for row in found] == [
        ("1.000", "out", "", "13912345678"),
        ("40.000", "in", "13812345678", ""),
        ("80.000", "out", "", "01062345678"),
        ("99.000", "in", "13812345678", ""),
    ]
