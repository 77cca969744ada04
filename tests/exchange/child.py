"""Starts a process that outlives neither its starter nor the wish of whoever presses Ctrl-C."""

import asyncio
import ctypes
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import IO

PR_SET_PDEATHSIG = 1
"""prctl(2)"""


async def start_child(
    words: Sequence[str], stdout: int | IO[bytes], stderr: int | IO[bytes], environment: Mapping[str, str] | None = None
) -> asyncio.subprocess.Process:
    """A process in a session of its own, so that a Ctrl-C is its starter's to handle; on Linux it is killed when its starter dies."""
    return await asyncio.create_subprocess_exec(
        *words,
        env=environment,
        stdout=stdout,
        stderr=stderr,
        start_new_session=True,
        preexec_fn=_die_with_starter if sys.platform == "linux" else None,
    )


def _die_with_starter() -> None:
    # MicroPython cannot open a tty without making it its controlling terminal, whose modem would hang it up when it is unplugged
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    # a forgotten probe goes on opening its port, which may be another test's by then
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
