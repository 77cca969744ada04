"""Hard negatives that come all at once: emergencies, somebody who redials and redials, an evening of worried parents."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from catflap_models import numbers
from catflap_models.plan import PlannedCall
from catflap_models.simulate.hours import EVENING, HOME, OFFICE, arrivals, count, occasions, one_of
from catflap_models.simulate.office import Office, Spread, any_line, awaiting, call, mobile, one_each, some_lines

_REPORT: Spread = (3.3, 0.7)


def emergency_surges(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """Many people call within minutes, each for himself, then fewer and fewer: an accident, a power cut, an outage of the firm's own."""
    days = occasions(rng, len(office.traffic), 2.0)
    regulars = [mobile(office, rng, 0.05) for _ in range(20 + 10 * office.trunk.lines)]
    for day, busy in enumerate(office.traffic):
        # most who call in an emergency have called before
        found = one_each(office, rng, arrivals(rng, day, 0.02 * len(regulars) * busy, OFFICE), regulars, "emergency-surge")
        if day in days:
            first_s = one_of(rng, day, HOME)
            fading_s = rng.uniform(120.0, 1200.0)
            lines = range(office.trunk.lines) if rng.random() < 0.5 else some_lines(office, rng, 3)
            for _ in range(10 + count(rng, 12.0 * office.trunk.lines**0.7)):
                kind = rng.random()
                if kind < 0.4:
                    calling = rng.choice(regulars)
                elif kind < 0.9:
                    calling = mobile(office, rng, 0.05)
                else:
                    calling = numbers.landline(rng, office.trunk.area_code, 0.95)
                t_s = first_s + rng.expovariate(1.0 / fading_s)
                found.append(call(office, rng, t_s, rng.choice(lines), calling, "emergency-surge", _REPORT))
        yield found


def redial_storms(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """One honest person who must get through and redials 5-60 s after every vain call, until somebody answers or he gives in."""
    rate = 0.1 + 0.02 * office.trunk.lines
    known = [mobile(office, rng, 0.05) for _ in range(10 + 3 * office.trunk.lines)]
    asked_for = occasions(rng, len(office.traffic), 2.0)
    for day, busy in enumerate(office.traffic):
        found = []
        times_s = arrivals(rng, day, rate * busy, HOME)
        if day in asked_for:
            times_s.append(one_of(rng, day, OFFICE))
        for first_s in times_s:
            t_s = first_s
            kind = rng.random()
            calling = (
                rng.choice(known)
                if kind < 0.6
                else mobile(office, rng, 0.08)
                if kind < 0.9
                else numbers.landline(rng, office.trunk.area_code)
            )
            line, rest_s = any_line(office, rng), rng.uniform(5.0, 45.0)
            for left in range(rng.randrange(4, 41), 0, -1):
                one = call(office, rng, t_s, line, calling, "redial-storm")
                is_missed = one.answer_s is None or one.answer_s >= one.patience_s or left > 3
                found.append(replace(one, answer_s=None) if is_missed else one)
                if not is_missed:
                    break
                t_s += one.patience_s + min(max(rest_s * rng.uniform(0.5, 1.5), 5.0), 60.0)
        yield found


def school_parents(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """Parents who have called once before, all on one evening: the trip's bus is late. Many mobiles, one to three lines."""
    office = awaiting(office)
    parents = [mobile(office, rng, 0.08) for _ in range(20 + 10 * office.trunk.lines)]
    evenings = occasions(rng, len(office.traffic), 2.0)
    lines = some_lines(office, rng, 3)
    unknown = list(parents)
    for day, busy in enumerate(office.traffic):
        found = []
        for t_s in arrivals(rng, day, 0.04 * len(parents) * busy, OFFICE):
            if unknown:
                found += [call(office, rng, t_s, rng.choice(lines), unknown.pop(), "school-parents")]
        if day in evenings:
            worried = rng.sample(parents, rng.randrange(len(parents) // 5, len(parents) // 2))
            late_s = one_of(rng, day, EVENING)
            found += [
                call(office, rng, late_s + rng.uniform(0.0, 5400.0), rng.choice(lines), calling, "school-parents", _REPORT)
                for calling in worried
            ]
        yield found
