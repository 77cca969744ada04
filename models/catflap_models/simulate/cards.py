"""The cards of a SIM bank: born, given their hours and their allotment of the day, replaced by new ones."""

from dataclasses import dataclass
from math import inf
from random import Random

from catflap_models.simulate.bank_hours import PARTS, part_hours, wanted_calls
from catflap_models.simulate.bank_numbers import card_numbers
from catflap_models.simulate.scenario import DAY_S, SimBank

# the edges of the working day have more cards; wide prior
_PART_WEIGHTS = (2, 1, 1, 2)
_LEAST_TALK_S = 30.0
"""With less than that left of its minutes, a card is not used any more."""


@dataclass(slots=True)
class Card:
    """One card. Times are seconds of the plan."""

    number: str
    slot: int
    dies_s: float
    idle_s: float
    """End of its last call, incoming ones too; before that, when it was put in."""
    hours: tuple[float, float]
    """Hours of the day in which it works."""
    ready_s: float = 0.0
    """From then on it may call; never again today: inf."""
    until_s: float = 0.0
    """It makes no call today from then on."""
    most_calls: int = 0
    """Outgoing calls that it may make today."""
    calls: int = 0
    """Outgoing calls that it has made today."""
    talk_s: float = 0.0
    """What it has talked today."""
    turn: int = 0
    """How often it has been taken from its queue."""
    away_until: int = 0
    """The day on which its pause is over."""


class Box:
    """As many cards as the bank has places, each place always with one."""

    def __init__(self, bank: SimBank, area_code: str, rng: Random) -> None:
        self._bank = bank
        self._rng = rng
        self._numbers = card_numbers(bank, area_code, rng)
        self._calls = allotted_calls(bank)
        self.talk_s = allotted_talk_s(bank)
        """Talk that each card is allowed a day."""
        start_s = bank.first_day * DAY_S
        # the bank has been at work elsewhere: its cards are of every age
        self.cards = [self._new(slot, start_s - rng.random(), rng.random()) for slot in range(bank.sims)]

    def begin_day(self, day: int) -> None:
        """Replaces what has died overnight and gives every card its hours and its allotment."""
        bank, rng = self._bank, self._rng
        is_mimic = bank.selector == "human-mimic"
        for card in list(self.cards):
            if card.dies_s <= day * DAY_S + bank.open_h * 3600.0:
                self.replace(card, day * DAY_S)
        for card in self.cards:
            self._begin(card, day)
            if is_mimic and day >= card.away_until and rng.random() < 0.08:
                card.away_until = day + rng.randrange(1, 5)
            if day < card.away_until:
                card.ready_s = inf

    def replace(self, card: Card, t_s: float) -> Card:
        """A new card in a dead one's place, which works from `t_s` on."""
        card.turn += 1
        card.ready_s = inf
        new = self._new(card.slot, t_s, 1.0)
        self._begin(new, int(t_s // DAY_S))
        new.ready_s = max(new.ready_s, t_s)
        self.cards[card.slot] = new
        return new

    def is_spent(self, card: Card) -> bool:
        """Whether the card has used up what it may do today."""
        return card.calls >= card.most_calls or card.talk_s > self.talk_s - _LEAST_TALK_S

    def _new(self, slot: int, t_s: float, left: float) -> Card:
        """A card put in at `t_s` with that part of its life left."""
        life_s = self._bank.life_days * DAY_S * min(max(self._rng.normalvariate(1.0, 0.25), 0.3), 1.7)
        return Card(next(self._numbers), slot, t_s + left * life_s, t_s, self._hours())

    def _hours(self) -> tuple[float, float]:
        bank, rng = self._bank, self._rng
        if bank.selector == "hours":
            first = rng.choices(range(PARTS), _PART_WEIGHTS)[0]
            last = min(first + rng.randrange(2), PARTS - 1)
            return part_hours(bank, first)[0], part_hours(bank, last)[1]
        if bank.selector == "human-mimic":
            length_h = min(rng.uniform(4.0, 9.0), bank.close_h - bank.open_h)
            from_h = rng.uniform(bank.open_h, bank.close_h - length_h)
            return from_h, from_h + length_h
        return bank.open_h, bank.close_h

    def _begin(self, card: Card, day: int) -> None:
        from_h, until_h = card.hours
        card.ready_s = day * DAY_S + from_h * 3600.0
        card.until_s = day * DAY_S + until_h * 3600.0
        card.calls = 0
        card.talk_s = 0.0
        card.most_calls = self._calls
        if self._bank.selector == "human-mimic":
            card.most_calls = min(self._calls, max(1, round(wanted_calls(self._bank) * self._rng.uniform(0.5, 2.2))))
            card.ready_s += self._rng.uniform(0.0, 1800.0)


def allotted_calls(bank: SimBank) -> int:
    """Outgoing calls that a card may make a day: `limit_share` of the operator's limit, or a counter of the bank's own."""
    if bank.limit_calls:
        # 0.95 of 200 is 190, whatever floats make of it
        return int(bank.limit_share * bank.limit_calls + 1e-6)
    return max(1, round(bank.calls_per_sim_day)) if bank.selector == "counter-limited" else 10**9


def allotted_talk_s(bank: SimBank) -> float:
    """Talk that a card may use a day: `limit_share` of the operator's minutes, or minutes of the bank's own."""
    if bank.limit_talk_minutes:
        return bank.limit_share * bank.limit_talk_minutes * 60.0
    # about what calls_per_sim_day calls take
    return bank.calls_per_sim_day * 25.0 + _LEAST_TALK_S if bank.selector == "minute-limited" else inf
