"""The transcripts of cellular modems in CATFLAP_DATA give the calls that a person reads in them."""

import os
import re
from pathlib import Path

import pytest

from tests.replay.recorded import replayed, rows
from tests.replay.transcripts import Event, Read, heard, out, record

pytestmark = pytest.mark.skipif("CATFLAP_DATA" not in os.environ, reason="CATFLAP_DATA names no folder of real data")

GAP_S = 3.0
"""Between lines whose time the poster did not keep."""

# posters masked their numbers; the digits take the same place
MASKED = {"+xxxxxxxxxxx": "+42012345678", "+xxxxxxxxxx": "+4201234567", ",num,": ',"08020866256",', '"n"': '"+420987654321"'}
WRITES = re.compile(r"^(RING|NO CARRIER|BUSY|OK|ERROR|VOICE CALL.*|MISSED_CALL.*|[+^][A-Z]{4,5}: ?.*)$")


def posted() -> list[list[Event]]:
    """What the modem wrote in each case of the file, in order; the file's own remarks left out."""
    text = (Path(os.environ["CATFLAP_DATA"]) / "transcripts" / "gsm_at_calls.txt").read_text()
    for mask, digits in MASKED.items():
        text = text.replace(mask, digits)
    cases: list[list[Event]] = []
    second = 0.0
    for line in text.splitlines():
        if line.startswith("#SRC") or line.startswith("---"):
            cases.append([])
            second = 0.0
            continue
        # "maker: text", "text / text", "text ; text", "text    (remark)"
        pieces = re.split(r" / | +; +| {4,}", re.sub(r"^(Huawei K3715 remote hang-up|Wavecom): +", "", line))
        for piece in map(str.strip, pieces):
            stamp = re.match(r"@\d+:(\d+):(\d+\.\d+) (.*)", piece)
            written = stamp[3] if stamp else piece
            if WRITES.match(written):
                second = int(stamp[1]) * 60 + float(stamp[2]) if stamp else second + GAP_S
                cases[-1].append((second, "o", f"\r\n{written}\r\n"))
    return [case for case in cases if case]


EXPECTED = [
    [Read(1409.354, "+420123456789")],
    [Read(3.0, "+4201234567")],
    # one ring, given up
    [Read(3.0, "+1234567890", cause="16")],
    [Read(3.0, "+42012345678")],
    [Read(3.0, "", "unavailable")],
    # SIM7600: missed; answered and ended; dialled
    [Read(3.0, "08020866256")],
    [Read(3.0, "08020866256", talked=True)],
    [out(3.0, "08020866256", talked=True)],
    # endings alone, of calls that are not shown
    [],
    # Huawei's ending alone; Wavecom: a missed call
    [Read(6.0, "+420987654321")],
]


def test_every_case_gives_its_calls() -> None:
    assert [heard(case, "3gpp") for case in posted()] == EXPECTED


def test_replay_gives_them_too(tmp_path: Path) -> None:
    recording = record({f"P{n}": case for n, case in enumerate(posted())}, "3gpp", tmp_path / "posted")
    found = rows(replayed([recording], tmp_path / "out")[0])
    for n, calls in enumerate(EXPECTED):
        of_line = sorted((row for row in found if row["line"] == f"P{n}"), key=lambda row: int(row["call"]))
        assert [(row["t"], row["calling"], row["direction"], row["called"]) for row in of_line] == [
            (f"{call.t_s:.3f}", call.calling, call.direction, call.called) for call in calls
        ]
