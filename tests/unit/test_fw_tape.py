"""A live probe's recording: read again as it was written, ended by a full disk without harm; and clocks that are put right."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boards.linux.board import LinuxBoard
from catflap_probe.board import Board
from catflap_probe.clock import SLACK_MS, Clock
from catflap_probe.desk import Desk
from catflap_probe.line import Line
from catflap_probe.lines import Lines
from catflap_probe.recording import CastReader, rfc3339, unix_ms
from catflap_probe.replay import Folder
from catflap_probe.tape import Tape
from catflap_probe.trunk import TrunkSettings
from tests.replay.recorded import replayed, rows

SETTINGS: dict[str, object] = {
    "id": "t",
    "country": "CN",
    "area_code": "010",
    "role": "interconnect",
    "lines": [{"id": "L1", "dialect": "3gpp", "profile": "simcom", "numbers": ["01062345601"]}],
}
START_MS = 1_772_380_812_345


@given(st.integers(0, 253_402_300_799_999))
def test_a_moment_is_written_as_it_is_read(ms: int) -> None:
    assert unix_ms(rfc3339(ms)) == ms


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    tape = Tape(LinuxBoard(), str(tmp_path), TrunkSettings(SETTINGS), START_MS)
    events = [(0, "o", bytes(range(256))), (1_500, "i", b"ATH\r"), (1_500, "m", b"unplugged"), (90_061_001, "o", b"\r\nRING\r\n")]
    for t_ms, code, data in events:
        tape.add(0, t_ms, code, data)
    tape.close()
    folder = Folder(str(tmp_path))
    assert folder.start_ms == START_MS
    assert (folder.settings.role, folder.settings.lines[0].numbers) == ("interconnect", ["01062345601"])
    reader = CastReader(f"{tmp_path}/{folder.files[0]}", "L1.cast")
    found = []
    while reader.next():
        found.append((reader.t_ms, reader.code, reader.data))
    assert (found, reader.fault) == (events, "")


def test_times_do_not_run_back_when_something_is_written_while_bytes_wait(tmp_path: Path) -> None:
    tape = Tape(LinuxBoard(), str(tmp_path), TrunkSettings(SETTINGS), START_MS)
    lines = Lines(tape)
    line = Line(0, Desk())
    lines.add(line, "3gpp", line)
    lines.feed(0, 1_000, b"\r\nRING\r\n")
    lines.note(0, 990, "i", b"AT\r")
    lines.note(0, 1_005, "i", b"AT\r")
    lines.note(0, 1_003, "m", b"wall=2026-03-02T00:00:00Z")
    lines.informed(0, lines.heard_ms, "- 00")
    tape.close()
    reader = CastReader(f"{tmp_path}/L1.cast", "L1.cast")
    times = []
    while reader.next():
        times.append(reader.t_ms)
    assert (times, reader.fault) == ([1_000, 1_000, 1_005, 1_005, 1_005], "")


class FullDisk(LinuxBoard):
    """A disk that takes so many writes."""

    def __init__(self, writes: int) -> None:
        super().__init__()
        self.writes = writes

    def append_to(self, path: str) -> BinaryIO:
        board, file = self, super().append_to(path)

        class Full:
            def write(self, data: bytes) -> int:
                board.writes -= 1
                if board.writes < 0:
                    raise OSError(28, "No space left on device")
                return file.write(data)

            def close(self) -> None:
                file.close()

        return cast(BinaryIO, Full())


def test_a_full_disk_ends_the_recording_and_nothing_else(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    tape = Tape(FullDisk(2), str(tmp_path), TrunkSettings(SETTINGS), START_MS)
    for t_ms in range(5):
        tape.add(0, t_ms, "o", b"RING")
    tape.close()
    assert (tmp_path / "L1.cast").read_text().count("RING") == 1
    assert len(caplog.records) == 1


class Machine(Board):
    """A machine whose two clocks are set by hand."""

    def __init__(self) -> None:
        self.passed_us = 0
        self.wall_us = 0

    def monotonic_us(self) -> int:
        return self.passed_us

    def unix_us(self) -> int:
        return self.wall_us + self.passed_us


def test_a_clock_follows_the_wall_clock_where_it_is_out_by_more_than_a_little() -> None:
    machine = Machine()
    clock = Clock(machine, None)
    machine.passed_us = 5_000_000
    for out_ms, follows in ((SLACK_MS, False), (-SLACK_MS, False), (SLACK_MS + 1, True), (START_MS, True), (-START_MS // 2, True)):
        before_ms = clock.start_ms
        machine.wall_us = (before_ms + out_ms) * 1000
        assert clock.follow() == follows
        assert clock.start_ms == before_ms + (out_ms if follows else 0)
        assert clock.now_ms() == 5_000


def test_the_clock_of_an_emulated_day_follows_nobody() -> None:
    machine = Machine()
    clock = Clock(machine, {"speed": 60, "origin_ms": 0, "start": "2026-03-02T08:00:00+08:00"})
    machine.wall_us = START_MS * 1000
    assert not clock.follow()


@pytest.mark.parametrize(("set_to", "action"), [("2026-03-02T20:00:00Z", "allow"), ("2026-03-04T00:00:00+08:00", "block")])
def test_a_replay_hears_that_the_wall_clock_was_set(tmp_path: Path, set_to: str, action: str) -> None:
    (tmp_path / "in").mkdir()
    tape = Tape(LinuxBoard(), str(tmp_path / "in"), TrunkSettings(SETTINGS), unix_ms("2026-03-02T00:00:00Z"))
    add: Callable[[int, str, bytes], None] = lambda t_ms, code, data: tape.add(0, t_ms, code, data)  # noqa: E731
    add(1_000, "i", b"ATD13812345678;\r")
    add(9_000, "i", b"ATH\r")
    add(20_000, "m", b"wall=" + set_to.encode())
    add(30_000, "o", b'\r\nRING\r\n\r\n+CLIP: "13812345678",129\r\n')
    add(36_000, "o", b"\r\nNO CARRIER\r\n")
    tape.close()
    (tmp_path / "in" / "policy.json").write_text('{"catflap_policy": 1, "deny": [{"number": "13812345678"}]}')
    # who was called may call back for 24 hours
    assert rows(replayed([tmp_path / "in"], tmp_path / "out")[0])[-1]["action"] == action


@pytest.mark.parametrize("mark", ["evidence", "evidence=", "evidence=- 00", "evidence=\xff", "wall=", "wall=soon", "=", "unplugged=1"])
def test_marks_without_sense_are_passed_over(tmp_path: Path, mark: str) -> None:
    (tmp_path / "in").mkdir()
    tape = Tape(LinuxBoard(), str(tmp_path / "in"), TrunkSettings(SETTINGS), START_MS)
    tape.add(0, 1_000, "o", b"\r\nRING\r\n")
    tape.add(0, 2_000, "m", mark.encode("latin-1"))
    tape.add(0, 3_000, "o", b"\r\nNO CARRIER\r\n")
    tape.close()
    assert len(rows(replayed([tmp_path / "in"], tmp_path / "out")[0])) == 1
