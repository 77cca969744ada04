"""A day of calls in the heap of a board: it fits, and what is in use does not grow."""

import subprocess
from pathlib import Path

import pytest

from catflap_host import micropython
from catflap_host.bundles import released_bundle
from catflap_host.commands.replay import HEAPS
from catflap_models.demo import demo
from tests.exchange.recording import record
from tests.replay.recorded import mixed_trunk

pytestmark = pytest.mark.skipif(micropython.find() is None, reason="no MicroPython for this machine")
SLACK_BYTES = 8192
"""What calls under way and their names may add at one moment or another, on a 64-bit machine."""


def test_a_day_of_calls_leaves_the_heap_flat(tmp_path: Path) -> None:
    program = micropython.find()
    assert program is not None
    record(mixed_trunk(8), demo(1).day, tmp_path / "day")
    script = str(Path(__file__).with_name("heap_on_board.py"))
    words = [program, "-X", f"heapsize={HEAPS['board']}", script, str(released_bundle()), str(tmp_path / "day")]
    done = subprocess.run(words, env=micropython.environment(), capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-500:]
    *used, (calls, _) = [[int(word) for word in line.split()] for line in done.stdout.splitlines()]
    assert calls > 600
    middle = len(used) // 2
    assert max(heap for _, heap in used[middle:]) <= max(heap for _, heap in used[:middle]) + SLACK_BYTES
