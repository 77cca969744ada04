"""What Linux knows of serial ports: their stable names, the group that may open them, and the programs that have them open."""

import grp
import os
import stat
import time
from pathlib import Path

STABLE = (Path("/dev/serial/by-id"), Path("/dev/serial/by-path"))
"""Where udev keeps names that stay, the better ones first: two modems of one make without a serial number share the first."""

LOOK_EVERY_S = 3.0
_PTY_SLAVES = range(136, 144)
"""Major numbers of pseudo-terminals (the kernel's devices.txt); the same number in another container is another terminal."""


def stable_name(path: str, folders: tuple[Path, ...] = STABLE) -> str:
    """A name of the port that udev keeps; empty where `path` is a link already, or udev has none."""
    if os.path.islink(path):
        return ""
    for folder in folders:
        for name in sorted(os.listdir(folder)) if folder.is_dir() else ():
            link = folder / name
            if os.path.realpath(link) == path:
                return str(link)
    return ""


def group_of(path: str) -> str:
    """The group of the port's file; empty where it has none that is known."""
    try:
        return grp.getgrgid(os.stat(path).st_gid).gr_name
    except (OSError, KeyError):
        return ""


class Holders:
    """The programs that have ports open, looked up for all ports at once and kept for some seconds."""

    def __init__(self, proc: str = "/proc") -> None:
        self._proc = proc
        self._looked_s = -LOOK_EVERY_S
        self._pids: dict[tuple[int, ...], list[int]] = {}

    def of(self, path: str) -> str:
        """The other programs that have the port open, as `minicom (pid 812)`; another user's are seen by root only."""
        try:
            file = os.stat(path)
        except OSError:
            return ""
        if time.monotonic() - self._looked_s >= LOOK_EVERY_S:
            self._look()
        pids = {*self._pids.get(_identity(file), []), *self._locking(file)} - {os.getpid()}
        return ", ".join(f"{name} (pid {pid})" for pid in sorted(pids) if (name := self._read(f"{pid}/comm").strip()))

    def _look(self) -> None:
        self._pids = {}
        for pid in _names(self._proc):
            if pid.isdigit():
                self._look_into(pid)
        self._looked_s = time.monotonic()

    def _look_into(self, pid: str) -> None:
        folder = f"{self._proc}/{pid}/fd/"
        ports: list[tuple[int, ...]] = []
        far_ends: list[int] = []
        for number in _names(folder):
            try:
                target = os.readlink(folder + number)
                if target == "/dev/ptmx" or target.endswith("/ptmx"):
                    far_ends.append(self._terminal(f"{pid}/fdinfo/{number}"))
                elif target.startswith("/dev/") and stat.S_ISCHR((file := os.stat(folder + number)).st_mode):
                    ports.append(_identity(file))
            except OSError:
                continue
        for port in ports:
            # who has the far end of a pseudo-terminal is the modem itself
            if not (len(port) == 2 and os.minor(port[0]) in far_ends):
                self._pids.setdefault(port, []).append(int(pid))

    def _terminal(self, name: str) -> int:
        """Which pseudo-terminal an open /dev/ptmx is the far end of."""
        for line in self._read(name).splitlines():
            if line.startswith("tty-index:"):
                return int(line.split()[1])
        return -1

    def _locking(self, file: os.stat_result) -> list[int]:
        """The processes that keep a lock on the port's file."""
        where = f"{os.major(file.st_dev):02x}:{os.minor(file.st_dev):02x}:{file.st_ino}"
        rows = [line.split() for line in self._read("locks").splitlines()]
        return [int(row[4]) for row in rows if len(row) > 5 and row[5] == where and row[4].isdigit()]

    def _read(self, name: str) -> str:
        try:
            with open(f"{self._proc}/{name}") as file:
                return file.read()
        except OSError:
            return ""


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:
        return []


def _identity(file: os.stat_result) -> tuple[int, ...]:
    """What two files of one port have in common."""
    if os.major(file.st_rdev) in _PTY_SLAVES:
        return file.st_rdev, file.st_dev
    return (file.st_rdev,)
