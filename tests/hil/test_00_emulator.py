"""00: the emulator's own core does what rp2040js does, instruction by instruction."""

import json
import subprocess
from collections.abc import Callable

from tests.hil.prepare import Prepared

ROUNDS = 300_000


def test_random_instructions_leave_the_same_state(prepared: Callable[[], Prepared]) -> None:
    ready = prepared()
    done = subprocess.run(
        [ready.node, "check.mjs", str(ROUNDS)], cwd=ready.emulator, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert json.loads(done.stdout)["tried"] > ROUNDS // 2
