"""Transcripts of cellular modems give the calls that a person reads in them, on both runtimes, and damaged ones no others."""

import random
from pathlib import Path

import pytest

from catflap_host import micropython
from tests.replay.cellular import TRANSCRIPTS
from tests.replay.recorded import Row, replayed, rows
from tests.replay.transcripts import Read, damaged, events_of, heard, record, unexplained

SEEDS = 40
FORGED = ("messages-that-look-like-calls",)
"""With the header of a message lost, its text is a line like any other."""

CASES = {name: case for cases in TRANSCRIPTS.values() for name, case in cases.items()}


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The transcripts of each maker, as lines of one trunk."""
    folder = tmp_path_factory.mktemp("transcripts")
    return [
        record({name: events_of(text) for name, (text, _) in cases.items()}, "3gpp", folder / maker) for maker, cases in TRANSCRIPTS.items()
    ]


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
def test_it_is_heard_who_was_talked_to_what_they_are_called_and_why_it_ended(name: str) -> None:
    text, calls = CASES[name]
    assert heard(events_of(text), "3gpp") == calls


@pytest.mark.parametrize("name", CASES)
def test_a_split_at_every_byte_changes_no_call(name: str) -> None:
    text, calls = CASES[name]
    events = events_of(text)
    split = [(second, code, piece) for second, code, whole in events for piece in (whole if code == "o" else [whole])]
    assert heard(split, "3gpp") == calls


@pytest.mark.parametrize(("bytes_lost", "garbage"), [(0.2, 0.0), (0.0, 0.5), (0.2, 0.5)])
@pytest.mark.parametrize("name", [name for name in CASES if name not in FORGED])
def test_a_bad_wire_invents_no_call_and_tells_none_twice(name: str, bytes_lost: float, garbage: float) -> None:
    events = events_of(CASES[name][0])
    for seed in range(SEEDS):
        bad = damaged(events, bytes_lost, garbage, random.Random(f"{name} {seed}"))
        assert unexplained(bad, events, "3gpp") == [], bad


@pytest.mark.skipif(micropython.find() is None, reason="no MicroPython for this machine")
def test_both_runtimes_read_the_same_in_all_transcripts(recordings: list[Path], tmp_path: Path) -> None:
    found = [replayed(recordings, tmp_path / name, "--runtime", name) for name in ("cpython", "micropython")]
    assert found[0] == found[1]
