"""A call centre's trunk by the simulator, whose violations are known: people with a story, numbers outside the range, calls at night.

What each call broke is worked out here from the story alone, without anything of the aggregator's.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from random import Random

from catflap_models.plan import PlannedCall
from catflap_models.simulate.own_numbers import own_number
from catflap_models.simulate.scenario import CalledTrunk, Honest, OutsideRange, Scenario
from catflap_models.simulate.world import planned_calls
from catflap_probe.verdict.numbering import check_dialled
from catflap_probe.verdict.trunk_plan import SUBSCRIBER, TrunkPlan

PROBE, TRUNK, CUSTOMER, INDUSTRY = "demo-a", "callcentre-1", "外呼甲", "loans"
START_MS = 1_772_380_800_000
"""Monday, 2 March 2026, midnight in Beijing."""
DAY_S, DAYS, LINES = 86_400, 7, 8
HOLIDAY = 2
"""The Wednesday is entered as a day of rest."""
FIRST_H, END_H = 9, 20
NIGHT_SHARE = 0.05
_PLAN = TrunkPlan("CN", "010", SUBSCRIBER)
Word = tuple[str, int, int, dict[str, str]]
"""Register, from and until which second (0: open), and the fields besides the number."""


@dataclass(frozen=True)
class Story:
    """What a person said, and what a call to him breaks from which second on."""

    words: tuple[Word, ...]
    broken: tuple[tuple[int, str], ...]


def _consent(begins_s: int, ends_s: int) -> Word:
    return "consent", begins_s, ends_s, {"holder": CUSTOMER, "industry": INDUSTRY, "evidence": "录音 7"}


def _no(begins_s: int, holder: str = "", industry: str = "") -> Word:
    return "do-not-call", begins_s, 0, {"holder": holder, "industry": industry}


def _wish(begins_s: int, industry: str, wish: str) -> Word:
    return "wish", begins_s, 0, {"industry": industry, "wish": wish}


_LONG_AGO, _AFTER, _MIDDLE = -30 * DAY_S, 60 * DAY_S, 3 * DAY_S + 12 * 3_600
STORIES = (
    Story((_consent(_LONG_AGO, _AFTER),), ((_LONG_AGO, ""),)),
    Story((), ((_LONG_AGO, "no-consent"),)),
    Story((_no(_MIDDLE),), ((_LONG_AGO, "no-consent"), (_MIDDLE, "do-not-call"))),
    Story((_consent(_LONG_AGO, _MIDDLE),), ((_LONG_AGO, ""), (_MIDDLE, "consent-over"))),
    Story((_consent(_LONG_AGO, _AFTER), _no(_MIDDLE, CUSTOMER)), ((_LONG_AGO, ""), (_MIDDLE, "refused"))),
    Story((_consent(_LONG_AGO, _AFTER), _wish(_MIDDLE, INDUSTRY, "refuse")), ((_LONG_AGO, ""), (_MIDDLE, "wish"))),
    Story((_wish(_LONG_AGO, INDUSTRY, "accept"),), ((_LONG_AGO, ""),)),
    Story((_wish(_LONG_AGO, "travel", "accept"),), ((_LONG_AGO, "no-consent"),)),
    Story((_no(_LONG_AGO), _consent(_MIDDLE, _AFTER)), ((_LONG_AGO, "do-not-call"), (_MIDDLE, ""))),
    Story((_consent(_LONG_AGO, _AFTER), _no(_MIDDLE, industry="travel"), _no(_MIDDLE, "外呼乙")), ((_LONG_AGO, ""),)),
    Story((_no(_LONG_AGO, "外呼乙"), _wish(_MIDDLE, INDUSTRY, "accept")), ((_LONG_AGO, "no-consent"), (_MIDDLE, ""))),
)


def scenario(seed: int, calls_per_day: float) -> Scenario:
    """A trunk that calls, and now and then under numbers that are not its own."""
    resold = OutsideRange("resold", 1, DAYS, calls_per_day / 12)
    return Scenario(seed, CalledTrunk(TRUNK, LINES), DAYS, Honest(5.0, (), calls_per_day), (resold,))


def outgoing(seed: int, calls_per_day: float) -> list[PlannedCall]:
    """Its outgoing calls in order; some of them were put into the night."""
    rng = Random(seed)
    found = [call for call in planned_calls(scenario(seed, calls_per_day)) if call.direction == "out"]
    moved = [at_night(call) if rng.random() < NIGHT_SHARE else call for call in found]
    return sorted(moved, key=lambda call: call.t_s)


def at_night(call: PlannedCall) -> PlannedCall:
    """The same call at half past ten."""
    return replace(call, t_s=call.t_s // DAY_S * DAY_S + 22.5 * 3_600 + call.t_s % 60)


def story_of(called: str) -> Story:
    """The story of a called person, the same for the same number."""
    return STORIES[sum(map(int, called)) % len(STORIES)]


def broken_by(at_s: float, called: str, is_outside: bool) -> frozenset[str]:
    """What a call broke."""
    words = [broken for begins_s, broken in story_of(called).broken if at_s >= begins_s]
    day, hour = int(at_s // DAY_S), at_s % DAY_S / 3_600
    is_late = day % 7 >= 5 or day == HOLIDAY or not FIRST_H <= hour < END_H
    return frozenset([*filter(None, words[-1:]), *["hours"] * is_late, *["range"] * is_outside])


def planted(calls: Iterable[PlannedCall]) -> dict[int, frozenset[str]]:
    """What each call broke, by its number as `told` counts them."""
    return {number: broken_by(call.t_s, call.called, call.family == "outside-range") for number, call in enumerate(calls, 1)}


def registers(called: Iterable[str]) -> Iterator[tuple[str, int, int, dict[str, str]]]:
    """What stands in the registers: each entry with from, until (Unix ms; 0: open) and its cells."""
    contract = {
        "contract": "HT-1",
        "customer": CUSTOMER,
        "access_party": "接入方丙",
        "probe": PROBE,
        "trunk": TRUNK,
        "industry": INDUSTRY,
        "seats": str(LINES),
        "calls_per_day": "500",
        "hours": f"workday {FIRST_H:02}:00-{END_H}:00; restday none",
    }
    begins_ms = START_MS + _LONG_AGO * 1_000
    trunk = CalledTrunk(TRUNK, LINES)
    yield "contract", begins_ms, 0, contract
    yield "range", begins_ms, 0, {"range": f"{own_number(trunk, 0)}-{own_number(trunk, LINES - 1)}", "contract": "HT-1", "campaign": "春季"}
    yield "holiday", begins_ms, 0, {"day": "2026-03-04", "kind": "rest"}
    for number in sorted(set(called)):
        for register, begins_s, ends_s, cells in story_of(number).words:
            ends_ms = START_MS + ends_s * 1_000 if ends_s else 0
            yield register, START_MS + begins_s * 1_000, ends_ms, {"number": number} | cells


def told(calls: Iterable[PlannedCall], trunk: str = TRUNK) -> Iterator[dict[str, object]]:
    """What a tap on the trunk tells of them, two records a call, numbers in whatever form."""
    yield {"k": "trunk", "trunk": trunk, "at_ms": START_MS, "country": "CN", "area_code": "010", "role": "subscriber", "lines": LINES}
    for number, call in enumerate(calls, 1):
        key = {"trunk": trunk, "line": f"L{call.line + 1:02}", "call": number, "at_ms": START_MS + int(call.t_s * 1_000)}
        calling = call.calling
        if calling.startswith("0") and number % 3:
            calling = calling[3:] if calling.startswith("010") and number % 3 == 1 else "+86" + calling[1:]
        is_answered = call.answer_s is not None and call.answer_s < call.patience_s
        yield {
            "k": "call",
            **key,
            "direction": "out",
            "calling": calling,
            "presentation": "shown",
            "number_kind": check_dialled(call.called, _PLAN).kind_word(),
            "country": "CN",
            "called": call.called,
            "label": "legit",
            "action": "allow",
        }
        yield {
            "k": "end",
            **key,
            "ended_ms": key["at_ms"],
            "final_label": "legit",
            "answered_ms": int(call.talk_s * 1_000) if is_answered else -1,
        }
