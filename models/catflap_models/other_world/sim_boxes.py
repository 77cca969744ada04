"""SIM boxes: each works through a list of people to call, of whom a few are on the trunk, over its channels and cards."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heapreplace
from math import exp, log
from random import Random

from .card_rack import SELECTORS, Card, Rack, Rules
from .digits import Book
from .rhythm import patience_s
from .setting import Setting
from .steps import ANSWERED, DAY_S, HOUR_S, MINUTE_S, Dial, Identity, Process, Truth

NUMBERINGS = ("neighbours", "packs", "strewn")
KINDS = tuple((selector, numbering) for selector in SELECTORS for numbering in NUMBERINGS)
"""Every way to pick the next card with every way that the cards' numbers lie."""


@dataclass(frozen=True, slots=True)
class Box:
    """A SIM box and what it is after."""

    campaign: str
    family: str
    rules: Rules
    first_day: float
    last_day: float
    closes_h: float
    channels: int
    pause_s: float
    """Between a channel's calls, on average."""
    trunk_part: float
    """Of the people on its list."""
    lines: tuple[int, ...]
    mean_talk_s: float
    loyalty: float
    """How often a person called before is called from the same card."""
    fake_part: float
    """How often a card pretends to be called after a call."""
    patience_s: float


def stock_of(book: Book, numbering: str, rng: Random, virtual_part: float) -> Iterator[str]:
    """Numbers of the cards, in the order in which they are put in."""
    while True:
        if numbering == "strewn":
            yield book.mobile(virtual_part)
        elif numbering == "packs":
            yield from book.range_of(rng.randrange(4, 17), rng.choice((1, 1, 2)), True, virtual_part)
        else:
            yield from book.range_of(rng.randrange(150, 600), rng.choice((1, 1, 1, 4)), True, virtual_part)


def between(rng: Random, low: float, high: float) -> float:
    """Evenly among the orders of magnitude."""
    return exp(rng.uniform(log(low), log(high)))


