"""The card slots of a SIM box: which card may call now, which is the next, when one is given up for a new one."""

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from random import Random

from .steps import DAY_S, HOUR_S


@dataclass(slots=True)
class Card:
    """One SIM card in its slot."""

    slot: int
    number: str
    expires_s: float
    ready_s: float
    turns: int = 0
    used_s: float = 0.0
    day: int = -1
    calls_today: int = 0
    talk_today_s: float = 0.0
    is_idle: bool = False


SELECTORS = ("oldest-first", "carousel", "lots-drawn", "fewest-calls", "fewest-minutes", "drain-slot", "lifelike")
"""Ways to pick the card for the next call."""


def rank(selector: str, card: Card, rng: Random) -> float:
    """What a card that becomes idle is ranked by: of those idle, the lowest calls next. Raises KeyError for an unknown selector."""
    chance = rng.random()
    return {
        "oldest-first": card.used_s,
        "carousel": card.turns * 1000.0 + card.slot,
        "lots-drawn": chance,
        "fewest-calls": card.calls_today + chance,
        "fewest-minutes": card.talk_today_s,
        "drain-slot": float(card.slot),
        # some cards are used much, as some people talk much
        "lifelike": chance * (1.0 + card.slot * 7 % 5),
    }[selector]


@dataclass(frozen=True, slots=True)
class Rules:
    """How a box treats its cards, and what the operator allows."""

    selector: str
    slots: int
    calls_a_day: int
    """The box stops a card after so many."""
    watch_calls: int
    """From so many a day on the operator may bar a card."""
    rest_s: float
    rest_shape: float
    life_days: float
    opens_h: float
    """The day of the cards begins anew when the box opens."""


class Rack:
    """All slots."""

    def __init__(self, rules: Rules, stock: Iterator[str], begin_s: float, rng: Random) -> None:
        """`stock`: numbers of new cards, without end."""
        self._rules = rules
        self._stock = stock
        self._rng = rng
        self._idle: list[tuple[float, int]] = []
        self._resting: list[tuple[float, int]] = []
        self._cards = [self._insert(slot, begin_s, 0) for slot in range(rules.slots)]
        for card in self._cards:
            card.ready_s = begin_s + rng.random() * 60.0
            heappush(self._resting, (card.ready_s, card.slot))

    def _insert(self, slot: int, now_s: float, turns: int) -> Card:
        life_s = self._rng.weibullvariate(self._rules.life_days * 1.1, 1.8) * DAY_S
        return Card(slot, next(self._stock), now_s + life_s + HOUR_S, now_s, turns, now_s)

    def has_idle(self, now_s: float) -> bool:
        """Whether a card may call now."""
        while self._resting and self._resting[0][0] <= now_s:
            card = self.rested(heappop(self._resting)[1], now_s)
            card.is_idle = True
            heappush(self._idle, (rank(self._rules.selector, card, self._rng), card.slot))
        while self._idle and not self._cards[self._idle[0][1]].is_idle:
            heappop(self._idle)
        return bool(self._idle)

    def take(self, now_s: float, wanted: Card | None) -> Card:
        """The card for the next call: `wanted` if it is still in its slot and idle, else by the selector. Asked only where one is idle."""
        if wanted is not None and wanted.is_idle and self._cards[wanted.slot] is wanted:
            card = wanted
        else:
            card = self._cards[heappop(self._idle)[1]]
        card.is_idle = False
        self._count_from(card, now_s)
        return card

    def reserve(self) -> tuple[float, int]:
        """When the next card will have rested, and its slot, which nobody else gets until then. Raises IndexError where none rests."""
        return heappop(self._resting)

    def rested(self, slot: int, now_s: float) -> Card:
        """The card of a slot after its rest: a new one if its time is over."""
        card = self._cards[slot]
        if now_s > card.expires_s:
            card = self._cards[slot] = self._insert(slot, now_s, card.turns)
        self._count_from(card, now_s)
        return card

    def give_back(self, card: Card, over_s: float, talk_s: float, fake_s: float) -> None:
        """A call is over; the card rests, and for `fake_s` pretends to be called itself."""
        rules = self._rules
        card.turns += 1
        card.calls_today += 1
        card.talk_today_s += talk_s
        card.used_s = over_s
        if card.calls_today > rules.watch_calls and self._rng.random() < 0.03:
            card.expires_s = over_s
        ready_s = over_s + self._rng.weibullvariate(rules.rest_s, rules.rest_shape) + fake_s
        if card.calls_today >= rules.calls_a_day:
            ready_s = max(ready_s, (card.day + 1) * DAY_S + rules.opens_h * HOUR_S + self._rng.expovariate(1.0 / 900.0))
        card.ready_s = ready_s
        heappush(self._resting, (ready_s, card.slot))

    def _count_from(self, card: Card, now_s: float) -> None:
        """Sets a card's counters back if its day has begun anew."""
        day = int((now_s - self._rules.opens_h * HOUR_S) // DAY_S)
        if card.day != day:
            card.day, card.calls_today, card.talk_today_s = day, 0, 0.0
