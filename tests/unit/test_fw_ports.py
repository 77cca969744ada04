"""What Linux knows of serial ports: names that stay, groups, and the programs that have a port open."""

import fcntl
import grp
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from boards.linux.ports import Holders, group_of, stable_name

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone has /proc and udev's names")

HOLD = """
import fcntl, os, sys
port = os.open(sys.argv[1], os.O_RDWR | os.O_NOCTTY)
if sys.argv[2] == "lock":
    fcntl.flock(port, fcntl.LOCK_EX)
print("has it", flush=True)
sys.stdin.read()
"""


@contextmanager
def another_program(port: str, how: str) -> Iterator[int]:
    """Another process that has a port open, and perhaps locked; its number."""
    words = [sys.executable, "-c", HOLD, port, how]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdin is not None
        assert process.stdout.readline() == b"has it\n"
        yield process.pid
        process.stdin.close()


@pytest.fixture
def port() -> Iterator[str]:
    """A pseudo-terminal, whose far end is this process."""
    master, slave = pty.openpty()
    yield os.ttyname(slave)
    os.close(slave)
    os.close(master)


@pytest.mark.parametrize("how", ["lock", "open"])
def test_another_program_on_a_port_is_named(port: str, how: str) -> None:
    with another_program(port, how) as pid:
        name = Path(f"/proc/{pid}/comm").read_text().strip()
        assert Holders().of(port) == f"{name} (pid {pid})"
    assert Holders().of(port) == ""


def test_a_port_behind_a_link_is_the_same_port(port: str, tmp_path: Path) -> None:
    link = tmp_path / "modem"
    link.symlink_to(port)
    with another_program(port, "open") as pid:
        assert f"(pid {pid})" in Holders().of(str(link))


def test_neither_ourselves_nor_the_far_end_of_a_pseudo_terminal_is_another_program(port: str) -> None:
    mine = os.open(port, os.O_RDWR | os.O_NOCTTY)
    try:
        fcntl.flock(mine, fcntl.LOCK_EX)
        assert Holders().of(port) == ""
    finally:
        os.close(mine)


def test_a_port_that_is_not_there_has_nobody(tmp_path: Path) -> None:
    assert Holders().of(str(tmp_path / "nothing")) == ""


def test_processes_that_may_not_be_looked_into_are_passed_over(port: str, tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "2" / "fd").mkdir(parents=True)
    (tmp_path / "2" / "fd" / "3").symlink_to("/dev/gone")
    assert Holders(str(tmp_path)).of(port) == ""


def test_the_programs_are_looked_up_for_all_ports_at_once_and_not_again_at_once(port: str, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    listed = os.listdir
    monkeypatch.setattr(os, "listdir", lambda folder: looked.append(folder) or listed(folder))  # type: ignore[func-returns-value]
    holders = Holders()
    holders.of(port)
    once = len(looked)
    for _ in range(64):
        holders.of(port)
    assert len(looked) == once


def test_a_name_that_stays_is_found_by_id_before_by_path(tmp_path: Path) -> None:
    port = tmp_path / "ttyACM0"
    port.touch()
    by_id, by_path = tmp_path / "by-id", tmp_path / "by-path"
    for folder in (by_id, by_path):
        folder.mkdir()
    (by_path / "pci-0000:00:14.0-usb-0:2:1.0").symlink_to(port)
    assert stable_name(str(port), (by_id, by_path)) == str(by_path / "pci-0000:00:14.0-usb-0:2:1.0")
    (by_id / "usb-U.S.Robotics-if00").symlink_to(port)
    assert stable_name(str(port), (by_id, by_path)) == str(by_id / "usb-U.S.Robotics-if00")


def test_a_link_is_a_name_that_stays_and_some_machines_have_none(tmp_path: Path) -> None:
    port, link, folder = tmp_path / "ttyACM0", tmp_path / "modem", tmp_path / "by-id"
    port.touch()
    link.symlink_to(port)
    folder.mkdir()
    (folder / "usb-modem").symlink_to(port)
    assert stable_name(str(link), (folder,)) == ""
    assert stable_name(str(port), (tmp_path / "nowhere",)) == ""


def test_the_group_of_a_port_is_named_where_it_has_a_name(tmp_path: Path) -> None:
    port = tmp_path / "port"
    port.touch()
    assert group_of(str(port)) == grp.getgrgid(port.stat().st_gid).gr_name
    assert group_of(str(tmp_path / "nothing")) == ""
