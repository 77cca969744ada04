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

PRESENTATIONS = {"withheld": "withheld", "unavailable": "unavailable"}


def label(code: str) -> tuple[str, str]:
    """A label in English and in Chinese."""
    return LABELS.get(code, (code, ""))


def calling(call: Call) -> str:
    """The calling number, or why there is none."""
    return call.calling or PRESENTATIONS.get(call.presentation, "")


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
