"""Hard negatives that come alone, one number a person or an order: drivers, sales representatives, roamers, virtual operators' users."""

from collections.abc import Iterator
from random import Random

from catflap_models.plan import PlannedCall
from catflap_models.simulate.hours import DELIVERY, HOME, MEALS, OFFICE, RIDES, arrivals, count, occasions, one_of
from catflap_models.simulate.office import Office, Spread, any_line, awaiting, call, mobile, one_each, some_lines

# "I am at the gate": wide priors
_AT_THE_GATE: Spread = (2.9, 0.6)
_PITCH: Spread = (4.2, 1.1)


def taxis(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """Distinct drivers, once each; when something ends, several within the hour."""
    office = awaiting(office)
    rate = rng.uniform(0.2, 0.7) * office.trunk.lines
    parties = occasions(rng, len(office.traffic), 4.0)
    for day in range(len(office.traffic)):
        times_s = arrivals(rng, day, rate, RIDES)
        if day in parties:
            end_s = one_of(rng, day, RIDES)
            times_s += [end_s + rng.uniform(0.0, 3000.0) for _ in range(3 + count(rng, 0.4 * office.trunk.lines))]
        yield [call(office, rng, t_s, any_line(office, rng), mobile(office, rng, 0.15), "taxi", _AT_THE_GATE) for t_s in times_s]


def couriers(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """Distinct couriers, once or for two or three parcels each; many have a virtual operator's card."""
    office = awaiting(office)
    rate = rng.uniform(0.3, 1.2) * office.trunk.lines
    virtual_share = rng.uniform(0.2, 0.7)
    rush = rng.randrange(28)
    for day in range(len(office.traffic)):
        found = []
        for first_s in arrivals(rng, day, rate * (3.0 if day % 28 == rush else 1.0), DELIVERY):
            t_s = first_s
            calling = mobile(office, rng, virtual_share)
            for line in some_lines(office, rng, rng.choice((1, 1, 1, 3))):
                found.append(call(office, rng, t_s, line, calling, "courier", _AT_THE_GATE))
                t_s += rng.uniform(40.0, 240.0)
        yield found


def riders(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """The few riders whose beat this is: the same mobiles for weeks, to all lines, at the hours of meals."""
    office = awaiting(office)
    beat = [mobile(office, rng, 0.4) for _ in range(rng.randrange(2, 7))]
    rate = rng.uniform(0.1, 0.4) * office.trunk.lines + 1.0
    for day in range(len(office.traffic)):
        if rng.random() < 0.02:
            beat[rng.randrange(len(beat))] = mobile(office, rng, 0.4)
        yield one_each(office, rng, arrivals(rng, day, rate, MEALS), beat, "riders", _AT_THE_GATE)


def masked_numbers(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """Drivers of platforms that hide both numbers (隐私号): each order shows another number of the platform's few blocks.

    Neighbouring, new, many, and from a virtual operator as a bank's cards are; but they were always here, at a level. Wide priors.
    """
    office = awaiting(office)
    platforms = [[mobile(office, rng, 0.9)[:7] for _ in range(rng.randrange(1, 9))] for _ in range(rng.randrange(1, 4))]
    rates = [rng.uniform(0.02, 0.15) * office.trunk.lines for _ in platforms]
    for day in range(len(office.traffic)):
        found = []
        for blocks, rate in zip(platforms, rates, strict=True):
            if rng.random() < 0.005:
                blocks.append(mobile(office, rng, 0.9)[:7])
            for t_s in arrivals(rng, day, rate, MEALS):
                calling = f"{rng.choice(blocks)}{rng.randrange(10_000):04}"
                line = any_line(office, rng)
                found += [
                    call(office, rng, t_s + attempt * rng.uniform(60.0, 600.0), line, calling, "masked-numbers", _AT_THE_GATE)
                    for attempt in range(rng.choice((1, 1, 1, 2, 3)))
                ]
        yield found


def sales_representatives(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """Suppliers' people whom the trunk agreed to hear: each goes through several lines on a day, and is back after some days."""
    team = [mobile(office, rng, 0.1) for _ in range(rng.randrange(2, 7))]
    rate = rng.uniform(0.3, 0.8)
    for day, busy in enumerate(office.traffic):
        if rng.random() < 0.03:
            team[rng.randrange(len(team))] = mobile(office, rng, 0.1)
        found = []
        for first_s in arrivals(rng, day, rate * busy * len(team), OFFICE):
            t_s = first_s
            calling = rng.choice(team)
            for line in some_lines(office, rng, 4):
                found.append(call(office, rng, t_s, line, calling, "sales-reps", _PITCH))
                t_s += rng.uniform(120.0, 1800.0)
        yield found


def roamers(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """People on journeys, shown as `+86` and their mobile while they are away; and others' guests who call once like this."""
    known = [mobile(office, rng, 0.02) for _ in range(2 + office.trunk.lines // 4)]
    away_until = [rng.randrange(-8, 8) for _ in known]
    guests = rng.uniform(0.01, 0.05) * office.trunk.lines + 0.05
    for day, busy in enumerate(office.traffic):
        found = []
        for place, calling in enumerate(known):
            if day > away_until[place] and rng.random() < 0.06:
                away_until[place] = day + rng.randrange(2, 12)
            shown = calling if day > away_until[place] else "+86" + calling
            found += one_each(office, rng, arrivals(rng, day, 0.5 * busy, HOME), [shown], "roamer")
        for t_s in arrivals(rng, day, guests, HOME):
            found += one_each(office, rng, [t_s], ["+86" + mobile(office, rng, 0.02)], "roamer")
        yield found


def virtual_operators_users(office: Office, rng: Random) -> Iterator[list[PlannedCall]]:
    """People like others, with a virtual operator's number: some call often, some once."""
    known = [mobile(office, rng, 1.0) for _ in range(4 + 2 * office.trunk.lines)]
    rate = rng.uniform(0.15, 0.5) * office.trunk.lines
    for day, busy in enumerate(office.traffic):
        found = one_each(office, rng, arrivals(rng, day, 0.6 * rate * busy, OFFICE), known, "virtual-operator")
        for t_s in arrivals(rng, day, 0.4 * rate * busy, OFFICE):
            found += one_each(office, rng, [t_s], [mobile(office, rng, 1.0)], "virtual-operator")
        yield found
