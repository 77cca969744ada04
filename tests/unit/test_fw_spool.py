"""The spool: nothing lost before it is committed, and no gap in the numbers of what had to be dropped."""

import asyncio
import json
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest

from boards.linux.board import LinuxBoard
from catflap_probe.spool import SEGMENT_BYTES, Segment, Spool

BOOT, LATER_BOOT = "9f0c41d2a7b3e658", "00000000000000aa"
ROOMY = 1 << 24
RECORD_BYTES = 4000
PAD = "x" * RECORD_BYTES


@pytest.fixture(autouse=True)
def files_closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A spool ends with its machine's power; the test's machine goes on and has files to close."""
    files: list[BinaryIO] = []
    append_to = LinuxBoard.append_to

    def noted(board: LinuxBoard, path: str) -> BinaryIO:
        files.append(append_to(board, path))
        return files[-1]

    monkeypatch.setattr(LinuxBoard, "append_to", noted)
    yield
    for file in files:
        file.close()


def open_spool(folder: Path, boot: str = BOOT, limit_bytes: int = ROOMY) -> Spool:
    return Spool(LinuxBoard(), str(folder / "spool"), boot, limit_bytes)


def filled(folder: Path, count: int) -> Spool:
    spool = open_spool(folder)
    for index in range(1, count + 1):
        spool.append({"k": "call", "call": index})
    return spool


def drain(spool: Spool) -> list[tuple[str, int, dict[str, Any]]]:
    """Commits everything; (boot, sequence number, record) of each, having checked that the numbers leave no gap."""
    found: list[tuple[str, int, dict[str, Any]]] = []
    expected: dict[str, int] = {}
    while not spool.is_empty():
        boot, first, after, records = spool.oldest(100, 32768)
        assert first == expected.setdefault(boot, first)
        at = first
        for text in records:
            record = json.loads(text)
            found.append((boot, at, record))
            at += record["n"] if record["k"] == "drop" else 1
        assert at == after
        expected[boot] = after
        spool.committed(boot, after - 1)
    return found


def test_records_come_back_in_order_and_are_gone_once_committed(tmp_path: Path) -> None:
    spool = filled(tmp_path, 250)
    assert [(boot, number, record["call"]) for boot, number, record in drain(spool)] == [(BOOT, n, n) for n in range(1, 251)]
    assert list((tmp_path / "spool").glob("*.log")) == []


def test_a_batch_keeps_to_its_limits(tmp_path: Path) -> None:
    spool = filled(tmp_path, 10)
    assert spool.oldest(3, 32768)[1:3] == (1, 4)
    body = len(spool.oldest(1, 1)[3][0])
    assert spool.oldest(100, 2 * body)[1:3] == (1, 3)


def test_what_is_committed_stays_so_over_a_restart(tmp_path: Path) -> None:
    filled(tmp_path, 5).committed(BOOT, 3)
    assert (tmp_path / "spool" / "acked").read_text() == f"{BOOT} 3\n"
    assert [number for _, number, _ in drain(open_spool(tmp_path, LATER_BOOT))] == [4, 5]


def test_a_new_boot_follows_the_old_one(tmp_path: Path) -> None:
    filled(tmp_path, 2)
    spool = open_spool(tmp_path, LATER_BOOT)
    spool.append({"k": "call", "call": 1})
    assert [(boot, number) for boot, number, _ in drain(spool)] == [(BOOT, 1), (BOOT, 2), (LATER_BOOT, 1)]


@pytest.mark.parametrize("kept", [0, 1, 30])
def test_a_line_cut_by_a_power_failure_ends_the_file(tmp_path: Path, kept: int) -> None:
    filled(tmp_path, 3)
    (path,) = (tmp_path / "spool").glob("*.log")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2]) + lines[2][:kept])
    assert [number for _, number, _ in drain(open_spool(tmp_path, LATER_BOOT))] == [1, 2]


def test_a_changed_byte_ends_the_file(tmp_path: Path) -> None:
    filled(tmp_path, 3)
    (path,) = (tmp_path / "spool").glob("*.log")
    path.write_bytes(path.read_bytes().replace(b'"call":2', b'"call":7'))
    assert [number for _, number, _ in drain(open_spool(tmp_path, LATER_BOOT))] == [1]


def test_damage_under_way_becomes_a_drop_and_no_gap(tmp_path: Path) -> None:
    spool = filled(tmp_path, 3)
    (path,) = (tmp_path / "spool").glob("*.log")
    path.write_bytes(b"rubbish\n")
    assert [(number, record) for _, number, record in drain(spool)] == [(1, {"k": "drop", "n": 3, "alerts": 0, "why": "damaged"})]


def test_an_answer_about_another_boot_or_the_past_forgets_nothing(tmp_path: Path) -> None:
    spool = filled(tmp_path, 3)
    spool.committed(LATER_BOOT, 3)
    spool.committed(BOOT, 0)
    assert len(drain(spool)) == 3


def test_a_full_spool_gives_up_summaries_before_alerts(tmp_path: Path) -> None:
    spool = open_spool(tmp_path, limit_bytes=4 * SEGMENT_BYTES)
    for index in range(60):
        spool.append({"k": "alert" if index % 4 == 0 else "call", "index": index, "pad": PAD})
    found = [record for _, _, record in drain(spool)]
    drops = [record for record in found if record["k"] == "drop"]
    assert [record["index"] for record in found if record["k"] == "alert"] == list(range(0, 60, 4))
    assert drops and {drop["why"] for drop in drops} == {"full"}
    assert sum(drop["alerts"] for drop in drops) == 0
    assert sum(drop["n"] for drop in drops) == spool.dropped == 60 - (len(found) - len(drops))
    assert found[-1]["index"] == 59


def test_a_spool_full_of_alerts_drops_the_oldest_and_counts_them(tmp_path: Path) -> None:
    spool = open_spool(tmp_path, limit_bytes=3 * SEGMENT_BYTES)
    for index in range(200):
        spool.append({"k": "alert", "index": index, "pad": PAD})
    assert sum(path.stat().st_size for path in (tmp_path / "spool").glob("*.log")) <= 3 * SEGMENT_BYTES
    found = [record for _, _, record in drain(spool)]
    kept = [record["index"] for record in found if record["k"] == "alert"]
    (drop,) = (record for record in found if record["k"] == "drop")
    assert kept == list(range(200 - len(kept), 200))
    assert drop == {"k": "drop", "n": 200 - len(kept), "alerts": 200 - len(kept), "why": "full"}


class Watched(Spool):
    """Counts the files that append() had to make smaller by itself."""

    at_once = 0
    _is_tidying = False

    def tidy(self) -> None:
        self._is_tidying = True
        super().tidy()
        self._is_tidying = False

    def _thin(self, segment: Segment, whole: bool) -> Generator[None, None, None]:
        self.at_once += not self._is_tidying
        return super()._thin(segment, whole)


@pytest.mark.parametrize("steps", [0, 8])
def test_room_made_in_steps_leaves_none_to_be_made_at_once(tmp_path: Path, steps: int) -> None:
    spool = Watched(LinuxBoard(), str(tmp_path / "spool"), BOOT, 4 * SEGMENT_BYTES)
    for index in range(120):
        spool.append({"k": "alert" if index % 4 == 0 else "call", "index": index, "pad": PAD})
        for _ in range(steps):
            spool.tidy()
    assert (spool.at_once == 0) == (steps > 0)
    found = [record for _, _, record in drain(spool)]
    alerts = [record["index"] for record in found if record["k"] == "alert"]
    drops = [record for record in found if record["k"] == "drop"]
    assert alerts == list(range(alerts[0], 120, 4))
    assert sum(drop["alerts"] for drop in drops) == alerts[0] // 4
    assert sum(drop["n"] for drop in drops) == spool.dropped == 120 - (len(found) - len(drops))


@pytest.mark.parametrize("records", [3, 100])
@pytest.mark.parametrize("steps", range(1, 12))
def test_what_is_committed_between_two_steps_leaves_no_gap_and_no_file_behind(tmp_path: Path, steps: int, records: int) -> None:
    spool = open_spool(tmp_path, limit_bytes=4 * SEGMENT_BYTES)
    index = 0
    while spool._size() + SEGMENT_BYTES <= spool.limit_bytes:
        spool.append({"k": "alert" if index % 2 else "call", "index": index, "pad": PAD})
        index += 1
    for _ in range(steps):
        spool.tidy()
    boot, first, after, _ = spool.oldest(records, 1 << 20)
    spool.committed(boot, after - 1)
    for _ in range(40):
        spool.tidy()
    assert {str(path) for path in (tmp_path / "spool").iterdir()} == {segment.path for segment in spool.segments} | {
        spool.folder + "/acked"
    }
    found = drain(spool)
    assert {record["why"] for _, _, record in found if record["k"] == "drop"} <= {"full"}
    assert (first, found[0][1]) == (1, after)
    at = after
    for _, number, record in found:
        assert number == at
        at += record["n"] if record["k"] == "drop" else 1
    assert at == index + 1


def test_a_thinned_spool_is_read_by_the_next_boot(tmp_path: Path) -> None:
    spool = open_spool(tmp_path, limit_bytes=3 * SEGMENT_BYTES)
    for index in range(100):
        spool.append({"k": "call", "index": index, "pad": PAD})
    found = drain(open_spool(tmp_path, LATER_BOOT))
    assert found[0][1] == 1
    assert (found[-1][1], found[-1][2]["index"]) == (100, 99)


def test_what_neither_side_has_becomes_a_drop(tmp_path: Path) -> None:
    spool = filled(tmp_path, 5)
    spool.committed(BOOT, 3)
    spool.forgotten(BOOT, 1)
    found = [(number, record["k"]) for _, number, record in drain(spool)]
    assert found == [(2, "drop"), (4, "call"), (5, "call")]


def test_a_spool_goes_on_after_it_was_rewritten(tmp_path: Path) -> None:
    spool = filled(tmp_path, 5)
    spool.committed(BOOT, 3)
    spool.forgotten(BOOT, 1)
    spool.append({"k": "call", "call": 6})
    asyncio.run(spool.sync())
    assert [number for _, number, _ in drain(spool)] == [2, 4, 5, 6]


class FullDisk:
    """A file that takes half of what it is given, once its disk is full."""

    def __init__(self, file: BinaryIO, full: list[bool]) -> None:
        self._file, self._full = file, full

    def write(self, data: bytes) -> int:
        return self._file.write(data[: len(data) // 2] if self._full[0] else data)

    def close(self) -> None:
        self._file.close()


def test_after_a_full_disk_the_records_before_and_after_are_whole(tmp_path: Path) -> None:
    full = [False]

    class Board(LinuxBoard):
        def append_to(self, path: str) -> BinaryIO:
            return cast(BinaryIO, FullDisk(LinuxBoard.append_to(self, path), full))

    spool = Spool(Board(), str(tmp_path / "spool"), "b" * 16, 1_000_000)
    spool.append({"k": "alert", "call": 1})
    full[0] = True
    with pytest.raises(OSError, match="full"):
        spool.append({"k": "alert", "call": 2})
    full[0] = False
    spool.append({"k": "alert", "call": 3})
    assert [json.loads(record)["call"] for record in spool.oldest(10, 10_000)[3]] == [1]
    spool.committed("b" * 16, 1)
    assert [json.loads(record)["call"] for record in spool.oldest(10, 10_000)[3]] == [3]
    assert spool.oldest(10, 10_000)[1:3] == (2, 3)
