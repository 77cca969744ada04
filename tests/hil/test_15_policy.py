"""15: a policy of 10,000 entries on the chip: how long one look-up takes in flash, and that it finds what it finds elsewhere."""

import json
from pathlib import Path
from random import Random

from catflap_models import numbers
from catflap_models.court.figures import Figure
from catflap_probe.rules.compiled import read
from tests.bench.policy import BOARD_BAR_US, FEW, compiled_of, written
from tests.hil.board import Board
from tests.hil.conftest import Record
from tests.hil.repl import Repl

ASKED = 200

SCRIPT = """
import gc, time
from catflap_probe.rules.compiled import read
lists = read("/lists", "CN").lists
times = []
found = []
for number in %r.split():
    gc.collect()
    key = number.encode()
    t = time.ticks_us()
    bits = lists.find(key)
    times.append(time.ticks_diff(time.ticks_us(), t))
    found.append(bits)
print(found)
print(times)
"""


def test_a_number_is_looked_up_in_time_and_found_as_elsewhere(board: Board, tmp_path: Path, is_long: bool, record: Record) -> None:
    rng = Random(5)
    policy = compiled_of(written(rng, FEW if is_long else FEW // 10))
    (tmp_path / "lists").write_bytes(policy)
    board.put({"/lists": policy})
    board.power()
    board.run(1_000_000)
    asked = [numbers.landline(rng, "010") if place % 5 == 0 else numbers.mobile(rng) for place in range(ASKED)]
    asked += [entry["number"] for entry in json.loads(written(Random(5), FEW // 10))["allow"] if "number" in entry][:20]
    found, times = Repl(board).run(SCRIPT % " ".join(asked), 60_000_000).splitlines()
    here = read(str(tmp_path / "lists"), "CN").lists
    assert here is not None
    assert json.loads(found) == [here.find(number.encode()) for number in asked]
    here.close()
    assert any(json.loads(found))
    if not is_long:
        # the bar is make hil's
        return
    taken_us = sorted(json.loads(times))
    how = f"{len(asked)} numbers in {FEW} entries, {len(policy)} bytes on flash, each look-up timed alone"
    record(Figure("policy.lookup.median", taken_us[len(taken_us) // 2] / 1000, "ms", BOARD_BAR_US / 1000, "lower", how))
    record(Figure("policy.lookup.p99", taken_us[len(taken_us) * 99 // 100] / 1000, "ms", BOARD_BAR_US / 1000, "lower", how))
    record(Figure("policy.lookup.longest", taken_us[-1] / 1000, "ms", None, "lower", how))
