"""Nuisance campaigns as the trunk sees them: SIM banks, one-ring callers, call bombing, diallers, false numbers."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from catflap_models import numbers
from catflap_models.honest import DAY_S, Trunk, office_time
from catflap_models.plan import PlannedCall

SELECTORS = ("longest-idle", "round-robin", "random")
NUMBERINGS = ("neighbouring", "batch", "scattered")


@dataclass(frozen=True, slots=True)
class SimBank:
    """How one SIM bank works."""

    campaign: str
    selector: str
    """One of SELECTORS: which card makes the next call."""
    numbering: str
    """One of NUMBERINGS: how the cards' numbers lie to each other."""
    sims: int
    calls_per_sim_day: float
    gap_floor_s: float
    """A card rests at least so long after a call."""
    share: float
    """Part of the campaign's calls that reaches the trunk."""
    life_days: float
    """A card is given up after about so many days."""
    is_sticky: bool
    """A line is called again by the card that called it before."""
    lines: int
    """How many of the trunk's lines it has on its list."""
    virtual_share: float
    """Part of the cards that are a virtual operator's."""
    open_s: float = 8.5 * 3600.0
    close_s: float = 20.0 * 3600.0


def draw_sim_bank(trunk: Trunk, name: str, rng: Random) -> SimBank:
    """A SIM bank of random ways; about 8 to 40 calls a day and line come through."""
    sims = rng.choice((16, 32, 64, 128, 256))
    calls_per_sim_day = rng.uniform(40.0, 190.0)
    most = (8.0 + 32.0 * rng.random()) * trunk.lines
    return SimBank(
        campaign=name,
        selector=rng.choice(SELECTORS),
        numbering=rng.choice(NUMBERINGS),
        sims=sims,
        calls_per_sim_day=calls_per_sim_day,
        gap_floor_s=rng.choice((10.0, 40.0, 40.0, 120.0, 300.0)),
        share=min(rng.uniform(0.01, 0.10), most / (sims * calls_per_sim_day)),
        life_days=rng.uniform(2.0, 10.0),
        is_sticky=rng.random() < 0.25,
        lines=max(1, trunk.lines * rng.randrange(2, 5) // 4),
        virtual_share=rng.choice((0.0, 0.6, 1.0)),
    )


def sim_bank_calls(bank: SimBank, trunk: Trunk, start_s: float, days: int, rng: Random) -> Iterator[PlannedCall]:
    """The bank's calls that reach the trunk from `start_s` on, in time order, at most one a card at a time."""
    cards = _Cards(bank, rng)
    targets = rng.sample(range(trunk.lines), bank.lines)
    sticky: dict[int, str] = {}
    mean_gap_s = (bank.close_s - bank.open_s) / (bank.sims * bank.calls_per_sim_day)
    t_s = start_s
    today = int(start_s // DAY_S)
    while t_s < (start_s // DAY_S + days) * DAY_S:
        t_s += rng.expovariate(1.0 / mean_gap_s)
        if t_s % DAY_S < bank.open_s or t_s % DAY_S > bank.close_s:
            t_s = (t_s // DAY_S + (t_s % DAY_S > bank.close_s)) * DAY_S + bank.open_s
        if t_s // DAY_S > today:
            today = int(t_s // DAY_S)
            cards.retire()
        calling = cards.next(t_s)
        if rng.random() >= bank.share:
            continue
        line = rng.choice(targets)
        if bank.is_sticky and rng.random() < 0.8:
            calling = sticky.setdefault(line, calling)
        yield _nuisance(rng, t_s, line, calling, "simbank", bank.selector + "-" + bank.numbering, bank.campaign, (3.4, 0.35), (3.96, 0.89))


def one_ring_calls(trunk: Trunk, campaign: str, first_day: int, days: int, rng: Random) -> Iterator[PlannedCall]:
    """Sweeps over the lines in order, each call given up within three seconds."""
    callers = [numbers.one_ring(rng) for _ in range(rng.randrange(1, 9))]
    for day in range(first_day, first_day + days):
        for _ in range(rng.randrange(1, 5)):
            t_s = office_time(rng, day)
            calling = rng.choice(callers)
            for line in range(trunk.lines):
                t_s += rng.uniform(4.0, 90.0)
                yield _given_up(t_s, line, calling, "wangiri", "sweep", campaign, rng.uniform(0.8, 2.9))


def call_bombing(trunk: Trunk, campaign: str, first_day: int, rng: Random) -> Iterator[PlannedCall]:
    """One or two lines called every 1-60 s for hours, each call given up within two seconds or so."""
    lines = rng.sample(range(trunk.lines), min(trunk.lines, rng.randrange(1, 3)))
    family = rng.choice(("fresh-numbers", "few-numbers", "no-number"))
    few = [numbers.mobile(rng, 0.4) for _ in range(rng.randrange(2, 20))]
    t_s = office_time(rng, first_day)
    end_s = t_s + rng.uniform(0.5, 3.0) * 3600.0
    gap_s = rng.uniform(2.0, 50.0)
    while t_s < end_s:
        calling = "" if family == "no-number" else rng.choice(few) if family == "few-numbers" else numbers.mobile(rng, 0.4)
        yield _given_up(t_s, rng.choice(lines), calling, "tdos", family, campaign, rng.uniform(0.5, 2.5))
        t_s += 1.0 + rng.expovariate(1.0 / gap_s)


def dialler_calls(trunk: Trunk, campaign: str, first_day: int, days: int, rng: Random) -> Iterator[PlannedCall]:
    """A call centre's dialler: a few numbers, six or seven rings, short talks."""
    family = rng.choice(("call-centre", "call-centre", "landline", "mobile"))
    count = rng.randrange(1, 7)
    if family == "call-centre":
        callers = [numbers.dialler(rng) for _ in range(count)]
    elif family == "landline":
        callers = [numbers.landline(rng, trunk.area_code, 0.5) for _ in range(count)]
    else:
        callers = [numbers.mobile(rng, 0.5) for _ in range(count)]
    rate = rng.uniform(1.0, 5.0) * trunk.lines
    for day in range(first_day, first_day + days):
        if day % 7 < 5:
            for _ in range(int(rate)):
                t_s, line = office_time(rng, day), rng.randrange(trunk.lines)
                yield _nuisance(rng, t_s, line, rng.choice(callers), "telemarketing", family, campaign, (3.5, 0.08), (3.2, 0.8))


def false_numbers(trunk: Trunk, days: int, rng: Random) -> Iterator[PlannedCall]:
    """Single calls under numbers that cannot be."""
    for day in range(days):
        if rng.random() < 0.5:
            yield _nuisance(
                rng,
                office_time(rng, day),
                rng.randrange(trunk.lines),
                numbers.impossible(rng),
                "spoof",
                "impossible",
                "",
                (3.4, 0.4),
                (3.9, 0.9),
            )


class _Cards:
    """The cards of a bank, and which one is next."""

    def __init__(self, bank: SimBank, rng: Random) -> None:
        self.bank = bank
        self.rng = rng
        self.fresh = self._numbers()
        self.order = [self.fresh.pop() for _ in range(bank.sims)]
        self.last_s: dict[str, float] = {}
        self.turn = 0

    def next(self, t_s: float) -> str:
        """The card that makes the call at `t_s`."""
        if self.bank.selector == "random":
            card = self.rng.choice(self.order)
            for _ in range(20):
                if t_s - self.last_s.get(card, -DAY_S) >= self.bank.gap_floor_s:
                    break
                card = self.rng.choice(self.order)
        elif self.bank.selector == "round-robin":
            card = self.order[self.turn % len(self.order)]
            self.turn += 1
        else:
            card = self.order.pop(0)
            self.order.append(card)
        self.last_s[card] = t_s
        return card

    def retire(self) -> None:
        """A day is over: replaces some cards by new ones of the same purchase."""
        for place in range(len(self.order)):
            if self.fresh and self.rng.random() < 1.0 / self.bank.life_days:
                self.order[place] = self.fresh.pop()

    def _numbers(self) -> list[str]:
        rng = self.rng
        count = 3 * self.bank.sims
        virtual_share = self.bank.virtual_share
        if self.bank.numbering == "scattered":
            return [numbers.mobile(rng, virtual_share) for _ in range(count)]
        if self.bank.numbering == "neighbouring":
            return numbers.neighbours(rng, numbers.mobile(rng, virtual_share)[:7], count, rng.choice((count, 2000)))
        heads = [numbers.mobile(rng, virtual_share)[:7] for _ in range(rng.randrange(2, 5))]
        found = [number for head in heads for number in numbers.neighbours(rng, head, count // len(heads) + 1, rng.choice((count, 5000)))]
        rng.shuffle(found)
        return found


def _nuisance(
    rng: Random,
    t_s: float,
    line: int,
    calling: str,
    label: str,
    family: str,
    campaign: str,
    patience: tuple[float, float],
    talk: tuple[float, float],
) -> PlannedCall:
    """A nuisance that wants to be answered; `patience` and `talk` are mu and sigma of the seconds' logarithm."""
    answer_s = min(max(rng.lognormvariate(2.1, 0.6), 1.5), 45.0) if rng.random() < 0.6 else None
    return PlannedCall(
        t_s=round(t_s, 3),
        line=line,
        calling=calling,
        presentation="shown",
        name="",
        patience_s=round(min(max(rng.lognormvariate(*patience), 5.0), 60.0), 3),
        answer_s=None if answer_s is None else round(answer_s, 3),
        talk_s=round(min(rng.lognormvariate(*talk), 1200.0), 3),
        label=label,
        family=family,
        campaign=campaign,
    )


def _given_up(t_s: float, line: int, calling: str, label: str, family: str, campaign: str, patience_s: float) -> PlannedCall:
    """A nuisance that hangs up before anybody can answer."""
    presentation = "shown" if calling else "withheld"
    return PlannedCall(round(t_s, 3), line, calling, presentation, "", round(patience_s, 3), None, 0.0, label, family, campaign)
