"""All calls of a trunk in time order: honest people and campaigns, joined to what its lines can take."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import blake2b
from heapq import heappop, heappush, merge
from random import Random

from catflap_models.plan import PlannedCall
from catflap_models.simulate.campaigns import campaign_calls
from catflap_models.simulate.honest import SINGLE_MINDED, honest_calls
from catflap_models.simulate.redials import REDIAL, wait_s, waking_s
from catflap_models.simulate.scenario import DAY_S, Scenario

# time that a line needs between two calls
_CLEAR_S = 2.0
# wide prior: who hears the busy tone tries again
_AFTER_BUSY = 0.6


def planned_calls(scenario: Scenario) -> Iterator[PlannedCall]:
    """The calls of `scenario.days` days in time order, at most one at a time on a line; the same scenario gives the same calls everywhere.

    A call that finds its line busy never reaches it; an honest person may redial. What honest people mean to do is the same whatever
    campaigns there are. Memory stays the same however long the plan. ValueError for a trunk that the world knows no callers of.
    """
    trunk = scenario.trunk
    if trunk.country != "CN":
        raise ValueError(f"no callers known for country {trunk.country!r}: only CN")
    if trunk.role != "subscriber":
        raise ValueError(f"no callers known for role {trunk.role!r}: only subscriber")
    streams = [honest_calls(scenario.honest, trunk, scenario.days, _stream(f"{scenario.seed}:honest"))]
    streams += [
        campaign_calls(campaign, trunk, scenario.days, _stream(f"{scenario.seed}:campaign:{campaign.name}"))
        for campaign in scenario.campaigns
    ]
    return _reaching(merge(*streams, key=_order), scenario)


def held_s(call: PlannedCall) -> float:
    """How long a call keeps its line from its first ring on."""
    if call.answer_s is not None and call.answer_s < call.patience_s:
        return call.answer_s + call.talk_s
    return call.patience_s


def _reaching(calls: Iterator[PlannedCall], scenario: Scenario) -> Iterator[PlannedCall]:
    """Those that find their line free, redials after the busy tone among them."""
    end_s = scenario.days * DAY_S
    free_s = [0.0] * scenario.trunk.lines
    again: list[tuple[tuple[float, int, str], PlannedCall]] = []
    for planned in _with_redials(calls, again):
        if planned.t_s >= end_s:
            return
        if planned.t_s >= free_s[planned.line]:
            free_s[planned.line] = planned.t_s + held_s(planned) + _CLEAR_S
            yield _as_shown(planned, scenario)
        elif planned.label == "legit" and planned.family not in SINGLE_MINDED:
            # his own stream, so that it is the same call that is redialled, whatever kept the line busy
            rng = _stream(f"{scenario.seed}:busy:{planned.t_s}:{planned.line}:{planned.calling}")
            if rng.random() < _AFTER_BUSY:
                t_s = round(waking_s(rng, planned.t_s, planned.t_s + wait_s(rng, REDIAL)), 3)
                redialled = replace(planned, t_s=t_s)
                heappush(again, (_order(redialled), redialled))


def _with_redials(calls: Iterator[PlannedCall], again: list[tuple[tuple[float, int, str], PlannedCall]]) -> Iterator[PlannedCall]:
    """`calls` and the heap `again`, which grows meanwhile, in time order."""
    for planned in calls:
        order = _order(planned)
        while again and again[0][0] < order:
            yield heappop(again)[1]
        yield planned
    while again:
        yield heappop(again)[1]


def _as_shown(planned: PlannedCall, scenario: Scenario) -> PlannedCall:
    """The call as the network shows it; a false number is shown, or it were none."""
    share = scenario.modems.withheld_share
    if not share or planned.presentation != "shown" or planned.label == "spoof" or planned.direction != "in":
        return planned
    place = blake2b(f"{scenario.seed}:{planned.t_s}:{planned.line}:{planned.calling}".encode(), digest_size=8).digest()
    if int.from_bytes(place, "big") >= share * 2.0**64:
        return planned
    return replace(planned, calling="", presentation="withheld")


def _order(call: PlannedCall) -> tuple[float, int, str]:
    return call.t_s, call.line, call.calling


def _stream(name: str) -> Random:
    return Random(name)  # noqa: S311 - a plan, not a secret
