"""When a SIM bank dials: opening hours, lunch, outages of the box, and how fast it wants to go."""

from dataclasses import dataclass
from random import Random

from catflap_models.simulate.scenario import DAY_S, SimBank

PARTS = 4
"""Equal parts of the opening hours that shifts of cards are made of."""
_EDGE_WEIGHT = 1.4
"""How much more a bank of the selector `hours` dials in the first and last of them. Wide prior."""
MIMIC_SHARE = 0.25
"""A mimic keeps to this part of calls_per_sim_day: people make few calls (volume, `Sichuan calls per active day legit`)."""
_OUTAGES_A_DAY = 0.15
"""Wide prior."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Working time without a break, in seconds of the plan."""

    start_s: float
    end_s: float
    gap_s: float
    """Mean time between the calls that the bank wants to make."""


@dataclass(frozen=True, slots=True)
class Lunch:
    """A daily silence of the whole bank, in hours of the day; none where `from_h` is `until_h`."""

    from_h: float
    until_h: float


def draw_lunch(rng: Random) -> Lunch:
    """Half of the banks pause at noon. Wide prior."""
    if rng.random() < 0.5:
        return Lunch(12.0, 12.0)
    from_h = rng.uniform(11.4, 12.8)
    return Lunch(from_h, from_h + rng.uniform(0.5, 1.7))


def wanted_calls(bank: SimBank) -> float:
    """Calls a card and day that the bank sets out to make."""
    return bank.calls_per_sim_day * (MIMIC_SHARE if bank.selector == "human-mimic" else 1.0)


def part_hours(bank: SimBank, part: int) -> tuple[float, float]:
    """Beginning and end of a part of the opening hours, in hours of the day."""
    length_h = (bank.close_h - bank.open_h) / PARTS
    return bank.open_h + part * length_h, bank.open_h + (part + 1) * length_h


def working_day(bank: SimBank, lunch: Lunch, day: int, rng: Random) -> list[Stretch]:
    """The day's stretches in order. What lunch takes is made up for in the rest of the day, what an outage takes is lost."""
    pieces = []
    for part in range(PARTS if bank.selector == "hours" else 1):
        from_h, until_h = part_hours(bank, part) if bank.selector == "hours" else (bank.open_h, bank.close_h)
        weight = _EDGE_WEIGHT if bank.selector == "hours" and part in (0, PARTS - 1) else 1.0
        pieces += [(*piece, weight) for piece in _without((from_h, until_h), lunch.from_h, lunch.until_h)]
    whole_s = sum((until_h - from_h) * 3600.0 * weight for from_h, until_h, weight in pieces)
    gap_s = whole_s / max(bank.sims * wanted_calls(bank), 1e-9)
    outage_h = rng.uniform(bank.open_h, bank.close_h)
    outage_end_h = outage_h + (rng.uniform(0.3, 3.0) if rng.random() < _OUTAGES_A_DAY else 0.0)
    return [
        Stretch(day * DAY_S + start_h * 3600.0, day * DAY_S + end_h * 3600.0, gap_s / weight)
        for from_h, until_h, weight in pieces
        for start_h, end_h in _without((from_h, until_h), outage_h, outage_end_h)
    ]


def _without(piece: tuple[float, float], from_h: float, until_h: float) -> list[tuple[float, float]]:
    """What is left of a piece."""
    start_h, end_h = piece
    if from_h == until_h:
        return [piece]
    return [(a, b) for a, b in ((start_h, min(end_h, from_h)), (max(start_h, until_h), end_h)) if a < b]
