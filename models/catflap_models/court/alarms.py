"""Alarms: which are true, and how soon a campaign is found."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from catflap_models.court.case import Alarm, Calls
from catflap_models.court.metrics import Mask, Share
from catflap_probe.call import ALARM_KINDS, LABELS, LINE

CHECKPOINTS = (5, 20, 50, 190)
"""Calls of a campaign after which it is asked whether it was found (protocol, item 5)."""

Rule = Callable[[int, int, int], bool]
"""(members of the campaign, members that carry a label, all members) -> whether the alarm is true."""


def majority(true: int, labelled: int, members: int) -> bool:  # noqa: ARG001 - a Rule is told all three
    """The contract's rule: more than half of the members that carry a label belong to one campaign of that kind."""
    return 2 * true > labelled


def four_in_five(true: int, labelled: int, members: int) -> bool:  # noqa: ARG001 - a Rule is told all three
    """The stricter rule: at least two true members, and four in five of all members true."""
    return true >= 2 and 5 * true >= 4 * members


class Truth:
    """Who is behind the numbers of one trunk."""

    def __init__(self, calls: Calls) -> None:
        self._campaigns: dict[tuple[str, str], dict[str, None]] = {}
        self._labelled: set[str] = set()
        for calling, label, campaign in zip(calls.calling.tolist(), calls.label.tolist(), calls.campaign.tolist(), strict=True):
            if calling:
                self._labelled.add(calling)
                if campaign:
                    self._campaigns.setdefault((LABELS[label], calling), {})[campaign] = None

    def campaign_of(self, kind: str, members: Sequence[str], rule: Rule = majority) -> str:
        """The campaign that an alarm with these members is true of; empty where it is false."""
        votes: dict[str, int] = {}
        for member in members:
            for campaign in self._campaigns.get((kind, member), ()):
                votes[campaign] = votes.get(campaign, 0) + 1
        labelled = sum(member in self._labelled for member in members)
        for campaign, true in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
            if rule(true, labelled, len(members)):
                return campaign
        return ""


@dataclass(frozen=True, slots=True)
class Delay:
    """How long a campaign went on before it was found."""

    trunk: str
    campaign: str
    label: int
    family: str
    calls: int
    """that reached the trunk"""
    found_at: int | None
    """its call, from 1, by which it was found; None: never"""
    hours: float | None
    """from its first call on the trunk"""


def of_callers(alarms: Iterable[Alarm]) -> list[Alarm]:
    """The alarms about callers, without those about a line."""
    return [alarm for alarm in alarms if alarm.kind != ALARM_KINDS[LINE]]


def false_alarms(calls: Calls, alarms: Iterable[Alarm], rule: Rule = majority) -> list[Alarm]:
    """The alarms about callers that are true of no campaign, by their last row."""
    truth = Truth(calls)
    return [alarm for alarm in of_callers(alarms) if not truth.campaign_of(alarm.kind, alarm.members, rule)]


def until_alarm(calls: Calls, alarms: Iterable[Alarm], rule: Rule = majority) -> list[Delay]:
    """Of each campaign, how long until some alarm was true of it, by the row that made it so."""
    truth = Truth(calls)
    found_s: dict[tuple[str, str], float] = {}
    for alarm in of_callers(alarms):
        for t_s, members in alarm.growth or ((alarm.t_s, alarm.first_members),):
            campaign = truth.campaign_of(alarm.kind, members, rule)
            if campaign:
                key = alarm.kind, campaign
                found_s[key] = min(t_s, found_s.get(key, math.inf))
    delays = []
    for name, places in _campaigns(calls):
        begun_s = calls.t_s[places]
        when_s = found_s.get((LABELS[calls.label[places[0]]], name))
        found_at = None if when_s is None else max(1, int((begun_s <= when_s).sum()))
        delays.append(_delay(calls, name, places, found_at, None if when_s is None else max(0.0, when_s - float(begun_s[0]))))
    return delays


def until_hit(calls: Calls, hit: Mask) -> list[Delay]:
    """Of each campaign, how long until the first of its calls that is a hit, for instance blocked."""
    delays = []
    for name, places in _campaigns(calls):
        hits = np.flatnonzero(hit[places])
        first = int(hits[0]) if len(hits) else None
        wait_s = None if first is None else float(calls.t_s[places[first]] - calls.t_s[places[0]])
        delays.append(_delay(calls, name, places, None if first is None else first + 1, wait_s))
    return delays


def quantile(values: Iterable[float | None], part: float) -> float | None:
    """The least value that `part` of all reach, None counting as never; None where that is never, or of nothing."""
    ordered = sorted(math.inf if value is None else value for value in values)
    if not ordered:
        return None
    found = ordered[max(0, math.ceil(part * len(ordered) - 1e-9) - 1)]
    return None if math.isinf(found) else found


def undetected_after(delays: Iterable[Delay], calls: int) -> Share:
    """Of the campaigns that made at least so many calls, those that had not been found by then."""
    reached = [delay for delay in delays if delay.calls >= calls]
    return Share(sum(delay.found_at is None or delay.found_at > calls for delay in reached), len(reached))


def _campaigns(calls: Calls) -> list[tuple[str, list[int]]]:
    """Each campaign of callers and the places of its calls, in order of its first."""
    places: dict[str, list[int]] = {}
    for index, name in enumerate(calls.campaign.tolist()):
        if name and not calls.is_out[index]:
            places.setdefault(name, []).append(index)
    return list(places.items())


def _delay(calls: Calls, name: str, places: Sequence[int], found_at: int | None, wait_s: float | None) -> Delay:
    first = places[0]
    hours = None if wait_s is None else wait_s / 3600
    return Delay(calls.trunk, name, int(calls.label[first]), str(calls.family[first]), len(places), found_at, hours)
