"""The protocol's codes as people read them; a code that has no word here is shown as it is."""

from datetime import UTC, datetime

from catflap_host.store.rows import Call

LABELS = {
    "legit": ("Ordinary", "正常"),
    "simbank": ("SIM bank", "猫池"),
    "spoof": ("False number", "虚假号码"),
    "wangiri": ("One ring", "响一声"),
    "tdos": ("Call bombing", "呼死你"),
    "telemarketing": ("Telemarketing", "推销"),
    "line": ("Line", "线路"),
}

ACTIONS = {"allow": "let ring", "label": "marked", "challenge": "challenged", "block": "blocked"}

OUTCOMES = {
    "none": "rang",
    "stopped": "stopped",
    "failed": "not obeyed",
    "in-use": "line in use",
    "gone": "gone before",
    "shadow": "shadow",
}

NUMBER_KINDS = {
    "mobile": ("mobile", "手机"),
    "landline": ("landline", "固话"),
    "service": ("service", "服务号码"),
    "call-centre": ("call centre", "呼叫中心"),
    "toll-free": ("toll-free", "免费电话"),
    "shared-cost": ("shared cost", "分摊付费"),
    "premium": ("premium", "高额收费"),
    "iot": ("machine's card", "物联网卡"),
    "satellite": ("satellite", "卫星电话"),
    "voip": ("internet telephone", "网络电话"),
    "landline-or-mobile": ("landline or mobile", "固话或手机"),
    "other": ("other", "其他"),
    "unknown": ("", ""),
}

PRESENTATIONS = {"withheld": "withheld", "unavailable": "unavailable"}


def label(code: str) -> tuple[str, str]:
    """A label in English and in Chinese."""
    return LABELS.get(code, (code, ""))


def number(call: Call) -> str:
    """The other side's number: the one that calls, or why there is none; the one dialled by an outgoing call."""
    if call.direction == "out":
        return call.called or call.called_id
    # a number that is no longer kept has its pseudonym yet
    return call.calling or call.calling_id or PRESENTATIONS.get(call.presentation, "")


def number_id(call: Call) -> str:
    """The pseudonym of the number that `number` shows; empty where there is no number."""
    return call.called_id if call.direction == "out" else call.calling_id


def number_kind(code: str) -> tuple[str, str]:
    """A kind of number in English and in Chinese."""
    return NUMBER_KINDS.get(code, (code, ""))


def origin(call: Call) -> str:
    """Whose number it is and where from, as far as known."""
    return " ".join(part for part in (call.holder, call.place, call.country) if part)


def action(call: Call) -> str:
    """What was decided, and whether only in shadow."""
    word = ACTIONS.get(call.action, call.action)
    return f"{word} (shadow)" if call.shadow else word


def outcome(call: Call) -> str:
    """What came of the call, once it is over."""
    if not call.ended_ms:
        return "going on"
    word = OUTCOMES.get(call.outcome, call.outcome)
    return f"{word}, answered" if call.answered_ms >= 0 and call.outcome != "stopped" else word


def percent(score: int) -> str:
    """A score of 0 ... 10000 in per cent."""
    return f"{score / 100:.0f} %"


def iso(moment_ms: int) -> str:
    """A Unix time in ms as the `datetime` of a <time> element."""
    return datetime.fromtimestamp(moment_ms / 1000, UTC).isoformat(timespec="seconds")


def clock(moment_ms: int) -> str:
    """A Unix time in ms as a UTC time of day, until the browser puts its own."""
    return datetime.fromtimestamp(moment_ms / 1000, UTC).strftime("%H:%M:%S")
