"""Which card of a SIM bank makes the next call, among those that are rested and have not spent the day's allotment.

longest-idle     the one whose last call, in or out, ended first
round-robin      the next place in a circle
least-used       the one with the fewest calls out today, then the longest idle
counter-limited  the first place until its card has made its calls for today, then the next place
minute-limited   the same with minutes of talk
random           any
human-mimic      any whose personal hours these are; long irregular rests, few calls, days off, calls among the cards (cards.py, banks.py)
hours            the longest idle of the shifts that work now, of which the edges of the day have most (cards.py, bank_hours.py)
sticky           the card that called this line before, else the longest idle (banks.py)
"""

from collections.abc import Callable
from heapq import heappop, heappush
from random import Random
from typing import Protocol

from catflap_models.simulate.cards import Card

SELECTORS = (
    "longest-idle",
    "round-robin",
    "least-used",
    "counter-limited",
    "minute-limited",
    "random",
    "human-mimic",
    "hours",
    "sticky",
)


class Queue(Protocol):
    """The rested cards. A card may be claimed without the queue's knowing: its `turn` goes up, and its entry is void."""

    def put(self, card: Card) -> None:
        """The card is rested."""

    def take(self) -> Card | None:
        """The next card, which leaves the queue; None: there is none."""

    def begin_day(self) -> None:
        """Forgets all cards: they are put in anew."""


def queue_for(selector: str, sims: int, rng: Random) -> Queue:
    """The queue of one of SELECTORS; raises ValueError for another."""
    if selector in ("longest-idle", "hours", "sticky"):
        return _Ranked(lambda card: card.idle_s)
    if selector == "round-robin":
        return _RoundRobin(sims)
    if selector == "least-used":
        return _Ranked(lambda card: card.calls * 1e9 + card.idle_s)
    if selector in ("counter-limited", "minute-limited"):
        return _FirstPlace(sims)
    if selector in ("random", "human-mimic"):
        return _AtRandom(rng)
    raise ValueError(f"selector {selector!r} is none of {', '.join(SELECTORS)}")


class _Ranked:
    """The card with the least rank goes first, then the one that has been rested longer."""

    def __init__(self, rank: Callable[[Card], float]) -> None:
        self._rank = rank
        self._heap: list[tuple[float, int, int, Card]] = []
        self._put = 0

    def put(self, card: Card) -> None:
        self._put += 1
        heappush(self._heap, (self._rank(card), self._put, card.turn, card))

    def take(self) -> Card | None:
        heap = self._heap
        while heap:
            _, _, turn, card = heappop(heap)
            if turn == card.turn:
                card.turn = turn + 1
                return card
        return None

    def begin_day(self) -> None:
        self._heap.clear()


class _RoundRobin(_Ranked):
    """Place after place, in circles; a place whose card is not rested is passed over."""

    def __init__(self, sims: int) -> None:
        super().__init__(self._turn_of)
        self._sims = sims
        self._lap = 0
        self._slot = -1

    def _turn_of(self, card: Card) -> float:
        return card.slot + self._sims * (self._lap + (card.slot <= self._slot))

    def take(self) -> Card | None:
        card = super().take()
        if card is not None:
            self._lap += card.slot <= self._slot
            self._slot = card.slot
        return card


class _FirstPlace(_Ranked):
    """Always the first place that has a rested card; tomorrow begins where today has come to."""

    def __init__(self, sims: int) -> None:
        super().__init__(self._place_of)
        self._sims = sims
        self._first = 0
        self._furthest = 0

    def _place_of(self, card: Card) -> float:
        return (card.slot - self._first) % self._sims

    def take(self) -> Card | None:
        card = super().take()
        if card is not None:
            self._furthest = max(self._furthest, int(self._place_of(card)))
        return card

    def begin_day(self) -> None:
        super().begin_day()
        self._first = (self._first + self._furthest) % self._sims
        self._furthest = 0


class _AtRandom:
    """Any of the rested cards."""

    def __init__(self, rng: Random) -> None:
        self._random = rng.random
        self._cards: list[tuple[int, Card]] = []

    def put(self, card: Card) -> None:
        self._cards.append((card.turn, card))

    def take(self) -> Card | None:
        cards = self._cards
        while cards:
            place = int(self._random() * len(cards))
            cards[place], cards[-1] = cards[-1], cards[place]
            turn, card = cards.pop()
            if turn == card.turn:
                card.turn = turn + 1
                return card
        return None

    def begin_day(self) -> None:
        self._cards.clear()
