"""Three trunks of one network, an international gateway, an interconnect and a subscriber's, with calls whose way is known."""

from dataclasses import dataclass, field
from random import Random

START_MS = 1_772_380_800_000
NUMBER = "+8613812345678"
COUNTRY, AREA = "CN", "010"
ROLES = {"gateway": "international", "hub": "interconnect", "clinic": "subscriber", "surgery": "subscriber"}
"""Probes, each of one trunk; the second subscriber gets what the first forwards."""

ERROR_MS = {"gateway": 83_000, "hub": -47_500, "clinic": 3_600_000, "surgery": -900}
"""How far ahead each probe's clock is."""

SHOWN = {
    "gateway": ("+8613812345678", "008613812345678", "8613812345678"),
    "hub": ("13812345678", "+8613812345678", "013812345678"),
    "clinic": ("13812345678", "013812345678"),
    "surgery": ("13812345678",),
}
CALLED = {"clinic": "01062345601", "surgery": "01062345702"}
NOT_IT = ("13812345679", "+4413812345678", "1381234567", "+84912345678", "01038123456", "", "+1381234567")
"""Calling numbers that look like it, or are seen at the same moment."""


@dataclass
class Planted:
    """Records by probe in order of their making, and the truth: each call's legs as (probe, call), in order of its way."""

    records: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    calls: list[list[tuple[str, int]]] = field(default_factory=list)
    in_window: list[bool] = field(default_factory=list)


def plant(seed: int, calls: int, window_s: tuple[int, int]) -> Planted:
    """Calls at random moments of a day, of the number and of others at the same moments; times by each probe's own clock.

    The number calls the clinic at most once in forty seconds, and elsewhere at the same time as well: it is a forged one.
    """
    rng = Random(seed)
    made: list[tuple[int, str, dict[str, object], int, int]] = []
    found = Planted()
    begun_ms = 0
    for number in range(calls):
        slot_ms = 2 * 86_400_000 // calls
        at_ms = number // 2 * slot_ms + rng.randrange(slot_ms - 40_000)
        is_elsewhere = number % 2 == 1
        if is_elsewhere:
            at_ms = begun_ms + rng.randrange(-2_000, 2_000)
        begun_ms = at_ms
        ways = (("gateway", "hub", "clinic"), ("hub", "clinic"), ("clinic",), ("gateway", "hub", "clinic", "hub", "surgery"))
        way = ("gateway",) if is_elsewhere else rng.choice(ways)
        legs_ms = at_ms
        for place, probe in enumerate(way):
            called = CALLED["surgery" if place > 2 else "clinic"]
            if probe == "gateway":
                # what goes elsewhere passes no other probe
                called = "8675581234567" if len(way) == 1 else "8601062345601"
            made.append((legs_ms, probe, _decision(rng, probe, rng.choice(SHOWN[probe]), called), number, place))
            legs_ms += rng.randrange(300, 3_000) if probe != "clinic" else rng.randrange(3_000, 15_000)
        found.calls.append([])
        found.in_window.append(window_s[0] * 1000 <= at_ms < window_s[1] * 1000)
        for _ in range(rng.randrange(4)):
            other = rng.choice(tuple(ROLES))
            distractor = _decision(rng, other, rng.choice(NOT_IT), CALLED["clinic"])
            made.append((at_ms + rng.randrange(-3_000, 3_000), other, distractor, -1, 0))
    _out_of_the_way(made, found)
    return found


def _out_of_the_way(made: list[tuple[int, str, dict[str, object], int, int]], found: Planted) -> None:
    """Numbers the calls of each probe in order of time and puts its clock's error on them."""
    made.sort(key=lambda entry: entry[0])
    legs: dict[int, dict[int, tuple[str, int]]] = {}
    for probe, role in ROLES.items():
        trunk = {"k": "trunk", "trunk": f"{probe}-1", "at_ms": START_MS, "country": COUNTRY, "area_code": AREA, "role": role, "lines": 30}
        found.records[probe] = [trunk]
    for at_ms, probe, record, number, place in made:
        call = len(found.records[probe])
        shown_ms = START_MS + at_ms + ERROR_MS[probe]
        found.records[probe].append(record | {"call": call, "at_ms": shown_ms, "decided_ms": shown_ms + 50})
        if number >= 0:
            legs.setdefault(number, {})[place] = (probe, call)
    for number, places in legs.items():
        found.calls[number] = [places[place] for place in sorted(places)]


def _decision(rng: Random, probe: str, calling: str, called: str) -> dict[str, object]:
    return {
        "k": "alert",
        "trunk": f"{probe}-1",
        "line": f"L{rng.randrange(30):02d}",
        "direction": "in",
        "calling": calling,
        "presentation": "shown" if calling else "withheld",
        "name": "<script>alert(1)</script>",
        "number_kind": "mobile",
        "country": COUNTRY,
        "holder": "",
        "place": "",
        "called": called,
        "channel": "",
        "label": "spoof",
        "score": 10_000,
        "action": "label",
        "shadow": False,
        "reasons": ["cn.plus86-from-abroad"],
        "model": "m",
    }
