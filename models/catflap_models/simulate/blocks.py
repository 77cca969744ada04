"""Hard negatives with neighbouring numbers: firms, crews on site, families, shifts, new offices."""

from collections.abc import Iterator
from itertools import accumulate
from random import Random

from catflap_models import numbers
from catflap_models.plan import PlannedCall
from catflap_models.simulate.hours import HOME, OFFICE, SITE, arrivals, occasions
from catflap_models.simulate.office import Office, Spread, any_line, awaiting, call, mobile, one_each, some_lines
from catflap_models.simulate.scenario import DAY_S

_REPORT: Spread = (3.3, 0.7)


def _mobiles(office: Office, rng: Random, count: int, span: int, virtual_share: float) -> list[str]:
    return numbers.neighbours(rng, mobile(office, rng, virtual_share)[:7], count, max(span, count))


def _landlines(rng: Random, area_code: str, count: int) -> list[str]:
    head = numbers.landline(rng, area_code, 1.0)[:-2]
    return [head + str(number).zfill(2) for number in rng.sample(range(100), count)]


def _firm(office: Office, rng: Random, least: int, most: int) -> list[str]:
    count = rng.randrange(least, most + 1)
    if rng.random() < 0.5:
        return _mobiles(office, rng, count, rng.choice((50, 100, 1000)), 0.1)
    return _landlines(rng, office.trunk.area_code, count)


def firm_neighbours(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """Firms of 4-40 neighbouring numbers, mobile or landline, that have called for long and go on, some of their people more."""
    firms = [_firm(office, rng, 4, 40) for _ in range(rng.randrange(1, 3 + office.trunk.lines // 12))]
    weights = [tuple(accumulate((rank + 1.0) ** -0.8 for rank in range(len(firm)))) for firm in firms]
    rates = [rng.uniform(0.1, 0.4) * office.trunk.lines + 0.5 for _ in firms]
    usual = [some_lines(office, rng, 4) for _ in firms]
    for day, busy in enumerate(office.traffic):
        found = []
        for place, firm in enumerate(firms):
            for t_s in arrivals(rng, day, rates[place] * busy, OFFICE):
                calling = rng.choices(firm, cum_weights=weights[place])[0]
                line = rng.choice(usual[place]) if rng.random() < 0.7 else any_line(office, rng)
                found.append(call(office, rng, t_s, line, calling, "firm-neighbours"))
        yield found


def contractors_crews(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """Crews of 3-7 with neighbouring mobiles that nobody has seen before, on site for days, then gone."""
    first_days = occasions(rng, len(office.traffic), 2.0 + office.trunk.lines / 8.0)
    crews = [
        (
            first,
            first + rng.randrange(3, 13),
            _mobiles(office, rng, rng.randrange(3, 8), rng.choice((20, 200, 2000)), 0.3),
            some_lines(office, rng, 5),
        )
        for first in first_days
    ]
    busyness = min(1.6, 0.4 + 0.15 * office.trunk.lines)
    for day in range(len(office.traffic)):
        found = []
        for first, end, crew, lines in crews:
            if first <= day < end:
                for t_s in arrivals(rng, day, busyness * len(crew) * (0.4 if day % 7 > 4 else 1.0), SITE):
                    line = rng.choice(lines) if rng.random() < 0.85 else any_line(office, rng)
                    found.append(call(office, rng, t_s, line, rng.choice(crew), "contractor-crew", _REPORT))
        yield found


def family_blocks(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """Families and villages whose numbers were bought together: they call a relative's line or two, in the evening and on Sundays too."""
    families = []
    for _ in range(1 + office.trunk.lines // 8):
        count = rng.randrange(3, 13)
        if rng.random() < 0.3:
            block = _landlines(rng, office.trunk.area_code, count)
        else:
            block = _mobiles(office, rng, count, rng.choice((15, 50, 100)), 0.1)
        families.append((block, some_lines(office, rng, 2), rng.uniform(0.3, 2.5)))
    for day in range(len(office.traffic)):
        found = []
        for block, lines, rate in families:
            for t_s in arrivals(rng, day, rate, HOME):
                found.append(call(office, rng, t_s, rng.choice(lines), rng.choice(block), "family-block"))
        yield found


def shift_changes(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """Colleagues of one corporate number block report within the same half hour of every day, by roster: today these, tomorrow those."""
    dispatch = awaiting(office)
    block = _mobiles(office, rng, rng.randrange(16, 61), rng.choice((100, 1000)), 0.05)
    starts_s = rng.choice(((7.5 * 3600.0,), (7.75 * 3600.0, 19.75 * 3600.0), (6.75 * 3600.0, 14.75 * 3600.0, 22.75 * 3600.0)))
    lines = some_lines(office, rng, 3)
    watches = rng.randrange(3, 6)
    reporting = rng.uniform(0.2, 0.6)
    turn = 0
    for day in range(len(office.traffic)):
        found = []
        for start_s in starts_s:
            for calling in block[turn % watches :: watches]:
                if rng.random() < reporting:
                    t_s = day * DAY_S + start_s + rng.uniform(0.0, 1800.0)
                    found.append(call(dispatch, rng, t_s, rng.choice(lines), calling, "shift-change", _REPORT))
            turn += 1
        yield found


def new_offices(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """A firm moves in, or a partner gets new numbers: a block that nobody knows calls more every day, and stays for months."""
    moved_in = [
        (first, first + rng.randrange(60, 200), _firm(office, rng, 6, 30), rng.uniform(0.1, 0.5))
        for first in occasions(rng, len(office.traffic), 1.0)
    ]
    for day, busy in enumerate(office.traffic):
        found = []
        for first, end, block, rate in moved_in:
            if first <= day < end:
                known = min(1.0, (day - first + 1) / 8.0)
                times_s = arrivals(rng, day, (rate * office.trunk.lines + 3.0) * known * max(busy, 0.2 * known), OFFICE)
                found += one_each(office, rng, times_s, block[: max(2, round(known * len(block)))], "new-office")
        yield found
