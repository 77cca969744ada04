"""Joins numbering check, classifier and pool evidence into one finding about a call."""

from array import array

from ..call import ALLOW, BLOCK, LABEL, LABELS, LEGIT, SIMBANK, SPOOF, TDOS, WANGIRI, Call
from ..features import NAMES, fill
from ..memory.feed import FED
from ..memory.trunk import Sight, TrunkMemory
from .bundle import Bundle
from .flood import SCORE, flood_reason, is_stoppable
from .kinds import PREMIUM
from .plausibility import IMPOSSIBLE, PLAUSIBLE, Numbering
from .pool import NEIGHBOURS, NEWCOMERS, STRANGERS, Pools, is_known
from .turns import LIKELY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..evidence import Evidence

CERTAIN = 10000


class Finding:
    """What detection says before the policy has spoken."""

    __slots__ = ("action", "features", "is_flood", "is_likely", "label", "may_stop", "pool", "reasons", "score")

    def __init__(self) -> None:
        self.label = LEGIT
        self.score = 0
        self.action = ALLOW
        self.is_flood = False
        self.is_likely = False  # a mobile that has called before, likelier a SIM bank's than not
        self.may_stop = False  # a rule by label and score may (Judge.may_stop)
        self.pool = ""  # NEIGHBOURS, STRANGERS or FED
        self.reasons: list[str] = []
        self.features = b""  # see Decision


class Judge:
    """Finds a label, a score and what detection would do; a lone model's word never blocks."""

    def __init__(self, bundle: "Bundle | None") -> None:
        """Without a bundle only the numbering check speaks."""
        self.bundle = bundle
        self.vector = array("h", (0 for _ in NAMES))

    def find(
        self, call: Call, memory: TrunkMemory, sight: Sight, numbering: Numbering, pools: Pools, evidence: "Evidence | None" = None
    ) -> Finding:
        """Judges a call that the memory has not yet taken in; by the evidence of a wider memory where there is some."""
        finding = Finding()
        if numbering.reason:
            finding.reasons.append(numbering.reason)
        if numbering.verdict == IMPOSSIBLE:
            finding.label = SPOOF
            finding.score = CERTAIN
            finding.action = BLOCK
            return finding
        if self.bundle is None:
            finding.reasons.append("model.missing")
            self._look_for_flood(finding, call, memory, sight)
            return finding
        if evidence is None:
            fill(self.vector, memory, sight, call, numbering)
        else:
            evidence.fill(self.vector, call, numbering)
        label, score = self.bundle.classify(self.vector)
        finding.score = score
        finding.features = bytes(self.vector)
        sight.suspicion = self.bundle.suspicion
        if self._look_for_flood(finding, call, memory, sight):
            return finding
        finding.is_likely = label == SIMBANK and score >= LIKELY and numbering.is_mobile() and is_known(memory, sight)
        if label == LEGIT or score < self.bundle.label_threshold:
            if pools.are_newcomers(memory, sight, numbering):
                finding.label = SIMBANK
                finding.score = max(score, self.bundle.label_threshold)
                finding.action = LABEL
                finding.reasons.append(NEWCOMERS)
                return finding
            if score >= self.bundle.label_threshold >> 1:
                finding.reasons.append("abstain")
            return finding
        finding.label = label
        finding.action = LABEL
        finding.reasons.append("model.%s" % LABELS[label])
        if label == SIMBANK:
            if pools.evidence(memory, sight) if evidence is None else evidence.is_pool:
                finding.pool = NEIGHBOURS
            elif numbering.is_mobile() and pools.are_strangers(memory, sight):
                finding.pool = STRANGERS
            elif memory.feed.has(sight.digest, sight.now_s):
                finding.pool = FED
        if finding.pool:
            finding.reasons.insert(0, finding.pool)
            is_regular = self._is_regular(memory, sight) or (evidence is not None and evidence.is_regular)
            if score >= self.bundle.block_threshold and numbering.verdict == PLAUSIBLE and not is_regular:
                finding.action = BLOCK
        return finding

    def may_stop(self, call: Call, memory: TrunkMemory, sight: Sight, numbering: Numbering, evidence: "Evidence | None") -> bool:
        """Whether the owner's rule by label and score may stop a call: never a lone first call on the model's word, and no regular's."""
        if numbering.verdict != PLAUSIBLE or not (sight.row >= 0 or call.is_known):
            return False
        return not (self._is_regular(memory, sight) or (evidence is not None and evidence.is_regular))

    def _look_for_flood(self, finding: Finding, call: Call, memory: TrunkMemory, sight: Sight) -> bool:
        reason = flood_reason(memory, sight, call.line)
        if not reason:
            return False
        finding.label = TDOS
        finding.score = max(finding.score, SCORE)
        finding.is_flood = sight.key != ""
        finding.reasons.insert(0, reason)
        finding.action = BLOCK if finding.is_flood and sight.row >= 0 and is_stoppable(memory, sight) else LABEL
        return True

    def _is_regular(self, memory: TrunkMemory, sight: Sight) -> bool:
        return sight.row >= 0 and memory.numbers.is_regular(sight.row, sight.now_s)


def final_label(call: Call, numbering: Numbering, is_one_ring: bool, is_of_sweep: bool) -> int:
    """What the call was found to be once it had ended: a stranger abroad, or one whom it is dear to call back, who rang once and was gone.

    Otherwise the label of the decision stands. `is_one_ring`: by how the call and all of its number went; `is_of_sweep`: it was gone before
    its number could be told, while others that rang once were.
    """
    decision = call.decision
    label = decision.label if decision is not None else LEGIT
    # no SIM bank's turn is told by a call without a number
    if is_of_sweep and label in (LEGIT, SIMBANK):
        return WANGIRI
    if label == LEGIT and is_one_ring and (numbering.is_foreign or numbering.kind == PREMIUM):
        return WANGIRI
    return label
