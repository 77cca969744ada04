"""Transcripts of analogue modems give the calls that a person reads in them, on both runtimes, however the bytes are split."""

import os
import random
from pathlib import Path

import pytest

from catflap_host import micropython
from tests.replay.analogue_posted import POSTED
from tests.replay.analogue_transcripts import TRANSCRIPTS, recorded
from tests.replay.recorded import Row, replayed, rows
from tests.replay.transcripts import Event, Read, heard, record

GROUPS = {"posted": POSTED, **TRANSCRIPTS}
CASES = {name: (recorded(text), calls) for cases in GROUPS.values() for name, (text, calls) in cases.items()}

NCID_CALLS = [
    Read(0, "", "withheld", name="WITHHELD"),
    Read(0, "9415557218", name="SARASOTA,FL"),
    Read(0, "9415557218", name="Tucson,AZ"),
    Read(0, "", "unavailable"),
    Read(0, "", "unavailable", name="NO DATE"),
    Read(0, "", "unavailable"),
    Read(0, "0000000000", name="PrivDirOff"),
    Read(0, "9085555002", name="Vähälä"),
    Read(0, "4075552120", name="TIME WARNER COM"),
    Read(0, "0000000000", name="PrivDirOff"),
    Read(0, "6305551500", name="ELMHURST, IL"),
    Read(0, "8175558399", name="EULESS, TX"),
    Read(0, "14075552120", name="NO NAME"),
    Read(0, "14075552120", name="eleven digits"),
    Read(0, "4075552120", name="ten digits"),
    Read(0, "075552120", name="nine digits"),
    Read(0, "95552120", name="eight digits"),
    Read(0, "5552120", name="seven digits"),
    Read(0, "2120", name="four digits"),
    Read(0, "", "withheld", name="Unavailable"),
]
"""What a person reads in NCID's test calls, one after the other."""


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The transcripts of each group, as lines of one trunk."""
    folder = tmp_path_factory.mktemp("transcripts")
    return [record({name: CASES[name][0] for name in cases}, "v253", folder / group) for group, cases in GROUPS.items()]


@pytest.fixture(scope="module")
def verdicts(recordings: list[Path], tmp_path_factory: pytest.TempPathFactory) -> list[Row]:
    """What `catflap replay` makes of them."""
    return rows(replayed(recordings, tmp_path_factory.mktemp("verdicts"))[0])


def as_row(call: Read) -> tuple[str, str, str, str, str]:
    return f"{call.t_s:.3f}", call.direction, call.calling, call.presentation, call.called


@pytest.mark.parametrize("name", CASES)
def test_replay_gives_the_calls_that_a_person_reads(name: str, verdicts: list[Row]) -> None:
    found = sorted((row for row in verdicts if row["line"] == name), key=lambda row: int(row["call"]))
    columns = ("t", "direction", "calling", "presentation", "called")
    assert [tuple(row[column] for column in columns) for row in found] == [as_row(call) for call in CASES[name][1]]


@pytest.mark.parametrize("name", CASES)
def test_it_is_heard_who_was_talked_to_and_what_they_are_called(name: str) -> None:
    events, calls = CASES[name]
    assert heard(events, "v253") == calls


@pytest.mark.parametrize("name", CASES)
def test_a_split_at_every_byte_changes_no_call(name: str) -> None:
    events, calls = CASES[name]
    split = [(second, code, piece) for second, code, whole in events for piece in (whole if code == "o" else [whole])]
    assert heard(split, "v253") == calls


@pytest.mark.parametrize("name", CASES)
def test_lost_bytes_make_no_call_and_no_number_that_was_not_there(name: str) -> None:
    events, calls = CASES[name]
    digits = "".join(byte for _, code, text in events for byte in text if code == "o" and byte in "0123456789*#xX")
    rng = random.Random(name)
    for _ in range(60):
        damaged = [
            (second, code, "".join(byte for byte in text if rng.random() >= 0.2) if code == "o" else text) for second, code, text in events
        ]
        found = heard(damaged, "v253")
        assert len(found) <= max(len(calls), 1), damaged
        for call in found:
            sent = [digits, *(other.calling for other in calls)]
            assert any(is_rest(call.calling, whole) for whole in sent), damaged


def is_rest(digits: str, whole: str) -> bool:
    """Whether digits are what is left of a number that lost some."""
    left = iter(whole)
    return all(digit in left for digit in digits)


@pytest.mark.skipif(micropython.find() is None, reason="no MicroPython for this machine")
def test_both_runtimes_read_the_same_in_all_transcripts(recordings: list[Path], tmp_path: Path) -> None:
    found = [replayed(recordings, tmp_path / name, "--runtime", name) for name in ("cpython", "micropython")]
    assert found[0] == found[1]


@pytest.mark.skipif("CATFLAP_DATA" not in os.environ, reason="CATFLAP_DATA names no folder of real data")
def test_calls_of_ncid_s_test_file() -> None:
    path = Path(os.environ["CATFLAP_DATA"]) / "ncid" / "test-modem-calls.data"
    assert [(call.calling, call.presentation, call.name) for call in heard(ncid_events(path.read_bytes()), "v253")] == [
        (call.calling, call.presentation, call.name) for call in NCID_CALLS
    ]


def ncid_events(data: bytes) -> list[Event]:
    r"""The file's lines, in which \n means a line's end, a second apart; a call begins a minute behind an empty line.

    A ring alone between empty lines belongs to the call before it.
    """
    events: list[Event] = []
    second = 0.0
    for group in data.decode("latin-1").split("\n\n"):
        lines = group.strip().splitlines()
        second += 3.0 if lines == ["RING\\n"] else 60.0
        for line in lines:
            events.append((second, "o", line.replace("\\n", "\r\n")))
            second += 1.0
    return events
