"""Why the board started anew without being told to: kept over the reset, told by the next run."""

import io
import os
import sys

import machine
from machine import mem32

from . import chip

PATH = "/crash"
MOST = 200
"""Characters that are kept."""

_RUNNING = 0x4361744C
LONGEST_PAUSE_S = 60

_state = chip.SCRATCH
_uptime = chip.SCRATCH + 4
_in_a_row = chip.SCRATCH + 8


def began() -> None:
    """A probe runs from now on: a reset that nobody asked for is the watchdog's."""
    mem32[_state] = _RUNNING


def lives(uptime_s: int) -> None:
    """It still runs; after ten minutes its crashes in a row are forgotten."""
    mem32[_uptime] = uptime_s
    if uptime_s > 600:
        mem32[_in_a_row] = 0


def ended() -> None:
    """It was told to stop."""
    mem32[_state] = 0


def keep(fault: BaseException) -> None:
    """Writes down what a run died of."""
    text = io.StringIO()
    sys.print_exception(fault, text)
    try:
        with open(PATH, "w") as file:
            file.write(_short(text.getvalue()))
    except OSError:
        # no room for it: the reset is told of all the same
        pass


def pause_s() -> int:
    """How long to wait before starting anew: a second, twice as long after each crash in a row, so that the REPL can be reached."""
    count = mem32[_in_a_row] & 7
    mem32[_in_a_row] = count + 1 if count < 6 else count
    return min(1 << count, LONGEST_PAUSE_S)


def last_words() -> str:
    """What the last run died of, once; empty where it did not."""
    was_running = mem32[_state] == _RUNNING and machine.reset_cause() == machine.WDT_RESET
    mem32[_state] = 0
    try:
        with open(PATH) as file:
            words = file.read(MOST)
        os.remove(PATH)
        return words
    except OSError:
        return "the watchdog: nothing had run for 8 s, %d s after the start" % mem32[_uptime] if was_running else ""


def _short(trace: str) -> str:
    """The last line of a traceback and the place before it."""
    lines = [line.strip() for line in trace.strip().split("\n")]
    place = lines[-2] if len(lines) > 1 else ""
    return ("%s: %s" % (lines[-1], place.replace('File "', "").replace('", line ', ":")))[:MOST]
