"""People who know the trunk: each has a few lines in an address book, a rhythm of the day, and ways when nobody answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from .rhythm import OFFICE, PRIVATE, Rhythm, by_day, patience_s, talk_s
from .setting import Setting
from .steps import ANSWERED, BUSY, DAY_S, MINUTE_S, WITHHELD, Dial, Identity, Process, Truth


@dataclass(frozen=True, slots=True)
class Person:
    """One who calls now and then."""

    who: Identity
    family: str
    lines: tuple[int, ...]
    spell_days: float
    rhythm: Rhythm
    stubborn: float
    """Chance to try again when nobody answers."""
    mean_talk_s: float
    trust: float


def acquaintance(setting: Setting, rng: Random, family: str) -> Person:
    """Draws a person."""
    is_private = rng.random() < 0.5
    draw = rng.random()
    if draw < 0.03:
        who = Identity(setting.book.abroad(), is_international=True)
    elif draw < 0.28:
        who = Identity(setting.book.landline(is_local=rng.random() < 0.8))
    else:
        hidden = WITHHELD if rng.random() < 0.02 else ""
        who = Identity(setting.book.mobile(), hidden=hidden)
    known = tuple(rng.randrange(setting.lines) for _ in range(1 + min(3, int(rng.expovariate(1.3)))))
    return Person(
        who,
        family,
        known,
        0.25 + rng.weibullvariate(6.0, 0.7),
        PRIVATE if is_private else OFFICE,
        rng.betavariate(2.0, 2.5),
        rng.gammavariate(1.6, 65.0) + 8.0,
        rng.uniform(0.75, 1.0),
    )


def life(person: Person, setting: Setting, rng: Random, first_day: float = 0.0) -> Process:
    """Calls after spells of days, at the hours of the person's rhythm, and again when it did not work."""
    day = first_day + rng.random() * person.spell_days
    now_s = 0.0
    while day < setting.days:
        if rng.random() > person.rhythm.weekday_part(int(day), setting.first_weekday):
            day += 1.0
            continue
        t_s = max(person.rhythm.moment(int(day), rng), now_s)
        while True:
            line = person.lines[0] if rng.random() < 0.7 else rng.choice(person.lines)
            outcome = yield call(t_s, line, person, rng)
            now_s = outcome.over_s
            if outcome.kind == ANSWERED and rng.random() > 0.06:
                break
            if outcome.kind != ANSWERED and rng.random() > (0.8 if outcome.kind == BUSY else person.stubborn):
                break
            t_s = by_day(now_s + retry_s(rng), rng)
        day = max(day + 0.2, now_s / DAY_S) + rng.weibullvariate(person.spell_days, 0.9)


def call(t_s: float, line: int, person: Person, rng: Random) -> Dial:
    """A call of a person's."""
    talk = talk_s(rng, person.mean_talk_s)
    return Dial(t_s, line, person.who, Truth("legit", person.family), patience_s(rng), talk, person.trust, hunts=True)


def retry_s(rng: Random) -> float:
    """Seconds until a person tries again: a third at once, the others when they think of it."""
    return rng.uniform(6.0, 50.0) if rng.random() < 0.33 else MINUTE_S * rng.paretovariate(0.9)


def circle(setting: Setting) -> Iterator[Process]:
    """All who know the trunk from the beginning, and those that come to know it."""
    rng = setting.stream("circle")
    count = round(setting.lines * rng.weibullvariate(14.0, 2.0)) + 4
    for number in range(count):
        person = acquaintance(setting, rng, "acquaintance")
        arrives = 0.0 if rng.random() < 0.85 else rng.uniform(0.0, setting.days)
        yield life(person, setting, setting.stream(f"life {number}"), arrives)


def once(rng: Random, t_s: float, who: Identity, family: str, line: int) -> Process:
    """A stranger with one concern: until it has been heard, or is given up."""
    while True:
        dial = Dial(t_s, line, who, Truth("legit", family), patience_s(rng), talk_s(rng, 70.0), rng.uniform(0.2, 0.7), hunts=True)
        outcome = yield dial
        if outcome.kind == ANSWERED or rng.random() > 0.4:
            return
        t_s = by_day(outcome.over_s + retry_s(rng), rng)


def callers_out(setting: Setting, line: int) -> Process:
    """The line's own people, who call out."""
    rng = setting.stream(f"out {line}")
    known = [Identity(setting.book.mobile()) if rng.random() < 0.7 else Identity(setting.book.landline()) for _ in range(12)]
    per_day = rng.gammavariate(1.5, 2.0)
    t_s = 0.0
    while True:
        t_s += rng.expovariate(per_day / DAY_S)
        t_s = t_s if 0.3 < t_s % DAY_S / DAY_S < 0.9 else (t_s // DAY_S + 1.0) * DAY_S + 0.35 * DAY_S + rng.expovariate(1 / 9000.0)
        truth = Truth("legit", "house-calls-out")
        outcome = yield Dial(t_s, line, rng.choice(known), truth, rng.uniform(15.0, 50.0), talk_s(rng, 90.0), is_outgoing=True)
        t_s = outcome.over_s
