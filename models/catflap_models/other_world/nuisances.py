"""The other nuisances: calls that ring once, floods, sales by diallers, numbers that cannot be."""

from collections.abc import Iterator
from random import Random

from .digits import FALSE_FORMS, ONE_RING, false_number
from .rhythm import OFFICE, SHOPS, events, talk_s
from .setting import Setting
from .steps import ANSWERED, DAY_S, HOUR_S, UNAVAILABLE, WITHHELD, Dial, Identity, Process, Truth

BAIT = ("bait-abroad", "bait-mobile")
FLOODS = ("flood-one", "flood-rota", "flood-new", "flood-hidden")
PITCHES = ("pitch-95", "pitch-landline", "pitch-mobile")
CALL_CENTRES = ("950", "951", "952", "957")


def bait(setting: Setting, campaign: str, family: str, rng: Random) -> Process:
    """Sweeps over the lines that ring once, in the hope of being called back."""
    book = setting.book
    pool = [
        Identity(book.abroad(ONE_RING), is_international=True) if family == "bait-abroad" else Identity(book.mobile(0.8))
        for _ in range(rng.randrange(1, 9))
    ]
    t_s = rng.uniform(setting.quiet_days, setting.days * 0.9) * DAY_S
    for _ in range(rng.randrange(2, 8)):
        lines = list(range(setting.lines))
        if rng.random() < 0.5:
            rng.shuffle(lines)
        who = rng.choice(pool)
        for line in lines:
            patience = 0.7 + rng.weibullvariate(1.7, 2.2)
            outcome = yield Dial(t_s, line, who, Truth("wangiri", family, campaign), patience, 2.0, 0.2)
            t_s = max(outcome.over_s, t_s) + rng.uniform(0.5, 20.0)
        t_s += DAY_S * rng.uniform(0.1, 1.3)


def flood(setting: Setting, campaign: str, family: str, rng: Random) -> Process:
    """One to three lines called without pause for hours."""
    hidden = rng.choice((WITHHELD, UNAVAILABLE)) if family == "flood-hidden" else ""
    count = {"flood-one": 1, "flood-rota": rng.randrange(3, 40)}.get(family, 1)
    pool = [Identity(setting.book.mobile(0.5), hidden=hidden) for _ in range(count)]
    lines = [rng.randrange(setting.lines) for _ in range(rng.randrange(1, 4))]
    t_s = (int(rng.uniform(setting.quiet_days, setting.days * 0.95)) + rng.uniform(0.35, 0.9)) * DAY_S
    end_s = t_s + HOUR_S * rng.gammavariate(1.5, 1.5)
    gap_s = rng.uniform(2.0, 45.0)
    holds = rng.random() < 0.3
    place = 0
    while t_s < end_s:
        who = Identity(setting.book.mobile(0.5)) if family == "flood-new" else pool[place % len(pool)]
        patience = rng.uniform(10.0, 30.0) if holds else rng.uniform(1.0, 4.5)
        outcome = yield Dial(t_s, lines[place % len(lines)], who, Truth("tdos", family, campaign), patience, rng.uniform(1.0, 6.0), 0.3)
        t_s = max(outcome.over_s, t_s) + rng.gammavariate(0.8, gap_s)
        place += 1


def pitch(setting: Setting, campaign: str, family: str, rng: Random) -> Process:
    """A dialler's list: every line now and then for some days; a few answered calls are dropped for want of an agent."""
    book = setting.book
    if family == "pitch-95":
        numbers = [rng.choice(CALL_CENTRES) + f"{rng.randrange(10**5):05d}" for _ in range(rng.randrange(1, 5))]
    elif family == "pitch-landline":
        numbers = book.range_of(rng.randrange(2, 12))
    else:
        numbers = [book.mobile(0.2) for _ in range(rng.randrange(3, 30))]
    first_day = int(rng.uniform(setting.quiet_days, setting.days * 0.8))
    days = min(setting.days - first_day, rng.randrange(2, 12))
    per_day = setting.lines * rng.uniform(0.4, 2.5)
    rings_s = rng.uniform(22.0, 42.0)
    place = 0
    for t_s in events(rng, OFFICE if rng.random() < 0.5 else SHOPS, per_day, days, (setting.first_weekday + first_day) % 7):
        who = Identity(rng.choice(numbers))
        talk = 1.5 if rng.random() < 0.04 else talk_s(rng, 22.0)
        truth = Truth("telemarketing", family, campaign)
        outcome = yield Dial(first_day * DAY_S + t_s, place % setting.lines, who, truth, rings_s, talk, 0.15)
        place += 1 if outcome.kind == ANSWERED or rng.random() < 0.7 else 0


def impossible(setting: Setting, form: str, own: list[str], rng: Random) -> Process:
    """Single calls under one form of impossible number, now and then."""
    for t_s in events(rng, SHOPS, rng.uniform(0.05, 0.5), setting.days, setting.first_weekday):
        if t_s < setting.quiet_days * DAY_S:
            continue
        line = rng.randrange(setting.lines)
        digits, is_international = false_number(form, rng, own[line])
        truth = Truth("spoof", f"false-{form}")
        yield Dial(t_s, line, Identity(digits, is_international), truth, rng.uniform(8.0, 35.0), talk_s(rng, 40.0), 0.3)


def nuisances(setting: Setting, own: list[str]) -> Iterator[Process]:
    """All of them but the SIM boxes; `own`: the lines' own numbers. Neighbouring seeds have other variants."""
    for place in range(2):
        family = BAIT[(setting.seed + place) % len(BAIT)]
        yield bait(setting, f"bait-{place}", family, setting.stream(f"bait {place}"))
    for place in range(2):
        family = FLOODS[(setting.seed + 2 * place) % len(FLOODS)]
        yield flood(setting, f"flood-{place}", family, setting.stream(f"flood {place}"))
    for place in range(2):
        family = PITCHES[(setting.seed + place) % len(PITCHES)]
        yield pitch(setting, f"pitch-{place}", family, setting.stream(f"pitch {place}"))
    for form in FALSE_FORMS:
        yield impossible(setting, form, own, setting.stream(f"false {form}"))
