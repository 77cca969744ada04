"""Labelled recordings read as calls, and verdicts joined to them."""

from dataclasses import replace
from pathlib import Path

import pytest

from catflap_models.court.case import ALLOW, BLOCK
from catflap_models.court.labelled import calls_of, join, read_calls
from catflap_models.court.trunks import LabelError, by_trunk, open_trunk
from catflap_models.court.verdicts import AlarmRow, Row, alarms_of, read_alarms, read_verdicts
from catflap_probe.call import LEGIT, SIMBANK, SPOOF
from catflap_probe.replay import ALARM_HEADER
from tests.replay.recorded import record_world, replayed
from tests.unit.court_cases import ring, write_recording

POOL = ("simbank", "random-scattered", "pool")


def label(line: str, t: str, calling: str, *rest: str, channel: str = "", direction: str = "in") -> tuple[str, ...]:
    """A row of labels.csv."""
    return line, t, channel, direction, calling, *(rest or ("legit", "contact", ""))


def row(t_s: float, calling: str = "", line: str = "L01", action: int = BLOCK, folder: int = 0, channel: str = "") -> Row:
    """A verdict that blocks a SIM bank's call at once."""
    return Row(folder, line, channel, t_s, False, calling, "", SIMBANK, 0.9, action, t_s + 0.005, SIMBANK, ())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two lines, a number in two forms, a pool."""
    rows = [
        label("L02", "100.5", "+8617000000001", *POOL),
        label("L01", "50.0", "17000000001", *POOL),
        label("L01", "200.0", ""),
        label("L01", "300.0", "17000000001", *POOL),
        label("L01", "400.0", "01062345601", direction="out"),
    ]
    return write_recording(tmp_path / "a", {"L01": [(864.0, "RING")], "L02": []}, rows)


def test_calls_come_in_order_of_time_under_one_form_of_their_number(folder: Path) -> None:
    """The same card is the same caller with and without +86."""
    calls = read_calls([folder])
    assert calls.t_s.tolist() == [50.0, 100.5, 200.0, 300.0, 400.0]
    assert calls.calling.tolist() == ["17000000001", "17000000001", "", "17000000001", "01062345601"]
    assert calls.line.tolist() == [0, 1, 0, 0, 0]
    assert calls.before.tolist() == [0, 1, 0, 2, 0]
    assert calls.place.tolist() == [1, 2, 0, 3, 0]
    assert calls.is_out.tolist() == [False] * 4 + [True]
    assert (calls.lines, calls.days) == (2, 0.01)


def test_recordings_of_one_trunk_follow_each_other(tmp_path: Path, folder: Path) -> None:
    """A day later, seconds count on, and a number is known from the day before."""
    later = write_recording(
        tmp_path / "b", {"L01": [(10.0, "RING")]}, [label("L01", "5.0", "17000000001")], start="2026-03-03T00:00:00+08:00"
    )
    calls = read_calls([later, folder])
    assert calls.t_s[-1] == 86405.0
    assert calls.before[-1] == 3


def test_a_recording_that_begins_too_early_is_set_behind_the_last(tmp_path: Path, folder: Path) -> None:
    """Calls of two recordings with the same start must not be taken for each other."""
    again = write_recording(tmp_path / "b", {"L01": [(10.0, "RING")]}, [label("L01", "50.0", "13800000001")])
    calls = read_calls([folder, again])
    assert calls.t_s[-1] >= 864.0 + 50.0
    assert calls.calling[-1] == "13800000001"


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        (label("L09", "1", "1"), "line 'L09' is not in trunk.json"),
        (label("L01", "soon", "1"), "'soon' is no time"),
        (label("L01", "nan", "1"), "'nan' is no time"),
        (label("L01", "-1", "1"), "'-1' is no time"),
        (label("L01", "1", "1", "rude", "", ""), "label 'rude'"),
        (label("L01", "1", "1", "simbank", "random-scattered", ""), "a simbank call without campaign"),
        (label("L01", "1", "1", direction="up"), "direction 'up'"),
        (("L01", "1"), "2 fields, not 8"),
    ],
)
def test_a_fault_in_the_labels_is_named_with_file_and_line(tmp_path: Path, bad: tuple[str, ...], fault: str) -> None:
    """So that it can be put right."""
    folder = write_recording(tmp_path / "a", {"L01": []}, [label("L01", "1", "1"), bad])
    with pytest.raises(LabelError) as told:
        read_calls([folder])
    assert f"labels.csv, line 3: {fault}" in str(told.value)


def test_what_is_no_labelled_recording_is_named(tmp_path: Path, folder: Path) -> None:
    """No folder, no labels, another header, two trunks at once."""
    with pytest.raises(LabelError, match=r"trunk\.json: cannot be read"):
        read_calls([tmp_path])
    (folder / "labels.csv").write_text("line,t\n")
    with pytest.raises(LabelError, match="line 1: not the header"):
        read_calls([folder])
    (folder / "labels.csv").unlink()
    with pytest.raises(LabelError, match="only labelled recordings"):
        read_calls([folder])
    (folder / "labels.csv").write_bytes(b"line,t,channel,direction,calling,label,family,campaign\n\xff")
    with pytest.raises(LabelError, match="not UTF-8"):
        read_calls([folder])
    other = write_recording(tmp_path / "other", {"L01": []}, trunk="shanghai-1")
    with pytest.raises(LabelError, match="is of trunk"):
        read_calls([folder, other])
    with pytest.raises(LabelError, match="no recording"):
        read_calls([])


def test_a_recording_is_as_long_as_its_last_whole_event(tmp_path: Path) -> None:
    """A cut last line, or one that makes no sense, is passed over; a line without events has none."""
    folder = write_recording(tmp_path / "a", {"L01": [(432.0, "RING")], "L02": []})
    with (folder / "L01.cast").open("a") as file:
        file.write('[Infinity, "o", "RING"]\n[864.0, "o", "RI')
    assert read_calls([folder]).days == 0.005


def test_trunks_are_found_below_a_folder(tmp_path: Path) -> None:
    """Each with its recordings in order of start; a folder without any is a fault."""
    second = write_recording(tmp_path / "x" / "a", {"L01": []}, start="2026-03-09T00:00:00+08:00")
    first = write_recording(tmp_path / "x" / "b", {"L01": []})
    other = write_recording(tmp_path / "x" / "c", {"L01": []}, trunk="airport")
    assert by_trunk([tmp_path / "x"]) == [(other,), (first, second)]
    with pytest.raises(LabelError, match="no recording in it"):
        by_trunk([tmp_path / "x" / "a" / "nothing"])


def test_each_verdict_goes_to_the_nearest_label_and_to_one_alone(tmp_path: Path) -> None:
    """Two labels 1.5 s apart, two rows: the nearest pair first, whatever the order of the rows."""
    folder = write_recording(tmp_path / "a", {"L01": []}, [label("L01", "10.0", "1"), label("L01", "11.5", "2"), label("L01", "50", "3")])
    recordings = open_trunk([folder])
    calls = calls_of(recordings)
    joined = join(recordings, calls, [row(11.4), row(10.9), row(90.0)])
    assert joined.row.tolist() == [1, 0, -1]
    assert (joined.invented, joined.missed, joined.late) == (1, 1, 0)
    assert join(recordings, calls, [row(11.4)]).row.tolist() == [-1, 0, -1]


def test_two_seconds_are_near_enough_and_more_are_not(tmp_path: Path) -> None:
    """The contract's 2 s, both ways."""
    folder = write_recording(tmp_path / "a", {"L01": []}, [label("L01", "10.0", "1"), label("L01", "20.0", "2")])
    recordings = open_trunk([folder])
    assert join(recordings, calls_of(recordings), [row(12.0), row(17.999)]).row.tolist() == [0, -1]


