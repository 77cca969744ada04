"""A SIM bank at work: it dials a long list of targets, and the trunk sees a share of that.

    wants to call -> a channel is free -> a card is rested -> rings, talks -> the card rests -> back into the queue
                                        `- the line's own card rests still: the call waits for it (sticky)

All of the bank's calls are made, those to elsewhere in outline only, because it is the whole that decides which card is next.
"""

from collections.abc import Iterator
from dataclasses import replace
from heapq import heappop, heappush
from itertools import count
from math import floor, inf
from random import Random
from typing import NamedTuple

from catflap_models.plan import PlannedCall
from catflap_models.simulate import selectors
from catflap_models.simulate.answering import FRAUD_TALK, persons_patience_s, wanting_call
from catflap_models.simulate.bank_hours import Stretch, draw_lunch, working_day
from catflap_models.simulate.cards import Box, Card
from catflap_models.simulate.office import draw_office
from catflap_models.simulate.scenario import CalledTrunk, SimBank

SELECTORS = selectors.SELECTORS
SETUP_S = 4.0
"""A channel is taken so long before the called line rings (setup, `GSM call set-up`)."""
_MIMIC_FAKE_INCOMING = 0.2
_STICKY = 0.85
"""Of a bank of the selector `sticky` that says nothing else."""
# ln of seconds, wide priors: what a mimic's card rests longer than others, how long fake calls are
_MIMIC_REST = (5.0, 1.3)
_FAKE_TALK = (3.2, 1.0)
_OUTLINES = 2048
_ELSEWHERE = -1
_TRIED = 8


class BankCall(NamedTuple):
    """One of the bank's calls, wherever it goes."""

    t_s: float
    """The called line begins to ring."""
    until_s: float
    """The call is over."""
    calling: str
    """The card's number."""
    slot: int
    """The card's place in the bank."""
    called_card: str
    """The card that a fake call goes to; empty for a call out."""
    talk_s: float
    """What the card talks."""
    planned: PlannedCall | None
    """The call on the trunk, if it goes there."""


def sim_bank_calls(bank: SimBank, trunk: CalledTrunk, days: int, rng: Random) -> Iterator[PlannedCall]:
    """The bank's calls that reach the trunk within the plan's `days`, in time order; ValueError for an unknown selector or numbering."""
    for call in bank_calls(bank, trunk, days, rng):
        if call.planned is not None:
            yield call.planned


def bank_calls(bank: SimBank, trunk: CalledTrunk, days: int, rng: Random) -> Iterator[BankCall]:
    """All calls of the bank within the plan's `days`, in time order; ValueError for an unknown selector or numbering."""
    at_work = _AtWork(bank, trunk, days, rng)
    lunch = draw_lunch(rng)
    for day in range(bank.first_day, min(bank.first_day + bank.days, days)):
        at_work.begin_day(day)
        for stretch in working_day(bank, lunch, day, rng):
            yield from at_work.calls(stretch)


def evasion_cost(bank: SimBank) -> float:
    """Calls out a day that each of the bank's places for cards really gets: what rules, rests, outages and channels leave of those wanted.

    A mean over banks of these ways.
    """
    trunk, days = CalledTrunk("anywhere", 1), min(bank.days, 2)
    found = 0
    for number in range(_TRIED):
        rng = Random(f"evasion cost {number}")  # noqa: S311 - a world, not a secret
        found += sum(1 for call in bank_calls(bank, trunk, bank.first_day + days, rng) if not call.called_card)
    return found / (bank.sims * days * _TRIED)


