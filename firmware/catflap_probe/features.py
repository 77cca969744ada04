"""The fixed vector that describes a call to the classifier: 48 integers, 0 ... 255, the same code for training and for the board."""

from array import array

from .call import UNAVAILABLE, WITHHELD, Call
from .memory.counter import ONE
from .memory.numbers import MEMBERS
from .memory.scale import MOST, log8
from .memory.table import DAY_S, count_bits
from .memory.trunk import Sight, TrunkMemory
from .verdict.kinds import CALL_CENTRE
from .verdict.plausibility import Numbering

NAMES = (
    "number.calls",
    "number.age",
    "number.gap",
    "number.mean_gap",
    "number.lines",
    "number.same_line",
    "number.answered_share",
    "number.last_ring",
    "number.regular",
    "kind.mobile",
    "kind.international",
    "kind.service",
    "kind.none",
    "kind.withheld",
    "kind.implausible",
    "block.young_members",
    "block.gap",
    "block.distance",
    "block.age",
    "block.calls",
    "block.lines",
    "block.day_rate",
    "block.regular",
    "trunk.calls_10min",
    "trunk.new_mobiles",
    "trunk.rovers",
    "trunk.idle_rank",
    "trunk.rover_gap",
    "trunk.one_rings",
    "trunk.distinct",
    "line.gap",
    "line.calls_10min",
    "number.least_gap",
    "number.lines_share",
    "number.line_known",
    "trunk.young_numbers",
    "trunk.young_calls",
    "trunk.young_calls_1h",
    "trunk.young_rise",
    "trunk.nameless_10min",
    "number.longest_talk",
    "number.suspicion",
    "block.suspicion",
    "trunk.suspicion",
    "trunk.suspicion_1h",
    "trunk.suspicion_share",
    "trunk.suspects",
    "number.suspect_rank",
)

YES = MOST

KIND = 9
AFTER_KIND = 15
SUSPICION = 41
"""Places KIND ... AFTER_KIND - 1 say what the number is; all others what the memory knows, from SUSPICION on of what earlier calls
seemed."""


def fill(out: "array[int]", memory: TrunkMemory, sight: Sight, call: Call, numbering: Numbering) -> None:
    """Writes the vector of a call that the memory has not yet taken in; `out` holds len(NAMES) integers."""
    fill_known(out, memory, sight, call.line)
    fill_kind(out, call, numbering)


def fill_known(out: "array[int]", memory: TrunkMemory, sight: Sight, line: int) -> None:
    """Writes what the memory knows, and nothing in the places that say what the number is."""
    for index in range(len(NAMES)):
        out[index] = 0
    _number(out, memory, sight, line)
    _block(out, memory, sight)
    _trunk(out, memory, sight)
    last_s = memory.line_last_s[line]
    out[30] = log8(sight.now_s - last_s) if last_s else YES
    out[31] = log8(memory.line_10min[line].at(sight.now_s))
    out[39] = log8(memory.nameless_10min.at(sight.now_s))
    _young(out, memory, sight.now_s)
    out[SUSPICION] = memory.numbers.suspicion[sight.row] if sight.row >= 0 else 0
    out[SUSPICION + 1] = memory.blocks.suspicion[sight.block_row] if sight.block_row >= 0 else 0
    memory.suspicion.fill(out, SUSPICION + 2, sight.key, sight.now_s)


def _lines(mask: int) -> int:
    scaled = 8 * count_bits(mask)
    return scaled if scaled < YES else YES


def _number(out: "array[int]", memory: TrunkMemory, sight: Sight, line: int) -> None:
    row = sight.row
    if row < 0:
        out[2] = out[3] = YES
        return
    numbers = memory.numbers
    calls = numbers.calls[row]
    age_s = sight.now_s - numbers.first_s[row]
    out[0] = log8(calls)
    out[1] = log8(age_s)
    out[2] = log8(sight.now_s - numbers.last_s[row])
    out[3] = log8(age_s // calls) if calls else YES
    out[4] = _lines(numbers.lines[row])
    out[5] = YES if numbers.last_line[row] == line else 0
    out[6] = numbers.answered[row] * YES // calls if calls else 0
    out[7] = log8(numbers.ring_ds[row])
    out[8] = YES if numbers.is_regular(row, sight.now_s) else 0
    out[32] = numbers.least_gap[row]
    out[40] = numbers.talk[row]
    out[33] = count_bits(numbers.lines[row]) * YES // calls if calls else 0
    if out[33] > YES:
        out[33] = YES
    out[34] = YES if numbers.lines[row] >> (line & 31) & 1 else 0
    if out[6] > YES:
        out[6] = YES


def fill_kind(out: "array[int]", call: Call, numbering: Numbering) -> None:
    """Writes what the number is into its places, which hold zeros."""
    if numbering.is_mobile():
        out[9] = YES
    elif numbering.is_foreign:
        out[10] = YES
    elif numbering.is_service():
        # call centres' own ranges are dialled from; what is a service's has other business
        out[11] = YES if numbering.kind == CALL_CENTRE else YES >> 1
    if call.presentation == UNAVAILABLE:
        out[12] = YES
    elif call.presentation == WITHHELD:
        out[13] = YES
    if numbering.is_false():
        out[14] = YES


def _block(out: "array[int]", memory: TrunkMemory, sight: Sight) -> None:
    row = sight.block_row
    if row < 0:
        out[16] = out[17] = YES
        return
    blocks = memory.blocks
    out[15] = blocks.young_members(row, sight.suffix, sight.now_s) * YES // MEMBERS
    gap_s = blocks.since_other_s(row, sight.suffix, sight.now_s)
    out[16] = log8(gap_s) if gap_s >= 0 else YES
    out[17] = log8(blocks.nearest(row, sight.suffix))
    age_s = sight.now_s - blocks.first_s[row]
    out[18] = log8(age_s)
    out[19] = log8(blocks.calls[row])
    out[20] = _lines(blocks.lines[row])
    out[21] = log8(blocks.calls[row] * 16 * DAY_S // (age_s + DAY_S))
    regular_s = blocks.regular_s[row]
    out[22] = YES if regular_s and sight.now_s - regular_s < 30 * DAY_S else 0


def _trunk(out: "array[int]", memory: TrunkMemory, sight: Sight) -> None:
    now_s = sight.now_s
    out[23] = log8(memory.calls_10min.at(now_s))
    # an hour's newcomers against an hour of the last weeks: 64 means as usual
    usual = memory.new_mobiles_week.at(now_s) // 168 + 1
    out[24] = log8(memory.new_mobiles_1h.at(now_s) * ONE // usual)
    rovers = memory.rovers
    out[25] = log8(len(rovers.rovers))
    out[26] = rovers.idle_rank(sight.key) + 1 if sight.key else 0
    if out[26] > YES:
        out[26] = YES
    out[27] = log8(now_s - rovers.last_s) if rovers.last_s else YES
    out[28] = log8(memory.one_rings_1h.at(now_s))
    out[29] = memory.recent.distinct() * 7


def _young(out: "array[int]", memory: TrunkMemory, now_s: int) -> None:
    numbers = memory.young_numbers.at(now_s)
    out[35] = log8(numbers)
    out[36] = log8(memory.young_calls.at(now_s))
    out[37] = log8(memory.young_calls_1h.at(now_s))
    # a day's young numbers against a day of the last weeks: 64 means as usual
    out[38] = log8(numbers * (4 * ONE) // ((memory.young_numbers_weeks.at(now_s) >> 4) + 4))