def test_line_and_channel_must_be_the_same(tmp_path: Path) -> None:
    """A call at the same moment on another line or channel is another call."""
    rows = [label("L01", "10.0", "1", channel="7"), label("L02", "10.0", "2")]
    recordings = open_trunk([write_recording(tmp_path / "a", {"L01": [], "L02": []}, rows)])
    calls = calls_of(recordings)
    assert join(recordings, calls, [row(10.0, channel="8"), row(10.0, line="L02")]).row.tolist() == [-1, 1]
    assert join(recordings, calls, [row(10.0, line="L09")]).invented == 1


def test_a_call_without_verdict_was_allowed_as_honest(folder: Path) -> None:
    """What a detector never saw it did not stop."""
    recordings = open_trunk([folder])
    ruling = join(recordings, calls_of(recordings), [row(50.0)]).ruling
    assert ruling.action.tolist() == [BLOCK, ALLOW, ALLOW, ALLOW, ALLOW]
    assert ruling.label.tolist() == [SIMBANK, LEGIT, LEGIT, LEGIT, LEGIT]
    assert ruling.score.tolist() == [0.9, 0.0, 0.0, 0.0, 0.0]


def test_a_decision_that_comes_too_late_is_none(tmp_path: Path) -> None:
    """Blocked at the call's end, two minutes after the number: the phone had rung all the while. Its final label stands."""
    texts = ring(10.0, "17000000001")
    recordings = open_trunk([write_recording(tmp_path / "a", {"L01": texts}, [label("L01", "10.0", "17000000001", *POOL)])])
    late = replace(row(10.0, "17000000001"), decided_at_s=130.0)
    joined = join(recordings, calls_of(recordings), [late])
    assert joined.late == 1
    assert (joined.ruling.action[0], joined.ruling.label[0], joined.ruling.score[0]) == (ALLOW, LEGIT, 0.0)
    assert joined.ruling.final_label[0] == SIMBANK


