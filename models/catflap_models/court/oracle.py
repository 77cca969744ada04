"""An upper bound: what could be said of a call by somebody who knows the bank, but not the call's label.

The oracle is told how the bank chooses and numbers its cards, how many it has, how often they call, how long they last, when the
campaign runs and what part of it comes here, and of every *earlier* call on this trunk whether it was the bank's. Of the call at hand it
knows what the line shows. So

- a number that the bank has used is the bank's, and one that an honest caller has used is not;
- with neighbouring or batched numbers, a mobile number within the purchase as far as it has shown itself is the bank's;
- any other mobile number never seen before is the bank's with the odds that the bank's next unseen card has against the new mobile
  strangers that the trunk had in these hours before. The cards' turn is in it: under a selector that goes by turns a card that called less
  than half a round ago is not up, so that the unseen cards share the turn among fewer;
- of a call without a number only the two rates tell.

No detector on the called side can know more, but one could beat it on a bank that breaks its own habits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from catflap_models.court.case import ALLOW, BLOCK, LABEL, Alarm, Calls, Ruling
from catflap_models.court.labelled import read_calls
from catflap_models.simulate.scenario import DAY_S, SimBank
from catflap_probe.call import LABELS, LEGIT, SIMBANK

_BY_TURNS = ("longest-idle", "round-robin", "least-used")
_PURCHASE = 2000
"""Numbers to either side of a known card that belong to the purchase."""
_CERTAIN = 0.9999
_LIKELY = 0.5
_SITE_S = 8 * 3600
"""The simulated trunks' clocks are China's."""


@dataclass(frozen=True, slots=True)
class Oracle:
    """Judges a trunk that these banks call; see the module."""

    banks: tuple[SimBank, ...]
    name: str = "oracle"

    def judge(self, folders: Sequence[Path]) -> Ruling:
        """Reads labels.csv, of which it uses no call's own row before it has judged that call."""
        return rule(read_calls(folders), self.banks)


def rule(calls: Calls, banks: Sequence[SimBank]) -> Ruling:
    """What the oracle says of a trunk's calls."""
    shadows = [_Shadow(bank, calls) for bank in banks]
    honest: set[str] = set()
    strangers = _Strangers()
    score = np.zeros(len(calls.t_s))
    for row in range(len(calls.t_s)):
        calling, t_s = str(calls.calling[row]), float(calls.t_s[row])
        hour = int((calls.start_s + t_s + _SITE_S) % DAY_S // 3600)
        usual = strangers.rate(hour, t_s)
        if calling not in honest:
            score[row] = max((shadow.chance(calling, t_s, usual) for shadow in shadows), default=0.0)
        mine = [shadow for shadow in shadows if calls.label[row] == SIMBANK and calls.campaign[row] == shadow.bank.name]
        for shadow in mine:
            shadow.saw(calling, t_s)
        if not mine and calling:
            if calling not in honest and is_mobile(calling) and calls.label[row] == LEGIT:
                strangers.saw(hour)
            honest.add(calling)
    label = np.where(score >= _LIKELY, SIMBANK, LEGIT)
    action = np.where(score >= _CERTAIN, BLOCK, np.where(score >= _LIKELY, LABEL, ALLOW))
    alarms = tuple(shadow.alarm() for shadow in shadows if len(shadow.growth) > 1)
    return Ruling(label, score, action, label.copy(), alarms)


def is_mobile(calling: str) -> bool:
    """Eleven digits from 13 on."""
    return len(calling) == 11 and calling[0] == "1" and calling[1] in "3456789"


class _Strangers:
    """New mobile numbers of honest people, by hour of the day."""

    def __init__(self) -> None:
        self.seen = [0] * 24

    def saw(self, hour: int) -> None:
        self.seen[hour] += 1

    def rate(self, hour: int, t_s: float) -> float:
        """A second; an hour in which none was seen is taken to be worth half of one."""
        days = max(t_s / DAY_S, 1.0)
        return max(self.seen[hour], 0.5) / days / 3600.0


class _Shadow:
    """What is known of one bank so far."""

    def __init__(self, bank: SimBank, calls: Calls) -> None:
        self.bank = bank
        self.trunk = calls.trunk
        self.last_s: dict[str, float] = {}
        self.growth: list[tuple[float, tuple[str, ...]]] = []
        open_s = max(bank.close_h - bank.open_h, 1.0) * 3600.0
        self.rate = bank.sims * bank.calls_per_sim_day * bank.share / open_s
        self.round_s = open_s / bank.calls_per_sim_day

    def chance(self, calling: str, t_s: float, usual: float) -> float:
        """Probability that a call from `calling` is this bank's; `usual` is the rate of honest new mobiles."""
        if calling in self.last_s:
            return 1.0
        day = t_s / DAY_S
        if not self.bank.first_day <= day < self.bank.first_day + self.bank.days:
            return 0.0
        hour = day % 1.0 * 24.0
        if (calling and not is_mobile(calling)) or not self.bank.open_h <= hour <= self.bank.close_h:
            return 0.0
        if calling and self.bank.numbering != "scattered" and self._in_purchase(calling):
            return 1.0
        rate = self.rate * self._unseen(t_s)
        return rate / (rate + usual)

    def saw(self, calling: str, t_s: float) -> None:
        """Learns that a call was the bank's."""
        if calling and calling not in self.last_s:
            self.growth.append((t_s, (*self.last_s, calling)))
        if calling:
            self.last_s[calling] = t_s

    def alarm(self) -> Alarm:
        """Raised as soon as two cards are known."""
        (t_s, first), *_ = growth = tuple(self.growth[1:])
        return Alarm(f"{self.trunk}-{self.bank.name}", t_s, LABELS[SIMBANK], growth[-1][1], first, 1.0, ("oracle",), growth)

    def _in_purchase(self, calling: str) -> bool:
        return any(calling[:-4] == card[:-4] and abs(int(calling) - int(card)) <= _PURCHASE for card in self.last_s)

    def _unseen(self, t_s: float) -> float:
        """The part of the bank's next calls that comes from a card not seen here before."""
        life_s = self.bank.life_days * DAY_S
        alive = sum(1 for last_s in self.last_s.values() if t_s - last_s < life_s)
        rests_s = self.round_s / 2 if self.bank.selector in _BY_TURNS else self.bank.gap_floor_s
        resting = sum(1 for last_s in self.last_s.values() if t_s - last_s < rests_s)
        unseen = max(self.bank.sims - alive, 1)
        return min(1.0, unseen / max(self.bank.sims - resting, 1))
