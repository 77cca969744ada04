"""One call of a recording in the moment of its decision: what was known, what was found, what each step said."""

from array import array
from dataclasses import dataclass
from pathlib import Path

from catflap_probe.call import Call, Decision
from catflap_probe.features import NAMES, fill
from catflap_probe.memory.counter import ONE
from catflap_probe.memory.trunk import Sight, TrunkMemory
from catflap_probe.recording import RecordingError
from catflap_probe.replay import Writer, replay
from catflap_probe.trunk import EPOCH_S, Trunk
from catflap_probe.verdict.bundle import Bundle
from catflap_probe.verdict.flood import FLOOD_S
from catflap_probe.verdict.plausibility import Numbering
from catflap_probe.verdict.pool import is_known
from catflap_probe.verdict.turns import shown_by


@dataclass(frozen=True, slots=True)
class Known:
    """What the memory knew of a call before it took it in; ages are None where it knew nothing."""

    calls: int
    """earlier calls of the number"""
    age_s: int | None
    """since its first"""
    is_regular: bool
    is_known: bool
    """known, on a trunk that has listened for long enough to say who is not"""
    block_calls: int
    block_young: int
    """other young numbers of the block"""
    block_regular_s: int | None
    """since a regular of the block called"""
    is_neighbours: bool
    is_newcomers: bool
    suspects: int
    """other numbers that were suspects within a day"""
    likely: int
    """other numbers that called again within four hours, likelier a bank's than not"""
    turns: list[tuple[str, int]]
    """what the latest calls of such numbers show: reason codes, each with its figure (verdict.turns)"""
    brief: int
    """earlier calls of the number within FLOOD_S that nobody could answer"""
    brief_on_line: int
    nameless: float
    """calls without a number of the last ten minutes"""
    is_flooded: bool


@dataclass(frozen=True, slots=True)
class Case:
    """A decided call. `features` and `score` are what the classifier was asked and said, whether or not the verdict rests on it."""

    call: Call
    numbering: Numbering
    decision: Decision
    final_label: int
    known: Known
    features: list[int]
    label: int
    score: int
    unix_s: int


class _Witness(Writer):
    """Looks on as the last call of a line that began by a moment is decided."""

    def __init__(self, line: str, until_ms: int, bundle: Bundle) -> None:
        super().__init__(lambda _kind, _key, _text: None)
        self._line = line
        self._until_ms = until_ms
        self._bundle = bundle
        self._seen: tuple[Call, Known, list[int], int] | None = None
        self.case: Case | None = None
        self.lines: list[str] = []

    def arriving(self, call: Call, sight: Sight, is_mobile: bool, now_ms: int) -> None:  # noqa: ARG002 - an Observer is told more than it needs
        """Notes what is known; the memory has not yet taken the call in."""
        trunk = self.trunk
        assert trunk is not None and call.numbering is not None
        if trunk.settings.lines[call.line].id != self._line or call.t_ms > self._until_ms:
            return
        vector = array("h", (0 for _ in NAMES))
        fill(vector, trunk.memory, sight, call, call.numbering)
        known = _known(trunk, trunk.memory, sight, call)
        self._seen = call, known, vector.tolist(), EPOCH_S + sight.now_s

    def ended(self, call: Call, label: int, now_ms: int, released: bool) -> None:  # noqa: ARG002 - as above
        """Keeps the call, unless a later one has been kept."""
        if self._seen is None or self._seen[0] is not call or call.decision is None or call.numbering is None:
            return
        _, known, features, unix_s = self._seen
        found, score = self._bundle.classify(array("h", features))
        self.case = Case(call, call.numbering, call.decision, label, known, features, found, score, unix_s)


def find_case(folder: Path, line: str, t_s: float, bundle: Bundle) -> Case | None:
    """The incoming call that was ringing on that line at second `t_s` of the recording, or the last that rang before; None without one.

    Raises RecordingError for a recording that cannot be read or has no such line, and PolicyError.
    """
    witness = _Witness(line, round(t_s * 1000) + 1, bundle)
    replay([str(folder)], "linux", "", bundle, witness.emit, lambda _emit: witness)
    assert witness.settings is not None
    lines = [settings.id for settings in witness.settings.lines]
    if line not in lines:
        raise RecordingError(f"{folder}: no line {line}; its lines are {', '.join(lines)}")
    return witness.case


def _known(trunk: Trunk, memory: TrunkMemory, sight: Sight, call: Call) -> Known:
    assert call.numbering is not None
    row, block = sight.row, sight.block_row
    numbers, blocks, pools = memory.numbers, memory.blocks, trunk.pools
    regular_s = blocks.regular_s[block] if block >= 0 else 0
    since_s = sight.now_s - FLOOD_S
    return Known(
        calls=numbers.calls[row] if row >= 0 else 0,
        age_s=sight.now_s - numbers.first_s[row] if row >= 0 else None,
        is_regular=row >= 0 and numbers.is_regular(row, sight.now_s),
        is_known=is_known(memory, sight),
        block_calls=blocks.calls[block] if block >= 0 else 0,
        block_young=blocks.young_members(block, sight.suffix, sight.now_s) if block >= 0 else 0,
        block_regular_s=sight.now_s - regular_s if regular_s else None,
        is_neighbours=pools.evidence(memory, sight),
        is_newcomers=pools.are_newcomers(memory, sight, call.numbering),
        suspects=memory.suspicion.suspects.others(sight.key, sight.now_s),
        likely=pools.turns.others(sight.key, sight.now_s),
        turns=shown_by(pools.turns.calls),
        brief=memory.recent.brief_calls(sight.key, since_s) if sight.key else 0,
        brief_on_line=memory.recent.brief_calls(sight.key, since_s, call.line) if sight.key else 0,
        nameless=memory.nameless_10min.at(sight.now_s) / ONE,
        is_flooded=memory.flood_s > 0 and sight.now_s - memory.flood_s <= FLOOD_S,
    )
