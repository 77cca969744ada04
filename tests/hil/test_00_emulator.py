"""00: the emulator's own core does what rp2040js does, instruction by instruction; its clock comes to every moment."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

from tests.hil.prepare import Prepared

ROUNDS = 300_000
SLICES = 20_000


def test_random_instructions_leave_the_same_state(prepared: Callable[[], Prepared]) -> None:
    assert run(prepared(), "check.mjs", str(ROUNDS))["tried"] > ROUNDS // 2


def test_a_sleeping_chip_comes_to_every_moment(prepared: Callable[[], Prepared]) -> None:
    ready = prepared()
    assert run(ready, "slices.mjs", str(ready.rom), str(SLICES))["us"] > SLICES * 20_000


def run(ready: Prepared, *words: str) -> dict[str, Any]:
    """What a script beside the emulator tells."""
    done = subprocess.run([ready.node, *words], cwd=ready.emulator, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told
