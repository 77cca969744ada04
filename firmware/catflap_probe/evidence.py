"""What a memory knows about a call, in a form that a gateway sends, a recording keeps and the classifier reads.

03 2810ff00...      two hex digits of flags (1: a pool calls, 2: a regular), then two for each feature that comes from memory
"""

from array import array
from binascii import crc32, hexlify, unhexlify

from .features import AFTER_KIND, KIND, NAMES, fill_kind, fill_known
from .memory.scale import log8
from .verdict.pool import Pools

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .call import Call
    from .memory.trunk import Sight, TrunkMemory
    from .verdict.plausibility import Numbering

POOL, REGULAR = 1, 2

SIZE = len(NAMES) - (AFTER_KIND - KIND)

_NUMBER_CALLS = NAMES.index("number.calls")
_BLOCK_CALLS = NAMES.index("block.calls")


class Evidence:
    """The answer to: what is known of this call, that had not yet come when it was asked?"""

    __slots__ = ("is_pool", "is_regular", "values")

    def __init__(self, is_pool: bool, is_regular: bool, values: bytes) -> None:
        """`values` holds the features' bytes in their order, without those that say what the number is."""
        self.is_pool = is_pool
        self.is_regular = is_regular
        self.values = values

    def text(self) -> str:
        """As it is sent and kept."""
        flags = (POOL if self.is_pool else 0) | (REGULAR if self.is_regular else 0)
        return hexlify(bytes([flags]) + self.values).decode()

    def fill(self, out: "array[int]", call: "Call", numbering: "Numbering") -> None:
        """Writes the vector of the call."""
        values = self.values
        for place in range(KIND):
            out[place] = values[place]
        for place in range(KIND, AFTER_KIND):
            out[place] = 0
        for place in range(AFTER_KIND, len(NAMES)):
            out[place] = values[_place(place)]
        fill_kind(out, call, numbering)

    def knows_number(self) -> bool:
        """Whether the number had called before."""
        return self.values[_NUMBER_CALLS] > 0

    def knows_less(self, memory: "TrunkMemory", sight: "Sight") -> bool:
        """Whether a memory that has taken the call in has heard of number or block more often: the other one was away meanwhile."""
        if sight.row >= 0 and log8(memory.numbers.calls[sight.row] - 1) > self.values[_NUMBER_CALLS]:
            return True
        return sight.block_row >= 0 and log8(memory.blocks.calls[sight.block_row] - 1) > self.values[_place(_BLOCK_CALLS)]


def gather(memory: "TrunkMemory", sight: "Sight", line: int, pools: Pools) -> Evidence:
    """What a memory that has not yet taken the call in knows of it; `line` is the index of the line that it rings."""
    vector = array("h", (0 for _ in NAMES))
    fill_known(vector, memory, sight, line)
    values = bytes([vector[place] for place in range(len(NAMES)) if not KIND <= place < AFTER_KIND])
    is_regular = sight.row >= 0 and memory.numbers.is_regular(sight.row, sight.now_s)
    return Evidence(pools.evidence(memory, sight), is_regular, values)


def read(text: str) -> Evidence:
    """The evidence written in `text`; raises ValueError."""
    data = unhexlify(text)
    if len(data) != 1 + SIZE or data[0] > POOL | REGULAR:
        raise ValueError("%r is no evidence of this release" % text)
    return Evidence(bool(data[0] & POOL), bool(data[0] & REGULAR), data[1:])


def release() -> str:
    """Tells the vectors of one release from those of another."""
    return "%08x" % crc32(" ".join(NAMES).encode())


def _place(feature: int) -> int:
    """Where among the values a feature after those that say what the number is stands."""
    return feature - (AFTER_KIND - KIND)
