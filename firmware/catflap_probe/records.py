"""Records for the aggregator (PROTOCOL.md section 3)."""

from binascii import hexlify

from .call import ACTIONS, ALARM_KINDS, ALLOW, DIRECTIONS, LABELS, LEGIT, OUTCOMES, PRESENTATIONS, Call
from .mark import WAYS
from .verdict.numbering import describe
from .verdict.plausibility import not_shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .trunk import TrunkSettings

MARK_VERSION = 1


def of_decision(call: Call, trunk: str, line: str, start_ms: int, shadow: bool, model: str) -> "dict[str, object]":
    """The `alert` or `call` record of a decided call; `start_ms` is the line clock's 0 in Unix time."""
    decision = call.decision
    assert decision is not None
    numbering = call.numbering or not_shown()
    holder, place = describe(numbering)
    record: dict[str, object] = {
        "k": "call" if decision.label == LEGIT and decision.action == ALLOW else "alert",
        "trunk": trunk,
        "line": line,
        "call": call.number,
        "at_ms": start_ms + call.t_ms,
        "decided_ms": start_ms + decision.at_ms,
        "direction": DIRECTIONS[call.direction],
        "calling": call.calling,
        "presentation": PRESENTATIONS[call.presentation],
        "name": call.name,
        "number_kind": numbering.kind_word(),
        "country": numbering.country,
        "holder": holder,
        "place": place,
        "called": call.called,
        "channel": call.channel,
        "waited": call.waited,
        "label": LABELS[decision.label],
        "score": decision.score,
        "action": ACTIONS[decision.action],
        "shadow": shadow,
        "reasons": decision.reasons,
        "model": model,
    }
    if record["k"] == "alert" and decision.features:
        # each is one byte of two, the lower one first
        record["features"] = hexlify(bytes([decision.features[place] for place in range(0, len(decision.features), 2)])).decode()
    return record


def of_end(call: Call, trunk: str, line: str, start_ms: int, label: int) -> "dict[str, object]":
    """The `end` record of a call."""
    return {
        "k": "end",
        "trunk": trunk,
        "line": line,
        "call": call.number,
        "at_ms": start_ms + call.t_ms,
        "ended_ms": start_ms + call.ended_ms,
        "name": call.name,
        "final_label": LABELS[label],
        "rings": call.rings,
        "ring_ms": call.ring_ms(),
        "cadence": call.cadence,
        "cause": call.cause,
        "answered_ms": call.ended_ms - call.answered_ms if call.answered_ms >= 0 else -1,
        "outcome": OUTCOMES[call.outcome],
        "events": _events(call),
    }


def _events(call: Call) -> "list[object]":
    """What the line told of a call, by the milliseconds since its first sign: one behind the other, each with its word."""
    told: list[object] = []
    for at_ms in call.rung:
        told.append(at_ms - call.t_ms)
        told.append("ring")
    if call.number_ms >= 0:
        told.append(call.number_ms - call.t_ms)
        told.append("number")
    return told


def of_mark(call: "Call | None", trunk: str, line: str, way: int, number: str, sender: str, at_ms: int) -> "dict[str, object]":
    """The `mark` record of a call that a person on the line says was a nuisance, at `at_ms` (Unix)."""
    return {
        "k": "mark",
        "v": MARK_VERSION,
        "trunk": trunk,
        "line": line,
        "call": call.number if call is not None else 0,
        "at_ms": at_ms,
        "way": WAYS[way],
        "calling": number,
        "sender": sender,
    }


def of_alarm(trunk: str, name: str, kind: int, members: "list[str]", score: int, reasons: "list[str]", at_ms: int) -> "dict[str, object]":
    """The `alarm` record of an alarm raised or grown at `at_ms` (Unix)."""
    return {
        "k": "alarm",
        "trunk": trunk,
        "alarm": name,
        "at_ms": at_ms,
        "kind": ALARM_KINDS[kind],
        "members": members,
        "score": score,
        "reasons": reasons,
    }


def of_trunk(settings: "TrunkSettings", at_ms: int) -> "dict[str, object]":
    """The `trunk` record: what the numbers that the trunk shows mean there, and where in the network it is."""
    return {
        "k": "trunk",
        "trunk": settings.id,
        "at_ms": at_ms,
        "country": settings.country,
        "area_code": settings.area_code,
        "role": settings.role,
        "lines": len(settings.lines),
    }


def of_health(line: str, at_ms: int, what: str, detail: str) -> "dict[str, object]":
    """The `health` record of a line, or of the probe where `line` is empty."""
    return {"k": "health", "line": line, "at_ms": at_ms, "what": what, "detail": detail}
