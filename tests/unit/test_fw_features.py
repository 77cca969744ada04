"""The feature vector keeps to its promise: integers from 0 to 255, whatever the memory holds."""

from array import array

from catflap_probe.call import SHOWN, Call
from catflap_probe.features import NAMES, YES, fill
from catflap_probe.memory.trunk import TrunkMemory
from catflap_probe.verdict.numbering import check
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.trunk_plan import TrunkPlan

CALLER = "13812345678"


def test_a_number_that_called_every_line_of_a_wide_trunk_fits_the_vector() -> None:
    plan = TrunkPlan("CN", "010", "subscriber")
    numbering = check(CALLER, plan, OwnNumbers([], plan))
    memory = TrunkMemory("wide", "linux")
    for line in range(64):
        memory.arrived(memory.look(numbering.key, 1000 + line), line, True)
    call = Call(0, 1, 2_000_000)
    call.calling, call.presentation = CALLER, SHOWN
    vector = array("h", (0 for _ in NAMES))
    fill(vector, memory, memory.look(numbering.key, 2000), call, numbering)
    named = dict(zip(NAMES, vector, strict=True))
    assert named["number.lines"] == named["block.lines"] == YES
    assert all(0 <= value <= YES for value in vector)
