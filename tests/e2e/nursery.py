"""Starts `catflap` commands as processes of their own, forked from one that has imported them already: a tenth of a second, not two.

    test ---- words, folder, environment, stdout ----> nursery ---- fork ----> command
         <--- pid, and how it ended ------------------         <--- waitpid --

What a command does from its arguments on is the same; that it starts by itself is tested by those who start it cold.
"""

import ctypes
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

MOST_BYTES = 1 << 16
PR_SET_PDEATHSIG = 1
"""prctl(2)"""
IMPORTED = ("catflap_host.cli", "catflap_host.commands.host_run", "catflap_host.commands.host_enrol", "catflap_host.api.app")


class Born:
    """A running command; what of `subprocess.Popen` tests ask for."""

    def __init__(self, nursery: "Nursery", pid: int, stdout: IO[str]) -> None:
        self._nursery = nursery
        self.pid = pid
        self.stdout = stdout
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended, None if it has not."""
        return self._ended(0.0)

    def wait(self, timeout: float | None = None) -> int:
        """How it ended; raises subprocess.TimeoutExpired."""
        status = self._ended(timeout)
        if status is None:
            raise subprocess.TimeoutExpired("catflap", timeout or 0.0)
        return status

    def send_signal(self, number: int) -> None:
        """Unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it, whatever it does."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def _ended(self, timeout_s: float | None) -> int | None:
        if self.returncode is None:
            self.returncode = self._nursery.ended(self.pid, timeout_s)
        return self.returncode


class Nursery:
    """The process that commands are forked from; it ends with whoever started it."""

    def __init__(self) -> None:
        self._here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        words = [sys.executable, str(Path(__file__)), str(there.fileno())]
        self._process = subprocess.Popen(words, pass_fds=[there.fileno()], stdin=subprocess.DEVNULL, start_new_session=True)
        there.close()
        self._lock = threading.Lock()
        self._endings: dict[int, int] = {}

    def start(self, words: Sequence[str]) -> Born:
        """Run `catflap` with these arguments, in this process's folder and environment; its stdout is a pipe."""
        reading, writing = os.pipe()
        asked = json.dumps({"words": list(words), "folder": str(Path.cwd()), "environment": dict(os.environ)}).encode()
        assert len(asked) < MOST_BYTES
        with self._lock:
            socket.send_fds(self._here, [asked], [writing])
            os.close(writing)
            pid = self._hear(None)
        assert pid
        return Born(self, pid, os.fdopen(reading, encoding="utf-8"))

    def ended(self, pid: int, timeout_s: float | None) -> int | None:
        """How a command ended, as Popen tells it; None if it has not by then."""
        until = None if timeout_s is None else time.monotonic() + timeout_s
        while True:
            with self._lock:
                if pid not in self._endings:
                    self._hear(0.01)
                if pid in self._endings:
                    return self._endings.pop(pid)
            if until is not None and time.monotonic() >= until:
                return None

    def close(self) -> None:
        """End it."""
        self._here.close()
        self._process.wait()

    def _hear(self, timeout_s: float | None) -> int:
        """Take in how commands ended, and return the pid of one that was started; 0 where nothing is told in time."""
        while select.select([self._here], [], [], timeout_s)[0]:
            told: dict[str, int] = json.loads(self._here.recv(MOST_BYTES))
            if "started" in told:
                return told["started"]
            self._endings[told["pid"]] = told["status"]
        return 0


def _serve(there: socket.socket) -> None:
    """Fork a command for each request, until nobody is there to ask; returns in the command's process only."""
    waking, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
    while True:
        ready = select.select([there.fileno(), waking], [], [])[0]
        if waking in ready:
            os.read(waking, 4096)
            _tell_of_the_ended(there)
        if there.fileno() not in ready:
            continue
        asked, fds, _, _ = socket.recv_fds(there, MOST_BYTES, 1)
        if not asked:
            sys.exit(0)
        pid = os.fork()
        if not pid:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(waking)
            os.close(woken)
            there.close()
            _become(json.loads(asked), fds[0])
            return
        os.close(fds[0])
        there.send(json.dumps({"started": pid}).encode())


def _become(asked: dict[str, Any], stdout: int) -> None:
    os.dup2(stdout, 1)
    os.close(stdout)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.argv = ["catflap", *asked["words"]]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _tell_of_the_ended(there: socket.socket) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        there.send(json.dumps({"pid": pid, "status": os.waitstatus_to_exitcode(status)}).encode())


if __name__ == "__main__":
    for module in IMPORTED:
        importlib.import_module(module)
    _serve(socket.socket(fileno=int(sys.argv[1])))
    sys.exit(importlib.import_module("catflap_host.cli").main())
