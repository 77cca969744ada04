"""The trunks that are judged, and those that are learned from, as data: every seed, day, bank and modem of the protocol.

The three splits share no seed and no day; that no pool and no number block is in two of them is for point 10 to see.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from catflap_models.simulate.banks import SELECTORS
from catflap_models.simulate.honest import FAMILIES
from catflap_models.simulate.scenario import (
    Bombing,
    CalledTrunk,
    Campaign,
    Dialler,
    FalseNumbers,
    Honest,
    Modems,
    OneRing,
    OutsideRange,
    Scenario,
    SimBank,
)

NUMBERINGS = ("neighbouring", "batch", "scattered")
FIRST_MONDAY = datetime.fromisoformat("2026-03-02T00:00:00+08:00")
WEEKS = {"training": 0, "calibration": 13, "test": 26}
"""The first week of each split, counted from FIRST_MONDAY; no trunk has more than 12 weeks."""
LIMIT = 200
"""Calls a day that an operator allows a card (volume, `dialling-card limit China`)."""
CASES = {"policy": 0, "quiet": 1, "evasion": 2, "pace": 3, "drift": 4, "mixed": 5, "leak": 6}
"""A hundred thousand seeds for every kind of trunk of the test."""


_MOVED = {25: 1000, 34: 2000, 58: 1000, 95: 1000}
"""Lessons that have other seeds than their places would give them: a bank of theirs would share a number or a block with the test."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything is played."""

    name: str
    lines: int
    calls_per_day: float
    """of people who know the trunk and of strangers"""
    before_days: int
    """honest days before a campaign"""
    days_by_share: tuple[tuple[float, int], ...]
    """days of a SIM bank's campaign, by its share"""
    selectors: tuple[str, ...]
    numberings: tuple[str, ...]
    lessons: int
    """trunks to learn from for each selector and numbering"""
    held_out: int
    """trunks to calibrate with for each selector and numbering"""
    epochs: int
    policy_trunks: int
    """trunks to judge each selector, numbering and share by"""
    quiet: int
    """trunks without nuisance"""
    quiet_days: int
    mixed: int
    """trunks with a campaign of every label"""
    line_counts: tuple[int, ...]
    pool_sizes: tuple[int, ...]
    sweep: int
    """at most so many values of each evasion, of those that the protocol names"""
    repeats: int
    """trunks for each value of a sweep"""
    other: int
    """trunks of the second generator to judge by; twice as many to learn from, and as many to calibrate with"""
    other_days: int
    """days of each, a third of them quiet"""

    def days(self, share: float) -> int:
        """Days of a campaign of that share; the share need not be one of those listed."""
        return next(days for least, days in reversed(self.days_by_share) if share >= least or least == self.days_by_share[0][0])


FULL = Size(
    name="full",
    lines=16,
    calls_per_day=240.0,
    before_days=12,
    days_by_share=((0.01, 6), (0.03, 4), (0.10, 2)),
    selectors=SELECTORS,
    numberings=NUMBERINGS,
    lessons=5,
    held_out=1,
    epochs=16,
    policy_trunks=2,
    quiet=32,
    quiet_days=28,
    mixed=6,
    line_counts=(1, 8, 64),
    pool_sizes=(8, 64, 512),
    sweep=9,
    repeats=2,
    other=8,
    other_days=24,
)

QUICK = Size(
    name="quick",
    lines=8,
    calls_per_day=70.0,
    before_days=4,
    days_by_share=((0.03, 2),),
    selectors=SELECTORS[:3],
    numberings=("neighbouring", "scattered"),
    lessons=3,
    held_out=3,
    epochs=12,
    policy_trunks=1,
    quiet=2,
    quiet_days=7,
    mixed=1,
    line_counts=(1, 8),
    pool_sizes=(64,),
    sweep=2,
    repeats=1,
    other=2,
    other_days=12,
)


def lessons(size: Size, split: str) -> list[Scenario]:
    """What is learned from (`training`) or calibrated with (`calibration`): every selector with every numbering alike, a bank a trunk."""
    found: list[Scenario] = []
    for selector in size.selectors:
        for numbering in size.numberings:
            for _ in range(size.lessons if split == "training" else size.held_out):
                found.append(_lesson(size, split, len(found), selector, numbering))
    return found


def _lesson(size: Size, split: str, place: int, selector: str, numbering: str) -> Scenario:
    rng = Random(f"court:{split}:{place}")  # noqa: S311 - a plan, not a secret
    lines = rng.choice((1, 4, size.lines, size.lines, size.lines))
    share = rng.choice([share for share, _ in size.days_by_share])
    first_day = size.before_days
    bank = SimBank(
        "bank",
        selector,
        numbering,
        first_day,
        size.days(share),
        sims=rng.choice((16, 64, 64, 256)),
        share=share,
        calls_per_sim_day=rng.uniform(60.0, 190.0),
        limit_calls=LIMIT,
        gap_floor_s=rng.choice((10.0, 40.0, 40.0, 120.0, 300.0)),
        gap_jitter=rng.uniform(0.1, 0.9),
        life_days=rng.uniform(2.0, 10.0),
        sticky=rng.choice((0.0, 0.0, 0.5, 0.9)),
        virtual_share=rng.choice((0.0, 0.6, 1.0)),
        line_share=rng.choice((0.5, 1.0)),
    )
    others = [campaign for campaign in _other_campaigns(first_day, rng) if rng.random() < 0.5]
    days = first_day + size.days(share)
    trunk = _trunk(f"{split}-{place}", lines, split, rng.randrange(3))
    return Scenario(seed_of(split, place), trunk, days, _honest(size, lines, rng), (bank, *others))


