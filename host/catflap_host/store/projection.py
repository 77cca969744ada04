"""From a record as a probe wrote it to the columns of a call or an alarm: every odd field is cut to size, none raises.

A caller chooses his name, and a probe may be faulty: nothing here is trusted, and nothing is lost for it, since the record itself is kept.
"""

KINDS = ("alert", "call", "end", "alarm", "mark", "health", "trunk", "drop")
UNKNOWN_KIND = "unknown"
MAX_SCORE = 10_000
MAX_REASONS = 32
MAX_MEMBERS = 1_000
MAX_NAME_CHARS = 80
MAX_NUMBER_CHARS = 40
MAX_CODE_CHARS = 64
_LAST_MS = 253_402_300_799_999  # the end of the year 9999, the last that a datetime can say
_LAST_INT = 2**63 - 1

Columns = dict[str, str | int]


def kind_of(fields: dict[str, object]) -> str:
    """A record's kind, `unknown` for one that the protocol does not name."""
    kind = fields.get("k")
    return kind if isinstance(kind, str) and kind in KINDS else UNKNOWN_KIND


def call_key(fields: dict[str, object]) -> Columns | None:
    """Trunk, line and number of the call that a record is about, or None where it does not say."""
    trunk, line, call = fields.get("trunk"), fields.get("line"), fields.get("call")
    if not isinstance(trunk, str) or not isinstance(line, str) or type(call) is not int or not 0 <= call <= _LAST_INT:
        return None
    return {"trunk": _clean(trunk, MAX_CODE_CHARS), "line": _clean(line, MAX_CODE_CHARS), "call": call}


def decision_columns(fields: dict[str, object]) -> Columns:
    """What an `alert` or `call` record says of its call."""
    return {
        "at_ms": _moment(fields, "at_ms"),
        "decided_ms": _moment(fields, "decided_ms"),
        "direction": clean_text(fields, "direction", MAX_CODE_CHARS),
        "calling": clean_text(fields, "calling", MAX_NUMBER_CHARS),
        "presentation": clean_text(fields, "presentation", MAX_CODE_CHARS),
        "name": clean_text(fields, "name", MAX_NAME_CHARS),
        "number_kind": clean_text(fields, "number_kind", MAX_CODE_CHARS),
        "country": clean_text(fields, "country", MAX_CODE_CHARS),
        "holder": clean_text(fields, "holder", MAX_NAME_CHARS),
        "place": clean_text(fields, "place", MAX_NAME_CHARS),
        "called": clean_text(fields, "called", MAX_NUMBER_CHARS),
        "channel": clean_text(fields, "channel", MAX_CODE_CHARS),
        "label": clean_text(fields, "label", MAX_CODE_CHARS),
        "score": _whole(fields, "score", 0, MAX_SCORE),
        "action": clean_text(fields, "action", MAX_CODE_CHARS),
        "shadow": int(fields.get("shadow") is True),
        "reasons": ";".join(texts(fields, "reasons", MAX_REASONS)),
        "model": clean_text(fields, "model", MAX_CODE_CHARS),
    }


def ending_columns(fields: dict[str, object]) -> Columns:
    """What an `end` record says of its call."""
    return {
        "at_ms": _moment(fields, "at_ms"),
        "ended_ms": _moment(fields, "ended_ms"),
        "final_label": clean_text(fields, "final_label", MAX_CODE_CHARS),
        "rings": _whole(fields, "rings", 0, _LAST_INT),
        "ring_ms": _whole(fields, "ring_ms", 0, _LAST_INT),
        "answered_ms": _whole(fields, "answered_ms", -1, _LAST_INT),
        "outcome": clean_text(fields, "outcome", MAX_CODE_CHARS),
    }


def alarm_columns(fields: dict[str, object]) -> Columns | None:
    """What an `alarm` record says but for its members, or None where it names no alarm."""
    trunk, alarm = fields.get("trunk"), fields.get("alarm")
    if not isinstance(trunk, str) or not isinstance(alarm, str):
        return None
    return {
        "trunk": _clean(trunk, MAX_CODE_CHARS),
        "alarm": _clean(alarm, MAX_CODE_CHARS),
        "at_ms": _moment(fields, "at_ms"),
        "kind": clean_text(fields, "kind", MAX_CODE_CHARS),
        "score": _whole(fields, "score", 0, MAX_SCORE),
        "reasons": ";".join(texts(fields, "reasons", MAX_REASONS)),
    }


def members(fields: dict[str, object]) -> list[str]:
    """The numbers that an `alarm` record ties to its alarm."""
    return texts(fields, "members", MAX_MEMBERS)


def dropped_alerts(fields: dict[str, object], dropped: int) -> int:
    """How many of a drop's sequence numbers were alerts: as many as it says, none more than there are."""
    return _whole(fields, "alerts", 0, dropped)


def texts(fields: dict[str, object], name: str, most: int) -> list[str]:
    """A list of codes or numbers, cleaned, without empty ones and without the `;` that joins them on disk."""
    value = fields.get(name)
    if not isinstance(value, list):
        return []
    return [text for item in value[:most] if (text := _clean(_as_text(item), MAX_CODE_CHARS).replace(";", ","))]


def _moment(fields: dict[str, object], name: str) -> int:
    return _whole(fields, name, 0, _LAST_MS)


def _whole(fields: dict[str, object], name: str, least: int, most: int) -> int:
    """A whole number within its bounds; `least` for anything else."""
    value = fields.get(name)
    return min(max(value, least), most) if type(value) is int else least


def clean_text(fields: dict[str, object], name: str, most: int) -> str:
    value = fields.get(name)
    # what nearly every field is
    if type(value) is str and len(value) <= most and value.isprintable():
        return value
    return _clean(_as_text(value), most)


def _as_text(value: object) -> str:
    """Text as it is, a number in digits, nothing for anything else."""
    return str(value) if isinstance(value, str | int | float) else ""


def _clean(text: str, most: int) -> str:
    """At most `most` characters that show on one line: no control, no half of a pair, nothing that turns the direction of writing."""
    text = text[:most]
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " if char.isspace() else "\ufffd" for char in text)
