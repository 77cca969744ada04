"""Errands: one event in the trunk's life, such as an appointment, a parcel or a breakdown, sets off a chain of calls by organisations."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from .chance import split
from .digits import Book
from .organisations import Staff
from .people import once, retry_s
from .rhythm import OFFICE, PRIVATE, ROUND, SHOPS, Rhythm, by_day, events, patience_s, talk_s
from .setting import Setting
from .steps import ANSWERED, DAY_S, HOUR_S, MINUTE_S, Dial, Identity, Outcome, Process, Start, Truth


@dataclass(frozen=True, slots=True)
class Errand:
    """What happens to one line at `t_s`."""

    t_s: float
    line: int
    staff: Staff
    book: Book
    rng: Random


Chain = Callable[[Errand], Process]


def concern(errand: Errand, t_s: float, who: Identity, family: str, mean_talk_s: float = 45.0, trust: float = 0.6) -> Dial:
    """A call on the errand, by day."""
    rng = errand.rng
    return Dial(by_day(t_s, rng), errand.line, who, Truth("legit", family), patience_s(rng), talk_s(rng, mean_talk_s), trust)


def until_heard(dial: Dial, rng: Random, tries: int) -> Process:
    """Dials, and again after a while, until it is answered or `tries` are used up."""
    outcome = yield dial
    while outcome.kind != ANSWERED and tries > 1:
        tries -= 1
        again = Dial(by_day(outcome.over_s + retry_s(rng), rng), dial.line, dial.who, dial.truth, patience_s(rng), dial.talk_s, dial.trust)
        outcome = yield again


def appointment(errand: Errand) -> Process:
    """The clinic confirms, reminds the day before, and calls back with a result from another extension."""
    clinic = errand.rng.choice(errand.staff.clinics)
    yield from until_heard(concern(errand, errand.t_s, errand.rng.choice(clinic), "clinic"), errand.rng, 3)
    due_s = errand.t_s + DAY_S * errand.rng.uniform(1.5, 6.0)
    yield from until_heard(concern(errand, due_s - DAY_S * errand.rng.uniform(0.7, 1.1), clinic[0], "clinic", 18.0), errand.rng, 2)
    if errand.rng.random() < 0.6:
        yield from until_heard(
            concern(errand, due_s + DAY_S * errand.rng.uniform(0.1, 3.0), errand.rng.choice(clinic), "clinic", 120.0), errand.rng, 4
        )


def parcel(errand: Errand) -> Process:
    """A courier on the doorstep: short, insistent, then perhaps the depot."""
    courier = errand.rng.choice(errand.staff.couriers)
    t_s = errand.t_s
    for _ in range(errand.rng.randrange(2, 4)):
        outcome = yield concern(errand, t_s, courier, "parcel-courier", 12.0, 0.55)
        if outcome.kind == ANSWERED:
            break
        t_s = outcome.over_s + errand.rng.uniform(8.0, 150.0)
    if outcome.kind != ANSWERED and errand.rng.random() < 0.5:
        yield concern(
            errand, outcome.over_s + HOUR_S * errand.rng.uniform(1.0, 5.0), errand.rng.choice(errand.staff.depots), "parcel-courier", 30.0
        )


def breakdown(errand: Errand) -> Process:
    """The service desk takes it up, a technician announces himself, cannot find the door, and somebody asks how it went."""
    desk = errand.rng.choice(errand.staff.desks)
    technician = errand.rng.choice(errand.staff.technicians)
    yield from until_heard(concern(errand, errand.t_s, desk, "repair-visit", 100.0), errand.rng, 3)
    visit_s = errand.t_s + HOUR_S * errand.rng.gammavariate(2.0, 6.0)
    yield from until_heard(concern(errand, visit_s, technician, "repair-visit", 25.0), errand.rng, 3)
    yield concern(errand, visit_s + MINUTE_S * errand.rng.uniform(15.0, 60.0), technician, "repair-visit", 10.0)
    if errand.rng.random() < 0.7:
        yield concern(errand, visit_s + DAY_S * errand.rng.uniform(0.5, 2.0), desk, "repair-visit", 60.0)


def ride(errand: Errand) -> Process:
    """A driver who waits outside; never the same one again, and mostly with a virtual operator's or the platform's number."""
    who = Identity(errand.book.mobile(0.35))
    outcome = yield concern(errand, errand.t_s, who, "ride-driver", 9.0, 0.6)
    if outcome.kind != ANSWERED:
        yield concern(errand, outcome.over_s + errand.rng.uniform(10.0, 60.0), who, "ride-driver", 9.0, 0.6)


def code(errand: Errand) -> Process:
    """A machine that speaks a one-time code, twice if the first was missed."""
    who = errand.rng.choice(errand.staff.machines)
    outcome = yield concern(errand, errand.t_s, who, "spoken-code", 14.0, 0.8)
    if outcome.kind != ANSWERED:
        yield concern(errand, outcome.over_s + errand.rng.uniform(20.0, 70.0), who, "spoken-code", 14.0, 0.9)


def newcomer(errand: Errand) -> Process:
    """A new customer: asks, and comes back a few times while the matter lasts."""
    who = Identity(errand.book.mobile() if errand.rng.random() < 0.8 else errand.book.landline())
    t_s = errand.t_s
    for _ in range(1 + min(6, int(errand.rng.expovariate(0.8)))):
        yield from once(errand.rng, t_s, who, "walk-in", errand.line)
        t_s = by_day(t_s + DAY_S * errand.rng.paretovariate(1.2) * 0.4, errand.rng)


def wrong_number(errand: Errand) -> Process:
    """Somebody who misdialled, and does so once more."""
    who = Identity(errand.book.mobile())
    outcome: Outcome = yield concern(errand, errand.t_s, who, "wrong-number", 5.0, 0.4)
    if errand.rng.random() < 0.4:
        yield concern(errand, outcome.over_s + errand.rng.uniform(5.0, 40.0), who, "wrong-number", 4.0, 0.4)


KINDS: tuple[tuple[Chain, Rhythm, float], ...] = (
    (appointment, OFFICE, 0.10),
    (parcel, ROUND, 0.8),
    (breakdown, OFFICE, 0.06),
    (ride, PRIVATE, 0.30),
    (code, PRIVATE, 0.15),
    (newcomer, SHOPS, 0.7),
    (wrong_number, PRIVATE, 0.08),
)
"""What happens, when, and how often a line and working day; each world makes more of some and less of others."""


def errands(setting: Setting, staff: Staff) -> Iterator[Process]:
    """All errands of the trunk."""
    for number, (chain, rhythm, per_line_day) in enumerate(KINDS):
        rng = setting.stream(f"errands {number}")
        per_day = setting.lines * per_line_day * rng.gammavariate(2.0, 0.5)
        yield _happen(setting, rng, staff, chain, events(rng, rhythm, per_day, setting.days, setting.first_weekday))


def _happen(setting: Setting, rng: Random, staff: Staff, chain: Chain, moments: list[float]) -> Process:
    for t_s in moments:
        own = split(rng)
        yield Start(t_s, chain(Errand(t_s, own.randrange(setting.lines), staff, setting.book, own)))