def draw_box(setting: Setting, place: int, kind: tuple[str, str], rng: Random) -> Box:
    """Draws a box that begins after the quiet days."""
    selector, numbering = kind
    allowed = rng.choice((60, 100, 150, 240))
    calls = max(12, round(allowed * rng.choice((0.3, 0.5, 0.8, 0.95, 1.2))))
    slots = round(between(rng, 8.0, min(256.0, 24.0 + 12.0 * setting.lines)))
    opens_h, closes_h = rng.uniform(7.8, 10.2), rng.uniform(17.5, 21.5)
    channels = max(2, slots // rng.choice((2, 4, 4, 8)))
    mean_talk_s = rng.uniform(18.0, 95.0)
    spacing_s = channels * (closes_h - opens_h) * HOUR_S / (slots * calls)
    first_day = rng.uniform(setting.quiet_days, max(setting.quiet_days + 0.4, setting.days * 0.8))
    on_list = [line for line in range(setting.lines) if rng.random() < rng.choice((0.5, 1.0))] or [0]
    rng.shuffle(on_list)
    return Box(
        campaign=f"box-{place}",
        family=f"box-{selector}-{numbering}",
        rules=Rules(
            selector=selector,
            slots=slots,
            calls_a_day=calls,
            watch_calls=round(allowed * 0.9),
            rest_s=between(rng, 8.0, 240.0),
            rest_shape=rng.choice((0.9, 1.6, 4.0, 20.0)),
            life_days=between(rng, 1.0, 12.0),
            opens_h=opens_h,
        ),
        first_day=first_day,
        last_day=first_day + between(rng, 1.5, 14.0),
        closes_h=closes_h,
        channels=channels,
        pause_s=max(1.0, spacing_s - 0.5 * mean_talk_s - 15.0),
        trunk_part=max(0.004, min(between(rng, 0.008, 0.1), between(rng, 1.0, 8.0) * len(on_list) / (slots * calls))),
        lines=tuple(on_list),
        mean_talk_s=mean_talk_s,
        loyalty=rng.choice((0.0, 0.0, 0.5, 0.95)) if selector != "lifelike" else 0.8,
        fake_part=rng.choice((0.0, 0.0, 0.2, 0.5)),
        patience_s=rng.choice((18.0, 28.0, 40.0)),
    )


def work(box: Box, setting: Setting, rng: Random, numbering: str) -> Process:
    """The box's days. Calls to people elsewhere are worked through in place; only those to the trunk are steps."""
    end_s = min(box.last_day, float(setting.days)) * DAY_S
    begin_s = box.first_day * DAY_S
    stock = stock_of(setting.book, numbering, rng, rng.choice((0.05, 0.4, 0.9)))
    rack = Rack(box.rules, stock, begin_s, rng)
    channels = [(begin_s + place * 0.5, place) for place in range(box.channels)]
    truth = Truth("simbank", box.family, box.campaign)
    callers: dict[int, Card] = {}
    held: dict[int, int] = {}  # channels that wait for a card, and its slot
    again: deque[int] = deque()
    place = 0
    while channels[0][0] < end_s:
        now_s, channel = channels[0]
        open_s = _open_s(box, now_s)
        if open_s > now_s:
            heapreplace(channels, (open_s + rng.expovariate(1.0 / (box.pause_s + 5.0)), channel))
            continue
        if channel not in held and not rack.has_idle(now_s):
            ready_s, held[channel] = rack.reserve()
            heapreplace(channels, (max(now_s, ready_s), channel))
            continue
        is_ours = rng.random() < box.trunk_part
        line = -1
        if is_ours and again and rng.random() < 0.3:
            line = again.popleft()
        elif is_ours:
            line = box.lines[place % len(box.lines)]
            place += 1
        if channel in held:
            card = rack.rested(held.pop(channel), now_s)
        else:
            card = rack.take(now_s, callers.get(line) if is_ours and rng.random() < box.loyalty else None)
        talk_s = 1.0 + rng.weibullvariate(box.mean_talk_s, 0.85)
        if is_ours:
            patience = min(box.patience_s, patience_s(rng) + 8.0)
            outcome = yield Dial(now_s, line, Identity(card.number), truth, patience, talk_s, rng.uniform(0.1, 0.6))
            over_s, talk_s = outcome.over_s, outcome.talk_s
            callers[line] = card
            if outcome.kind != ANSWERED:
                again.append(line)
        elif rng.random() < 0.45:
            over_s = now_s + rng.uniform(5.0, 20.0) + talk_s
        else:
            over_s, talk_s = now_s + box.patience_s, 0.0
        fake_s = rng.weibullvariate(50.0, 0.9) if rng.random() < box.fake_part else 0.0
        rack.give_back(card, over_s, talk_s, fake_s)
        heapreplace(channels, (over_s + rng.weibullvariate(box.pause_s, 1.2), channel))


def _open_s(box: Box, now_s: float) -> float:
    """Now, or when the box next opens: it is shut at night and for an hour at noon where it works until late."""
    hour = now_s % DAY_S / HOUR_S
    midnight_s = now_s - now_s % DAY_S
    if hour < box.rules.opens_h:
        return midnight_s + box.rules.opens_h * HOUR_S
    if hour >= box.closes_h:
        return midnight_s + DAY_S + box.rules.opens_h * HOUR_S
    if box.closes_h > 19.5 and 12.0 <= hour < 13.0:
        return midnight_s + 13.0 * HOUR_S + MINUTE_S
    return now_s


def sim_boxes(setting: Setting) -> Iterator[Process]:
    """Three boxes a world; seven worlds in a row have every kind once."""
    for place in range(3):
        rng = setting.stream(f"box {place}")
        kind = KINDS[(3 * setting.seed + place) * 8 % len(KINDS)]
        yield work(draw_box(setting, place, kind, rng), setting, rng, kind[1])
