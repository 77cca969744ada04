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

    def __init__(self, proc: Path = Path("/proc")) -> None:
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
        pids = set(self._pids.get(_identity(file), []))
        pids.update(self._locking(file))
        pids.discard(os.getpid())
        return ", ".join(f"{name} (pid {pid})" for pid in sorted(pids) if (name := self._name(pid)))

    def _look(self) -> None:
        self._pids = {}
        for pid in self._numbers(self._proc):
            folder = self._proc / str(pid) / "fd"
            ports: list[tuple[int, ...]] = []
            far_ends: list[int] = []
            for number in self._numbers(folder):
                try:
                    target = os.readlink(folder / str(number))
                    if not target.startswith("/dev/"):
                        continue
                    if target == "/dev/ptmx" or target.endswith("/ptmx"):
                        far_ends.append(self._terminal(pid, number))
                    elif stat.S_ISCHR((file := os.stat(folder / str(number))).st_mode):
                        ports.append(_identity(file))
                except OSError:
                    continue
            for port in ports:
                # who has the far end of a pseudo-terminal is the modem itself
                if not (len(port) == 2 and os.minor(port[0]) in far_ends):
                    self._pids.setdefault(port, []).append(pid)
        self._looked_s = time.monotonic()

    def _terminal(self, pid: int, number: int) -> int:
        """Which pseudo-terminal an open /dev/ptmx is the far end of."""
        for line in (self._proc / str(pid) / "fdinfo" / str(number)).read_text().splitlines():
            if line.startswith("tty-index:"):
                return int(line.split()[1])
        return -1

    def _locking(self, file: os.stat_result) -> list[int]:
        """The process that keeps a lock on the port's file."""
        where = f"{os.major(file.st_dev):02x}:{os.minor(file.st_dev):02x}:{file.st_ino}"
        try:
            lines = (self._proc / "locks").read_text().splitlines()
        except OSError:
            return []
        return [int(words[4]) for line in lines if len(words := line.split()) > 5 and words[5] == where and words[4].isdigit()]

    def _name(self, pid: int) -> str:
        try:
            return (self._proc / str(pid) / "comm").read_text().strip()
        except OSError:
            return ""

    @staticmethod
    def _numbers(folder: Path) -> list[int]:
        try:
            return [int(name) for name in os.listdir(folder) if name.isdigit()]
        except OSError:
            return []


def _identity(file: os.stat_result) -> tuple[int, ...]:
    """What two files of one port have in common."""
    if os.major(file.st_rdev) in _PTY_SLAVES:
        return file.st_rdev, file.st_dev
    return (file.st_rdev,)
