"""Organisations with telephones: who works where under which numbers, and the rounds that they make of their own accord."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from .chance import split
from .digits import BANKS
from .people import Person, call, life, once
from .rhythm import OFFICE, ROUND, patience_s, talk_s
from .setting import Setting
from .steps import ANSWERED, DAY_S, HOUR_S, MINUTE_S, UNAVAILABLE, Dial, Identity, Process, Truth


@dataclass(frozen=True, slots=True)
class Staff:
    """The numbers of those who call on errands."""

    clinics: tuple[tuple[Identity, ...], ...]
    couriers: tuple[Identity, ...]
    depots: tuple[Identity, ...]
    desks: tuple[Identity, ...]
    technicians: tuple[Identity, ...]
    machines: tuple[Identity, ...]


def identities(numbers: list[str]) -> tuple[Identity, ...]:
    """Domestic, shown."""
    return tuple(Identity(number) for number in numbers)


def hire(setting: Setting) -> Staff:
    """Draws the organisations around the trunk."""
    rng, book = setting.stream("staff"), setting.book
    size = 1.0 + setting.lines / 12.0
    return Staff(
        clinics=tuple(identities(book.range_of(rng.randrange(3, 15))) for _ in range(2)),
        couriers=identities([book.mobile(0.45) for _ in range(round(size * rng.uniform(4.0, 9.0)))]),
        depots=identities([book.landline() for _ in range(3)]),
        desks=identities([rng.choice(BANKS), book.landline(), book.landline(is_local=False)]),
        technicians=identities([book.mobile(0.1) for _ in range(round(size * 4.0))]),
        machines=identities([book.landline(is_local=False) for _ in range(4)] + [rng.choice(BANKS)]),
    )


def company(setting: Setting, rng: Random) -> Iterator[Process]:
    """A firm with a run of numbers, a partner of the trunk: each desk has its own people here."""
    desks = setting.book.range_of(rng.randrange(6, 30), step=rng.choice((1, 1, 2)), is_mobile=rng.random() < 0.35)
    for number in desks:
        lines = tuple(rng.randrange(setting.lines) for _ in range(rng.randrange(1, 4)))
        person = Person(Identity(number), "company-range", lines, rng.uniform(1.5, 9.0), OFFICE, 0.5, 80.0, 0.85)
        yield life(person, setting, split(rng))


def gang(setting: Setting, rng: Random) -> Iterator[Process]:
    """A contractor's gang on site for some days, with new cards bought together."""
    first_day = rng.uniform(0.3, 0.85) * setting.days
    stay_days = rng.uniform(3.0, 9.0)
    lines = tuple(rng.randrange(setting.lines) for _ in range(rng.randrange(1, 5)))
    for number in setting.book.range_of(rng.randrange(3, 8), step=rng.choice((1, 1, 3)), is_mobile=True):
        person = Person(Identity(number), "site-gang", lines, 0.3, OFFICE, 0.6, 22.0, 0.7)
        yield _on_site(person, setting, split(rng), first_day, first_day + stay_days)


def _on_site(person: Person, setting: Setting, rng: Random, first_day: float, last_day: float) -> Process:
    for day in range(int(first_day), min(int(last_day), setting.days)):
        moments = sorted(OFFICE.moment(day, rng) for _ in range(rng.randrange(0, 6)))
        for t_s in moments:
            yield call(t_s, rng.choice(person.lines), person, rng)


def round_call(setting: Setting, rng: Random) -> Process:
    """A school's or the town's machine that tells everybody the same, line by line, a second time where nobody heard."""
    numbers = identities(setting.book.range_of(rng.randrange(1, 4)))
    for _ in range(1 + setting.days // 9):
        t_s = (int(rng.uniform(0.1, 0.98) * setting.days) + rng.choice((0.29, 0.5, 0.76))) * DAY_S
        pace_s = rng.uniform(6.0, 30.0)
        waiting = list(range(setting.lines))
        for _ in range(2):
            missed = []
            for place, line in enumerate(waiting):
                truth = Truth("legit", "round-call")
                outcome = yield Dial(t_s, line, numbers[place % len(numbers)], truth, 28.0, rng.uniform(15.0, 40.0), 0.7)
                t_s += pace_s
                if outcome.kind != ANSWERED:
                    missed.append(line)
            waiting = missed
            t_s += 10 * MINUTE_S


def seller(setting: Setting, rng: Random, place: int) -> Process:
    """A representative whose customers asked to be called: a round of them every few days, from one number."""
    who = Identity(setting.book.mobile(0.1))
    customers = [line for line in range(setting.lines) if rng.random() < 0.4]
    every_days = rng.choice((1, 2, 4, 7))
    for day in range(place % every_days, setting.days, every_days):
        if rng.random() > OFFICE.weekday_part(day, setting.first_weekday):
            continue
        t_s = (day + rng.uniform(0.375, 0.42)) * DAY_S
        for line in customers:
            if rng.random() < 0.6:
                truth = Truth("legit", "welcome-seller")
                outcome = yield Dial(t_s, line, who, truth, patience_s(rng), talk_s(rng, 75.0), 0.7)
                t_s = outcome.over_s + rng.gammavariate(1.5, 90.0)


def rush(setting: Setting, rng: Random) -> Iterator[Process]:
    """Something happens in town, and everybody wants to know: many strangers within hours, some again and again."""
    began_s = (int(rng.uniform(0.35, 0.95) * setting.days) + rng.uniform(0.3, 0.8)) * DAY_S
    lines = [rng.randrange(setting.lines) for _ in range(max(1, setting.lines // 3))]
    for _ in range(round(setting.lines * rng.uniform(4.0, 14.0))):
        hidden = UNAVAILABLE if rng.random() < 0.03 else ""
        who = Identity(setting.book.mobile() if rng.random() < 0.85 else setting.book.landline(), hidden=hidden)
        t_s = began_s + rng.weibullvariate(1.5 * HOUR_S, 0.9)
        yield once(split(rng), t_s, who, "rush", rng.choice(lines))


def rider(setting: Setting, rng: Random) -> Process:
    """A courier with a beat: one number that calls whoever it delivers to, many lines in a day, day after day."""
    who = Identity(setting.book.mobile(0.5))
    for day in range(setting.days):
        if rng.random() < 0.3:
            continue
        for t_s in sorted(ROUND.moment(day, rng) for _ in range(rng.randrange(1, 2 + setting.lines // 3))):
            yield Dial(t_s, rng.randrange(setting.lines), who, Truth("legit", "beat-rider"), 20.0, talk_s(rng, 10.0), 0.5)


def rounds(setting: Setting) -> Iterator[Process]:
    """What organisations do of their own accord; what occurs differs from world to world."""
    rng = setting.stream("rounds")
    for _ in range(rng.randrange(1, 3)):
        yield from company(setting, rng)
    for _ in range(rng.randrange(1, 3)):
        yield from gang(setting, rng)
    for place in range(rng.randrange(1, 4)):
        yield seller(setting, split(rng), place)
    for _ in range(rng.randrange(1, 4)):
        yield rider(setting, split(rng))
    yield round_call(setting, rng)
    if rng.random() < 0.6:
        yield from rush(setting, rng)
