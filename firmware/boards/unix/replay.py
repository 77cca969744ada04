"""Replays recordings on MicroPython's Unix port: replay.py TABLES BUNDLE POLICY DIR... (POLICY empty: none).

Writes a line each to standard output: kind, sort key (milliseconds, line), text, separated by tabs; the host's `catflap replay` reads them.
"""

# ruff: noqa: E402 - the level must be set before the modules are compiled
import gc
import sys

import micropython

# code lies in the heap here, and not in flash as a board's does: without line numbers there is less of it
micropython.opt_level(3)
# what compiling leaves behind goes at once, so that the heap stays in one piece for the tables
gc.threshold(16384)

from catflap_probe.policy import PolicyError
from catflap_probe.recording import RecordingError
from catflap_probe.replay import replay
from catflap_probe.verdict.bundle import BundleError, load
from catflap_probe.verdict.int8 import Classifier


def emit(kind: str, key: "tuple[int, int]", text: str) -> None:
    """Writes one line."""
    print("%s\t%d\t%d\t%s" % (kind, key[0], key[1], text))


def main(words: "list[str]") -> int:
    """Runs; 2 and a line of kind `error` for what the user can put right."""
    tables, bundle, policy = words[:3]
    try:
        replay(words[3:], tables, policy, load(bundle, Classifier), emit)
    except (RecordingError, PolicyError, BundleError) as fault:
        emit("error", (0, 0), str(fault))
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
