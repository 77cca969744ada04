"""What a feature's number, 0 ... 255, means to a person: seconds, calls, lines, shares."""

from collections.abc import Callable

from catflap_probe.features import NAMES, YES
from catflap_probe.memory.counter import ONE
from catflap_probe.memory.numbers import MEMBERS
from catflap_probe.memory.scale import MOST, log8

_SECONDS_A = ((86400.0, "d"), (3600.0, "h"), (60.0, "min"), (1.0, "s"))


def duration(seconds: float) -> str:
    """In the largest unit that it fills, with two digits or so."""
    for length, unit in _SECONDS_A:
        if seconds >= length:
            return f"{seconds / length:.3g} {unit}"
    return f"{seconds:.2g} s"


def _unlog8(scaled: int) -> float:
    """About what `log8` was given."""
    if scaled < log8(8):
        return float(next((value for value in range(8) if log8(value) >= scaled), 8))
    return float(2 ** ((scaled - 8) / 8))


def _seconds(value: int) -> str:
    return "never" if value >= MOST else duration(_unlog8(value))


def _count(value: int) -> str:
    return f"{_unlog8(value):.3g}"


def _counter(value: int) -> str:
    return f"{_unlog8(value) / ONE:.2g}"


def _flag(value: int) -> str:
    return "no" if not value else "yes" if value == YES else "in part"


def _share(value: int) -> str:
    return f"{100 * value / YES:.0f} %"


def _distance(value: int) -> str:
    return "no other" if value >= MOST else f"{_unlog8(value):.3g} numbers away"


_UNITS: dict[str, Callable[[int], str]] = {
    **dict.fromkeys(("number.age", "block.age", "number.longest_talk"), lambda value: duration(_unlog8(value))),
    **dict.fromkeys(("number.gap", "number.mean_gap", "block.gap", "trunk.rover_gap", "line.gap"), _seconds),
    **dict.fromkeys(("number.least_gap",), _seconds),
    **dict.fromkeys(("number.calls", "block.calls", "trunk.rovers"), _count),
    **dict.fromkeys(("number.lines", "block.lines"), lambda value: f"{value / 8:.0f}"),
    **dict.fromkeys(("number.same_line", "number.regular", "number.line_known", "block.regular"), _flag),
    **dict.fromkeys([name for name in NAMES if name.startswith("kind.")], _flag),
    **dict.fromkeys(
        ("number.answered_share", "number.lines_share", "trunk.idle_rank", "number.suspicion", "block.suspicion", "trunk.suspicion_share"),
        _share,
    ),
    **dict.fromkeys(("trunk.calls_10min", "trunk.one_rings", "line.calls_10min", "trunk.nameless_10min"), _counter),
    **dict.fromkeys(("trunk.suspicion", "trunk.suspicion_1h"), _counter),
    **dict.fromkeys(("trunk.young_numbers", "trunk.young_calls", "trunk.young_calls_1h"), _counter),
    "number.last_ring": lambda value: duration(_unlog8(value) / 10),
    "block.young_members": lambda value: f"{value * MEMBERS / YES:.0f}",
    "block.distance": _distance,
    "block.day_rate": lambda value: f"{_unlog8(value) / 16:.2g} calls a day",
    "trunk.new_mobiles": lambda value: f"{_unlog8(value) / ONE:.2g} times the usual",
    "trunk.young_rise": lambda value: f"{_unlog8(value) / (4 * ONE):.2g} times the usual",
    "trunk.suspects": lambda value: f"{value >> 2} other numbers",
    "number.suspect_rank": lambda value: _share(value) if value else "no suspect",
    "trunk.distinct": lambda value: f"{value / 7:.0f} of the last 32 calls",
}


def told(name: str, value: int) -> str:
    """A feature's value in words; the plain number where it has no other meaning."""
    unit = _UNITS.get(name)
    return str(value) if unit is None else unit(value)