class _AtWork:
    """The bank's cards, channels and list while the days go by."""

    def __init__(self, bank: SimBank, trunk: CalledTrunk, days: int, rng: Random) -> None:
        is_mimic = bank.selector == "human-mimic"
        self._bank = bank
        self._rng = rng
        self._queue = selectors.queue_for(bank.selector, bank.sims, rng)
        self._box = Box(bank, trunk.area_code, rng)
        self._office = draw_office(trunk, days, rng)
        self._kind = ("simbank", f"{bank.selector}-{bank.numbering}", bank.name)
        self._listed = sorted(rng.sample(range(trunk.lines), min(trunk.lines, max(1, round(bank.line_share * trunk.lines)))))
        self._callers: dict[int, Card] = {}
        self._sticky = bank.sticky or (_STICKY if bank.selector == "sticky" else 0.0)
        self._fake = max(bank.fake_incoming, _MIMIC_FAKE_INCOMING if is_mimic else 0.0) if bank.sims > 1 and bank.channels > 1 else 0.0
        self._rest: tuple[float, float] | None = _MIMIC_REST if is_mimic else None
        # how long its callers let it ring: nobody has measured it, a wide prior
        self._patience = (rng.uniform(3.0, 3.7), rng.uniform(0.1, 0.6))
        self._outlines = [self._outline() for _ in range(_OUTLINES)]
        self._told = count()
        self._resting: list[tuple[float, int, Card]] = []
        self._busy: list[float] = []
        self._free_s = 0.0
        self._waiting: list[tuple[float, int, int, Card]] = []

    def begin_day(self, day: int) -> None:
        """Before the first call of a day."""
        self._box.begin_day(day)
        self._queue.begin_day()
        self._busy.clear()
        self._waiting.clear()
        self._resting.clear()
        for card in self._box.cards:
            if card.ready_s < inf:
                heappush(self._resting, (card.ready_s, next(self._told), card))

    def calls(self, stretch: Stretch) -> Iterator[BankCall]:
        """The calls that begin in a stretch of working time."""
        random, expovariate = self._rng.random, self._rng.expovariate
        busy, waiting, channels = self._busy, self._waiting, self._bank.channels
        share, fake, rate = self._bank.share, self._fake, 1.0 / stretch.gap_s
        now_s, end_s = max(stretch.start_s, self._free_s), stretch.end_s
        wanted_s = now_s + expovariate(rate)
        while True:
            line, card, is_fake = _ELSEWHERE, None, False
            if waiting and waiting[0][0] <= wanted_s:
                wait_s, _, line, card = heappop(waiting)
                now_s = max(now_s, wait_s)
            else:
                now_s = max(now_s, wanted_s)
                # a bank that is held up makes up for it as soon as it can
                wanted_s += expovariate(rate)
                is_fake = random() < fake
                if not is_fake and random() < share:
                    line = self._listed[int(random() * len(self._listed))]
                    card = self._callers.get(line) if random() < self._sticky else None
            while busy and (busy[0] <= now_s or len(busy) + 1 + is_fake > channels):
                now_s = max(now_s, heappop(busy))
            if now_s >= end_s:
                self._free_s = now_s
                return
            self._release(now_s)
            if card is not None:
                if now_s < card.ready_s < min(card.until_s, card.dies_s):
                    heappush(waiting, (card.ready_s, next(self._told), line, card))
                    continue
                card = self._claimed(card, now_s)
            if card is None:
                card, now_s = self._next(now_s, end_s)
                if card is None:
                    return
            if is_fake:
                yield from self._fake_call(card, now_s)
            else:
                yield self._call(card, now_s, line)

    def _call(self, card: Card, t_s: float, line: int) -> BankCall:
        """A call out; the box cuts it off where the card's minutes end."""
        left_s = self._box.talk_s - card.talk_s
        planned = None
        if line == _ELSEWHERE:
            rings_s, talk_s = self._outlines[int(self._rng.random() * _OUTLINES)]
            talk_s = min(talk_s, left_s)
        else:
            self._callers[line] = card
            planned = self._planned(card, t_s, line, left_s)
            is_answered = planned.answer_s is not None and planned.answer_s < planned.patience_s
            rings_s = planned.answer_s if planned.answer_s is not None and is_answered else planned.patience_s
            talk_s = planned.talk_s if is_answered else 0.0
        until_s = t_s + rings_s + talk_s
        card.calls += 1
        card.talk_s += talk_s
        heappush(self._busy, until_s + SETUP_S)
        self._begin_rest(card, until_s)
        return BankCall(t_s, until_s, card.number, card.slot, "", talk_s, planned)

    def _planned(self, card: Card, t_s: float, line: int, left_s: float) -> PlannedCall:
        office, rng = self._office, self._rng
        patience_s = persons_patience_s(office, rng, self._patience)
        planned = wanting_call(office, rng, t_s, line, card.number, patience_s, FRAUD_TALK, self._kind)
        return planned if planned.talk_s <= left_s else replace(planned, talk_s=floor(left_s * 1000.0) / 1000.0)

    def _release(self, now_s: float) -> None:
        """Puts the cards that are rested by now into the queue."""
        resting = self._resting
        while resting and resting[0][0] <= now_s:
            self._queue.put(heappop(resting)[2])

    def _next(self, now_s: float, end_s: float) -> tuple[Card | None, float]:
        """The card whose turn it is, and when it is rested; None if no card is before `end_s`."""
        while True:
            card = self._queue.take()
            if card is None:
                if not self._resting or self._resting[0][0] >= end_s:
                    return None, now_s
                now_s = max(now_s, self._resting[0][0])
                self._release(now_s)
            elif card.dies_s <= now_s:
                self._queue.put(self._box.replace(card, now_s))
            elif card.until_s > now_s:
                return card, now_s

    def _claimed(self, card: Card, now_s: float) -> Card | None:
        """That very card, out of its turn, if it may call now."""
        if card.ready_s <= now_s < min(card.until_s, card.dies_s):
            card.turn += 1
            return card
        return None

    def _begin_rest(self, card: Card, until_s: float) -> None:
        """The card's call ends at `until_s`; it rests unless it has done all that it may today."""
        card.idle_s = until_s
        if self._box.is_spent(card):
            card.ready_s = inf
            return
        bank, rng = self._bank, self._rng
        rest_s = bank.gap_floor_s
        if bank.gap_jitter:
            rest_s *= 1.0 + bank.gap_jitter * rng.expovariate(1.0)
        if self._rest is not None:
            rest_s += rng.lognormvariate(*self._rest)
        card.ready_s = until_s + rest_s
        heappush(self._resting, (card.ready_s, next(self._told), card))

    def _fake_call(self, card: Card, now_s: float) -> Iterator[BankCall]:
        """A call to another of the bank's cards, which keeps both and two channels busy; none if no other is rested."""
        other, other_s = self._next(now_s, now_s)
        if other is None or other_s > now_s:
            self._queue.put(card)
            return
        talk_s = min(self._rng.lognormvariate(*_FAKE_TALK), 600.0, self._box.talk_s - card.talk_s)
        until_s = now_s + self._rng.uniform(3.0, 15.0) + talk_s
        card.calls += 1
        card.talk_s += talk_s
        for held in (card, other):
            heappush(self._busy, until_s + SETUP_S)
            self._begin_rest(held, until_s)
        yield BankCall(now_s, until_s, card.number, card.slot, other.number, talk_s, None)

    def _outline(self) -> tuple[float, float]:
        """Seconds of ringing and of talk of a call to elsewhere. Lists are old: many numbers are dead or busy; wide priors."""
        rng = self._rng
        kind = rng.random()
        if kind < 0.25:
            return rng.uniform(2.0, 8.0), 0.0
        if kind < 0.65:
            return min(rng.lognormvariate(*self._patience), 60.0), 0.0
        return min(rng.lognormvariate(2.1, 0.6), 45.0), min(rng.lognormvariate(*FRAUD_TALK), 1800.0)
