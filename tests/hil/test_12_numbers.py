"""12: the numbering check on the chip: how long it takes, and that it says what it says elsewhere."""

import json

from catflap_models.court.figures import Figure
from catflap_probe.verdict.numbering import check
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.trunk_plan import TrunkPlan
from tests.hil.board import Board
from tests.hil.conftest import Record
from tests.hil.repl import Repl

BAR_MS = 1.0
AREA, OWN = "010", "01062345601"
NUMBERS = """
13812345678 013812345678 +8613812345678 17012345678 14012345678 16191234567 1401234567890 138123456789 01062345678 62345678
057188888888 075526543210 0106234567 02012345678 09011234567 95588 95013812345 4001234567 10086 12345 110 96110 1234 106575258
+85291234567 +886912345678 +442071838750 +14155551212 +819012345678 +23276123456 +6759012345 +79161234567 0085291234567
+8695588 0010086 008613812345678 000123456 01062345601 +99912345678 +12
"""

SCRIPT = """
import gc, time
from catflap_probe.verdict.numbering import check
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.trunk_plan import TrunkPlan
plan = TrunkPlan("CN", %r, "subscriber")
own = OwnNumbers([%r], plan)
numbers = %r.split()
times = []
for number in numbers:
    check(number, plan, own)
    gc.collect()
    t = time.ticks_us()
    found = check(number, plan, own)
    times.append(time.ticks_diff(time.ticks_us(), t))
    print("%%d|%%s|%%d|%%s|%%s" %% (found.verdict, found.reason, found.kind, found.key, found.country))
print(times)
"""


def test_numbers_are_judged_in_time_and_as_elsewhere(board: Board, is_long: bool, record: Record) -> None:
    board.power()
    board.run(1_000_000)
    *found, times = Repl(board).run(SCRIPT % (AREA, OWN, " ".join(NUMBERS.split())), 60_000_000).splitlines()
    plan = TrunkPlan("CN", AREA, "subscriber")
    here = [check(number, plan, OwnNumbers([OWN], plan)) for number in NUMBERS.split()]
    assert found == [f"{one.verdict}|{one.reason}|{one.kind}|{one.key}|{one.country}" for one in here]
    if not is_long:
        # the bar is make hil's
        return
    taken_us = sorted(json.loads(times))
    how = f"{len(here)} numbers of all kinds, once each after a first time"
    record(Figure("numbers.check.median", taken_us[len(taken_us) // 2] / 1000, "ms", BAR_MS, "lower", how))
    record(Figure("numbers.check.longest", taken_us[-1] / 1000, "ms", None, "lower", how))
