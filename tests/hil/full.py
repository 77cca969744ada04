"""A trunk's memory as a busy month leaves it: every table of a board full."""

import random
import tempfile
from pathlib import Path

from catflap_probe.memory.keep import save
from catflap_probe.memory.trunk import RANG_ON, TrunkMemory
from catflap_probe.trunk import EPOCH_S

CALLERS = 4000
EVERY_S = 600


def full_memory(trunk_id: str, lines: int, until_unix_s: int) -> bytes:
    """The file `memory` of a probe's state, of a trunk that strangers and regulars called up to that moment."""
    rng = random.Random(5)
    memory = TrunkMemory(trunk_id, "board")
    now_s = until_unix_s - EPOCH_S - CALLERS * EVERY_S
    callers = [f"1{rng.randrange(30, 99)}{rng.randrange(10**8):08d}" for _ in range(CALLERS)]
    for number in range(CALLERS):
        caller = callers[number if number % 3 else rng.randrange(number + 1)]
        sight = memory.look(caller, now_s)
        memory.arrived(sight, number % lines, True)
        memory.ended(sight, now_s + 20, 15_000, 60 if number % 2 == 0 else RANG_ON)
        now_s += EVERY_S
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "memory"
        save(memory, str(path))
        return path.read_bytes()
