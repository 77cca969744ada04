"""Verdicts on simulated recordings: one a call, in time, in order, and the same on both runtimes."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from catflap_host import micropython
from catflap_probe.line import SILENCE_MS
from tests.exchange.faults import Faults
from tests.replay.recorded import Row, events, joined, labels, record_world, replayed, rows, split_at_every_byte

needs_micropython = pytest.mark.skipif(micropython.find() is None, reason="no MicroPython for this machine")
IN_TIME_S = 0.1
"""A decision may come so long after what it waits for."""
MS_S = 0.001
"""Verdicts carry milliseconds, recordings microseconds."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return record_world(tmp_path_factory.mktemp("recording"))


@needs_micropython
@pytest.mark.parametrize("tables", ["linux", "board"])
@pytest.mark.parametrize("seed", [3, 6])
def test_both_runtimes_write_the_same_bytes(tables: str, seed: int, tmp_path: Path) -> None:
    recording = record_world(tmp_path / "recording", seed=seed)
    verdicts, alarms = replayed([recording], tmp_path / "c", "--tables", tables)
    assert replayed([recording], tmp_path / "m", "--tables", tables, "--runtime", "micropython") == (verdicts, alarms)
    assert len(rows(verdicts)) > 300


def told_apart(folder: Path, truth: list[Row]) -> list[Row]:
    """The labels without those calls that nothing on the wire sets off: no number, and a ring no later than one lost RING would explain."""
    by_line = {line: events(folder, line) for line in {label["line"] for label in truth}}

    def is_hidden(label: Row) -> bool:
        t_s = float(label["t"])
        return not label["calling"] and any(t_s - SILENCE_MS * MS_S <= s < t_s for s, _ in by_line[label["line"]])

    return [label for label in truth if not is_hidden(label)]


def test_every_call_has_one_verdict(folder: Path, tmp_path: Path) -> None:
    verdicts, truth = rows(replayed([folder], tmp_path)[0]), told_apart(folder, labels(folder))
    assert [len(found) for found in joined(verdicts, truth)] == [1] * len(truth)
    assert len(labels(folder)) - 20 <= len(truth) <= len(verdicts) <= len(labels(folder))
    assert all(found[0]["calling"] == label["calling"] for found, label in zip(joined(verdicts, truth), truth, strict=True))


def test_rows_are_in_order_of_decision_then_line(folder: Path, tmp_path: Path) -> None:
    order = [(float(row["decided_at"]), row["line"]) for row in rows(replayed([folder], tmp_path)[0])]
    assert order == sorted(order)


def test_calls_are_counted_on_each_line(folder: Path, tmp_path: Path) -> None:
    verdicts = sorted(rows(replayed([folder], tmp_path)[0]), key=lambda row: float(row["t"]))
    for line in {row["line"] for row in verdicts}:
        numbers = [int(row["call"]) for row in verdicts if row["line"] == line]
        assert numbers == list(range(1, len(numbers) + 1))


def latest_decision_s(folder: Path, lost: bool) -> Iterator[tuple[dict[str, str], float]]:
    """Each label with the last second at which its call may be decided; `lost`: its recording shows no numbers."""
    by_line = {line: events(folder, line) for line in {label["line"] for label in labels(folder)}}
    for label in told_apart(folder, labels(folder)):
        t_s = float(label["t"])
        written = [(s, text) for s, text in by_line[label["line"]] if t_s <= s < t_s + 7.0]
        if label["calling"]:
            assert not lost
            yield label, next(s for s, text in written if label["calling"] in text) + IN_TIME_S
        elif lost:
            rings = [s for s, text in written if "RING" in text]
            yield label, rings[1] + IN_TIME_S if len(rings) > 1 else t_s + 7.0


@pytest.mark.parametrize("caller_id_lost", [0.0, 1.0])
def test_decisions_are_in_time(caller_id_lost: float, tmp_path: Path) -> None:
    recording = record_world(tmp_path / "recording", faults=Faults(caller_id_lost=caller_id_lost))
    limits = list(latest_decision_s(recording, lost=caller_id_lost > 0))
    found = joined(rows(replayed([recording], tmp_path)[0]), [label for label, _ in limits])
    assert len(limits) > 150
    for (label, limit_s), (verdict,) in zip(limits, found, strict=True):
        assert float(label["t"]) - MS_S <= float(verdict["decided_at"]) <= limit_s, verdict


def test_text_split_at_every_byte_changes_no_verdict(folder: Path, tmp_path: Path) -> None:
    split = split_at_every_byte(folder, tmp_path / "split")
    assert replayed([split], tmp_path / "b") == replayed([folder], tmp_path / "a")


def test_a_denied_number_is_blocked_by_the_policy_in_force(tmp_path: Path) -> None:
    recording = record_world(tmp_path / "recording", count=60)
    calling = next(label["calling"] for label in labels(recording) if label["calling"])
    own, other = ({"catflap_policy": 1, "deny": [{"number": calling}]}, {"catflap_policy": 1, "allow": [{"number": calling}]})
    (recording / "policy.json").write_text(json.dumps(own))
    (tmp_path / "other.json").write_text(json.dumps(other))

    def actions(*options: str) -> set[str]:
        verdicts = rows(replayed([recording], tmp_path / "out", *options)[0])
        return {row["action"] for row in verdicts if row["calling"] == calling}

    assert actions() == {"block"}
    assert actions("--policy", str(tmp_path / "other.json")) == {"allow"}


def test_folders_of_one_trunk_share_a_memory_and_others_start_cold(tmp_path: Path) -> None:
    first, second, other = (record_world(tmp_path / name, seed=seed) for name, seed in (("a", 6), ("b", 6), ("c", 6)))
    for folder, changed in ((second, {"start": "2026-03-09T00:00:00+08:00"}), (other, {"id": "elsewhere"})):
        tree = json.loads((folder / "trunk.json").read_text())
        (folder / "trunk.json").write_text(json.dumps(tree | changed))
    both, _ = replayed([second, first], tmp_path / "both")
    assert replayed([first, second], tmp_path / "again")[0] == both, "folders go by their start"
    alone, _ = replayed([first], tmp_path / "alone")
    count = len(rows(alone))
    assert rows(both)[:count] == rows(alone)
    later = rows(both)[count:]
    assert min(int(row["call"]) for row in later) > 1, "calls are counted on"
    assert [row["score"] for row in later] != [row["score"] for row in rows(alone)], "the memory was not shared"
    cold = rows(replayed([first, other], tmp_path / "cold")[0])[count:]
    assert [row | {"trunk": "beijing-7"} for row in cold] == rows(alone)


def test_verdicts_are_plain_csv(folder: Path, tmp_path: Path) -> None:
    header, *records = csv.reader(replayed([folder], tmp_path)[0].decode().splitlines())
    assert all(len(record) == len(header) for record in records)
    assert all(0.0 <= float(record[header.index("score")]) <= 1.0 for record in records)