def policies(size: Size) -> list[Scenario]:
    """Point 1's: each selector with each numbering and share, after honest days, on a trunk that has half of the hard negatives."""
    found: list[Scenario] = []
    for selector in size.selectors:
        for numbering in size.numberings:
            for share, days in size.days_by_share:
                bank = SimBank("bank", selector, numbering, size.before_days, days, share=share, limit_calls=LIMIT)
                for _ in range(size.policy_trunks):
                    found.append(_test(size, "policy", len(found), size.before_days + days, (bank,)))
    return found


def quiet(size: Size) -> list[Scenario]:
    """Trunks without nuisance, on which every hard negative occurs."""
    found = []
    for place in range(size.quiet):
        scenario = _test(size, "quiet", place, size.quiet_days, ())
        found.append(replace(scenario, honest=replace(scenario.honest, families=FAMILIES)))
    return found


def mixed(size: Size) -> list[Scenario]:
    """Trunks on which every label occurs."""
    found = []
    for place in range(size.mixed):
        rng = Random(f"court:mixed:{place}")  # noqa: S311
        selector, numbering = size.selectors[place % len(size.selectors)], size.numberings[place % len(size.numberings)]
        bank = SimBank("bank", selector, numbering, size.before_days, size.days(0.03), limit_calls=LIMIT)
        campaigns = (bank, *_other_campaigns(size.before_days, rng))
        found.append(_test(size, "mixed", place, size.before_days + size.days(0.03), campaigns))
    return found


def base(size: Size, numbering: str, place: int = 0) -> Scenario:
    """The common bank of the study: 64 cards, the longest idle first, 3 % of its calls."""
    days = size.days(0.03)
    bank = SimBank("bank", SELECTORS[0], numbering, size.before_days, days, limit_calls=LIMIT)
    return _test(size, "leak", 2 * place + (numbering == "scattered"), size.before_days + days, (bank,))


def with_bank(scenario: Scenario, **changes: object) -> Scenario:
    """The same trunk, its SIM banks changed."""
    campaigns = tuple(replace(item, **changes) if isinstance(item, SimBank) else item for item in scenario.campaigns)  # type: ignore[arg-type]
    return replace(scenario, campaigns=campaigns)


def in_peace(scenario: Scenario) -> Scenario:
    """The same trunk with ordinary callers and nobody else."""
    trunk = replace(scenario.trunk, id=scenario.trunk.id + "-in-peace")
    return replace(scenario, trunk=trunk, honest=replace(scenario.honest, families=()), campaigns=())


def _other_campaigns(first_day: int, rng: Random) -> list[Campaign]:
    bombing = rng.choice(("single", "rotating", "fresh", "withheld"))
    dialler = rng.choice(("call-centre", "call-centre", "landline", "mobile"))
    return [
        OneRing("one-ring", first_day, 2, rng.choice(("foreign", "foreign", "premium"))),
        Bombing("bombing", first_day, rng.uniform(0.5, 3.0), bombing),
        Dialler("dialler", first_day, 3, rng.uniform(1.0, 4.0), dialler),
        FalseNumbers("false", 1.0),
        OutsideRange("outside", first_day, 2),
    ]


def _test(size: Size, case: str, place: int, days: int, campaigns: tuple[Campaign, ...]) -> Scenario:
    rng = Random(f"court:{case}:{place}")  # noqa: S311
    trunk = _trunk(f"{case}-{place}", size.lines, "test", rng.randrange(3))
    return Scenario(seed_of(case, place), trunk, days, _honest(size, size.lines, rng), campaigns, Modems(split_share=0.0))


def _honest(size: Size, lines: int, rng: Random) -> Honest:
    rate = size.calls_per_day * lines / size.lines * rng.uniform(0.6, 1.4)
    families = tuple(family for family in FAMILIES if rng.random() < 0.5)
    return Honest(rate, families, outgoing_per_day=rate * rng.uniform(0.1, 0.6))


def _trunk(name: str, lines: int, split: str, weeks: int) -> CalledTrunk:
    start = FIRST_MONDAY + timedelta(weeks=WEEKS[split] + weeks)
    return CalledTrunk(name, lines, start=start.isoformat())


def seed_of(case: str, place: int) -> int:
    """Training has the seeds from 11 million, calibration from 20, the test from 30."""
    if case == "training":
        return 11_000_000 + _MOVED.get(place, 0) + place
    if case == "calibration":
        return 20_000_000 + place
    return 30_000_000 + 100_000 * CASES[case] + place
