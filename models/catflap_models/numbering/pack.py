"""Packs tries over digits and their leaves as catflap_probe.verdict.number_layout has them; equal parts are stored once."""

from collections.abc import Mapping, Sequence

from catflap_probe.verdict.number_layout import ENTRY_BYTES, FARTHEST, FIRST_NODE, HEAD_BYTES, LAST, LEAF_BYTES, MORE, VALUE_HIGH

DIGITS = "0123456789"

Target = tuple[bool, int]
"""Where a digit leads: (True, number of a leaf) or (False, number of a node)."""

NOWHERE = (False, 0)

Entries = tuple[tuple[int, int], ...]
"""A leaf: (kind, mask of lengths), in the order in which they are tried."""

_Branches = tuple[tuple[int, Target], ...]
"""A node: (mask of digits, target), the likeliest first."""

_NODE_BYTES_MAX = len(DIGITS) * ENTRY_BYTES


class Packer:
    """Collects leaves, and nodes, children before parents. Node 0 is nowhere, leaf 0 nothing."""

    def __init__(self) -> None:
        self.nodes = bytearray(HEAD_BYTES)
        self.leaves = bytearray(LEAF_BYTES)
        self._leaf_numbers: dict[Entries, int] = {}
        self._branches: list[_Branches] = [()]
        self._places = [0]
        self._node_numbers: dict[_Branches, int] = {}

    def leaf(self, entries: Entries) -> Target:
        """The leaf of these entries."""
        if not entries:
            return NOWHERE
        if entries not in self._leaf_numbers:
            self._leaf_numbers[entries] = len(self.leaves) // LEAF_BYTES
            for index, (kind, mask) in enumerate(entries):
                self.leaves += bytes([kind | (MORE if index < len(entries) - 1 else 0)]) + mask.to_bytes(2, "little")
        return True, self._leaf_numbers[entries]

    def node(self, targets: Sequence[Target]) -> Target:
        """The node that leads from each of the ten digits to its target."""
        masks: dict[Target, int] = {}
        for digit, target in enumerate(targets):
            if target != NOWHERE:
                masks[target] = masks.get(target, 0) | 1 << digit
        if not masks:
            return NOWHERE
        order = sorted(masks, key=lambda target: (-masks[target].bit_count(), target))
        branches = tuple((masks[target], target) for target in order)
        if branches not in self._node_numbers:
            self._node_numbers[branches] = len(self._branches)
            self._branches.append(branches)
            self._places.append(0)
            self._write(self._node_numbers[branches])
        return False, self._node_numbers[branches]

    def place(self, target: Target) -> int:
        """The place of a trie's root; a leaf alone gets a node of its own."""
        return self._places[(self.node([target] * len(DIGITS)) if target[0] else target)[1]]

    def trie(self, leaves: Mapping[str, Target]) -> int:
        """The place of a trie in which the longest prefix holds."""
        inner = {prefix[:length] for prefix in leaves for length in range(len(prefix))}

        def target(prefix: str, above: Target) -> Target:
            here = leaves.get(prefix, above)
            return self.node([target(prefix + digit, here) for digit in DIGITS]) if prefix in inner else here

        return self.place(target("", NOWHERE))

    def _write(self, number: int) -> None:
        """Writes a node behind all others; those it leads to are written once more where they are too far behind."""
        children = [child for _, (is_leaf, child) in self._branches[number] if not is_leaf]
        written = -1
        while written < len(self.nodes):
            written = len(self.nodes)
            for child in children:
                if written + _NODE_BYTES_MAX - self._places[child] > FARTHEST * ENTRY_BYTES:
                    self._write(child)
        self._places[number] = len(self.nodes)
        for index, (mask, (is_leaf, child)) in enumerate(self._branches[number]):
            value = child if is_leaf else FIRST_NODE + (len(self.nodes) - self._places[child]) // ENTRY_BYTES - 1
            assert value < FIRST_NODE or not is_leaf, "more leaves than an entry can name"
            last = LAST if index == len(self._branches[number]) - 1 else 0
            self.nodes += (mask | last | value << 2 & VALUE_HIGH).to_bytes(2, "little") + bytes([value & 0xFF])