def test_alarms_keep_how_they_grew(folder: Path) -> None:
    """Members in their one form, each once; first row and last row told apart."""
    recordings = open_trunk([folder])
    rows = [
        AlarmRow(0, "a", 7.0, "simbank", ("+8617000000001", "17000000001"), 0.9, ("pool.neighbours",)),
        AlarmRow(0, "b", 8.0, "wangiri", ("+447911123456",), 0.5, ()),
        AlarmRow(0, "a", 9.0, "simbank", ("17000000001", "17000000002"), 0.8, ("pool.neighbours", "pool.turn-order")),
    ]
    first, second = join(recordings, calls_of(recordings), [], rows).ruling.alarms
    assert (first.id, first.t_s, first.first_members, first.members) == ("a", 7.0, ("17000000001",), ("17000000001", "17000000002"))
    assert (first.score, first.growth) == (0.8, ((7.0, ("17000000001",)), (9.0, ("17000000001", "17000000002"))))
    assert (second.id, second.kind) == ("b", "wangiri")


def test_files_of_replay_are_read_back(tmp_path: Path) -> None:
    """Two recordings of one trunk: every call of both finds its verdict, none is late, none invented."""
    folders = [record_world(tmp_path / name, seed=seed, count=150) for name, seed in (("a", 6), ("b", 7))]
    trunk = (folders[1] / "trunk.json").read_text()
    (folders[1] / "trunk.json").write_text(trunk.replace("2026-03-02", "2026-04-02"))
    replayed(folders, tmp_path / "out")
    recordings = open_trunk(folders)
    rows = read_verdicts(tmp_path / "out" / "verdicts.csv", recordings)
    joined = join(recordings, calls_of(recordings), rows, read_alarms(tmp_path / "out" / "alarms.csv", recordings, rows))
    assert (joined.missed, joined.invented, joined.late) == (0, 0, 0)
    assert (joined.ruling.label[calls_of(recordings).label == SPOOF] == SPOOF).all()


def test_alarms_of_a_second_recording_are_told_by_the_verdicts(tmp_path: Path, folder: Path) -> None:
    """Both recordings have verdicts; the second alarm came with one of the second, at a second that the first one knows too."""
    later = write_recording(tmp_path / "b", {"L01": []}, start="2026-03-03T00:00:00+08:00")
    recordings = open_trunk([folder, later])
    rows = [row(50.0), row(60.0), row(45.0, folder=1)]
    path = tmp_path / "alarms.csv"
    alarm = "beijing-7,{},{},simbank,17000000001,0.9000,pool.neighbours\n"
    other = "airport,a,1.000,simbank,1,0.9000,\n"
    path.write_text(f"{ALARM_HEADER}\n{other}{alarm.format('a', '50.005')}{alarm.format('b', '45.005')}{alarm.format('c', '60.005')}")
    read = read_alarms(path, recordings, rows)
    assert [(alarm.id, alarm.folder) for alarm in read] == [("a", 0), ("b", 1), ("c", 1)]
    assert [alarm.t_s for alarm in alarms_of(read, recordings)] == [50.005, 86445.005, 86460.005]


def test_a_verdict_file_of_fewer_recordings_is_refused(tmp_path: Path) -> None:
    """Its seconds could be anybody's."""
    folder = record_world(tmp_path / "a", count=20)
    replayed([folder], tmp_path / "out")
    later = write_recording(tmp_path / "b", {"L01": []}, start="2026-05-02T00:00:00+08:00")
    with pytest.raises(LabelError, match="verdicts on 1 recordings of beijing-7, 2 given"):
        read_verdicts(tmp_path / "out" / "verdicts.csv", open_trunk([folder, later]))


def test_a_fault_in_a_verdict_file_is_named(tmp_path: Path) -> None:
    """File and line."""
    folder = record_world(tmp_path / "a", count=3)
    replayed([folder], tmp_path / "out")
    path = tmp_path / "out" / "verdicts.csv"
    path.write_text(path.read_text().replace(",legit,", ",lawful,", 1))
    with pytest.raises(LabelError, match=r"verdicts\.csv, line 2: "):
        read_verdicts(path, open_trunk([folder]))
    with pytest.raises(LabelError, match="line 1: not the header"):
        read_alarms(path, open_trunk([folder]), [])
