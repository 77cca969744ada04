"""Who calls a trunk anyway: people it knows, strangers, services, and callers who show no number."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from catflap_models import numbers
from catflap_models.plan import PlannedCall
from catflap_models.simulate.hours import OFFICE, arrivals, count
from catflap_models.simulate.office import AGENTS_TALK, Office, any_line, call, mobile

# lift alarms, and mobiles that an old exchange shows with a 0 in front; wide prior
_ODD_SHARE = 0.006


@dataclass(frozen=True, slots=True)
class _People:
    """What kind of people call; all shares are wide priors."""

    mobile_share: float
    virtual_share: float
    local_share: float
    """Of the landlines, those of the trunk's own area."""
    foreign_share: float


def _draw_people(rng: Random) -> _People:
    return _People(rng.uniform(0.45, 0.85), rng.uniform(0.01, 0.06), rng.uniform(0.6, 0.9), rng.choice((0.0, 0.005, 0.01, 0.03)))


def _number(office: Office, people: _People, rng: Random) -> tuple[str, bool]:
    """Somebody's number, and whether it is foreign."""
    kind = rng.random()
    if kind < people.foreign_share:
        return numbers.abroad(rng), True
    if rng.random() < _ODD_SHARE:
        return (numbers.in_machine(rng) if rng.random() < 0.3 else "0" + numbers.mobile(rng, 0.0)), False
    if kind < people.foreign_share + people.mobile_share:
        return mobile(office, rng, people.virtual_share), False
    return numbers.landline(rng, office.trunk.area_code, people.local_share), False


def contacts(office: Office, calls_per_day: float, rng: Random) -> Iterator[list[PlannedCall]]:
    """A day's calls of people who know the trunk: most call one line, some several; Zipf weights, and a slow turnover over weeks."""
    people = _draw_people(rng)
    exponent = rng.uniform(0.7, 1.1)
    shared_share = rng.uniform(0.1, 0.4)
    lost_a_week = rng.uniform(0.005, 0.04)
    own = [[_number(office, people, rng) for _ in range(rng.randrange(15, 60))] for _ in range(office.trunk.lines)]
    shared = [_number(office, people, rng) for _ in range(30 + 10 * office.trunk.lines)]
    circles = [*own, shared]
    weights = [tuple(accumulate((rank + 1.0) ** -exponent for rank in range(len(circle)))) for circle in circles]
    for day, busy in enumerate(office.traffic):
        for circle in circles:
            for _ in range(count(rng, len(circle) * lost_a_week / 7.0)):
                circle[rng.randrange(len(circle))] = _number(office, people, rng)
        found = []
        for t_s in arrivals(rng, day, calls_per_day * busy, OFFICE):
            line = any_line(office, rng)
            place = len(own) if rng.random() < shared_share else line
            calling, is_foreign = rng.choices(circles[place], cum_weights=weights[place])[0]
            found.append(call(office, rng, t_s, line, calling, "foreign" if is_foreign else "contact"))
        yield found


def strangers(office: Office, calls_per_day: float, rng: Random) -> Iterator[list[PlannedCall]]:
    """A day's calls of people who call for the first time and mostly the last."""
    people = _draw_people(rng)
    for day, busy in enumerate(office.traffic):
        found = []
        for t_s in arrivals(rng, day, calls_per_day * busy, OFFICE):
            calling, is_foreign = _number(office, people, rng)
            found.append(call(office, rng, t_s, any_line(office, rng), calling, "foreign" if is_foreign else "stranger"))
        yield found


def services(office: Office, calls_per_day: float, rng: Random) -> Iterator[list[PlannedCall]]:
    """A day's calls of the carriers, parcel services and hotlines that this trunk has to do with."""
    known = [numbers.service(rng) for _ in range(6)]
    for day, busy in enumerate(office.traffic):
        times_s = arrivals(rng, day, calls_per_day * busy, OFFICE)
        yield [call(office, rng, t_s, any_line(office, rng), rng.choice(known), "service", AGENTS_TALK) for t_s in times_s]


def withheld(office: Office, calls_per_day: float, rng: Random) -> Iterator[list[PlannedCall]]:
    """A day's calls without a number: some callers hide it, some networks lose it."""
    hidden_share = rng.uniform(0.2, 0.8)
    for day, busy in enumerate(office.traffic):
        found = []
        for t_s in arrivals(rng, day, calls_per_day * busy, OFFICE):
            presentation = "withheld" if rng.random() < hidden_share else "unavailable"
            found.append(call(office, rng, t_s, any_line(office, rng), "", "withheld", presentation=presentation))
        yield found
