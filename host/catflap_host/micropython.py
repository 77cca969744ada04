"""Finds and starts MicroPython's Unix port with the firmware on its path."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import boards
from catflap_host.errors import UserError

FIRMWARE = Path(boards.__file__).parents[1]


def find() -> str | None:
    """The `micropython` beside this Python or on the PATH; None where there is none (no wheel for this machine)."""
    beside = Path(sys.prefix) / "bin" / "micropython"
    return str(beside) if beside.exists() else shutil.which("micropython")


def command(script: str, heap: str, *words: str) -> list[str]:
    """The command line that runs a script of firmware/ with a heap of that size; raises UserError where MicroPython is missing."""
    program = find()
    if program is None:
        raise UserError("no micropython on this machine (its wheel exists for x86-64 Linux): use --runtime cpython")
    return [program, "-X", f"heapsize={heap}", str(FIRMWARE / script), *words]


def environment() -> dict[str, str]:
    """The environment in which it finds the firmware; a board's own libraries go before our stand-ins."""
    path = f"{FIRMWARE}:.frozen:{Path.home()}/.micropython/lib:{FIRMWARE / 'lib'}"
    return {**os.environ, "MICROPYPATH": path}


def start(words: list[str]) -> subprocess.Popen[str]:
    """Starts such a command line, its output as text lines."""
    return subprocess.Popen(words, env=environment(), stdout=subprocess.PIPE, text=True, encoding="utf-8")  # noqa: S603 - our own words
