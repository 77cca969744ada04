"""Point 1: trained without a family, thresholds fixed, judged on it; the worst family counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from catflap_models.court.alarms import four_in_five, quantile, until_alarm
from catflap_models.court.case import Detector
from catflap_models.court.figures import Figure
from catflap_models.court.hearing import Hearing
from catflap_models.court.lessons import Lesson
from catflap_models.court.metrics import Mask, Pooled, Share, share_of
from catflap_models.court.plots import Bar, bars
from catflap_models.court.protocol import ORACLE, Court, Recipe, cases, pool_of
from catflap_models.court.report import Plot, Section, Table
from catflap_models.court.suite import policies
from catflap_models.court.training import without
from catflap_models.court.words import number, percent, span
from catflap_models.simulate.scenario import SimBank
from catflap_probe.call import SIMBANK

SETTLED = 30
"""Calls of the bank on the trunk, after which it is asked what is stopped."""
KNOWN = 3
"""Earlier calls of a number, from which on it ought to be known."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every family with these numbers and this share, and the bars of its worst family and of their mean."""

    name: str
    numbering: str
    share: float
    hit: Callable[[Pooled], Mask]
    among: Callable[[Pooled], Mask]
    worst: float
    mean: float | None = None


def _settled(pool: Pooled) -> Mask:
    found: Mask = np.logical_and(pool.label == SIMBANK, pool.place > SETTLED)
    return found


def _known(pool: Pooled) -> Mask:
    found: Mask = np.logical_and(pool.label == SIMBANK, pool.before >= KNOWN)
    return found


def _bank(pool: Pooled) -> Mask:
    return np.equal(pool.label, SIMBANK)


def _blocked(pool: Pooled) -> Mask:
    return pool.is_blocked


def _named(pool: Pooled) -> Mask:
    found: Mask = np.logical_and(pool.is_marked, pool.ruled == SIMBANK)
    return found


QUESTIONS = (
    Question("blocked.neighbouring.3", "neighbouring", 0.03, _blocked, _settled, 0.95),
    Question("blocked.neighbouring.1", "neighbouring", 0.01, _blocked, _settled, 0.85),
    Question("blocked.scattered.3", "scattered", 0.03, _blocked, _settled, 0.45, 0.65),
    Question("blocked.scattered.10", "scattered", 0.10, _blocked, _settled, 0.82, 0.90),
    Question("blocked.scattered.3.known", "scattered", 0.03, _blocked, _known, 0.80),
    Question("labelled.scattered.3", "scattered", 0.03, _named, _bank, 0.65, 0.82),
)
ALARM_BARS = {"neighbouring": 10.0, "scattered": 15.0}
"""Median calls of the bank on the trunk before the alarm."""


def leave_one_family_out(court: Court) -> Section:
    """Trains once for each rule of choosing cards, on the trunks of all others, and judges the trunks of that rule."""
    training, held_out = court.lessons("training"), court.lessons("calibration")
    train = partial(_trained, court.recipe, training, held_out, court.folder / "lofo")
    without_each = court.map("trained without a family", train, court.size.selectors)
    hearings: list[Hearing] = []
    for selector, detector in zip(court.size.selectors, without_each, strict=True):
        trunks = [scenario for scenario in policies(court.size) if selector in (bank.selector for bank in _banks(scenario.campaigns))]
        baselines = court.fit_baselines(without(training, selector), without(held_out, selector))
        hearings += court.hear(f"without {selector}", trunks, detector, baselines)
    name = court.accused.name
    asked = [question for question in QUESTIONS if question.share in (share for share, _ in court.size.days_by_share)]
    figures, rows = [], []
    for question in asked:
        shares = _by_selector(hearings, question, name)
        figures += _figures(question, shares)
        rows.append(_row(question, hearings, name, court.names[1:]))
    figures += [figure for numbering, bar in ALARM_BARS.items() for figure in _until_alarm(hearings, name, numbering, bar)]
    worst = {question.name: _worst(_by_selector(hearings, question, name)) for question in asked}
    found = "Worst families: " + "; ".join(
        f"{question} {percent(share.value)} ({selector})" for question, (selector, share) in worst.items()
    )
    return Section(
        1,
        "One family left out",
        f"For each of {len(court.size.selectors)} rules by which a bank chooses its next card, detector and baselines are trained on the "
        "trunks of all other rules, thresholds set there too, and then judged on trunks of the rule that they never saw, with "
        f"neighbouring, batched and scattered numbers. Blocked: the bank's calls after its {SETTLED}th on the trunk, stopped in time.",
        "The worst family close to the others, and both close to the oracle, which knows the rule: what lies above the oracle is out of "
        "everybody's reach.",
        found + ".",
        tuple(figures),
        (
            Table("Worst and mean family", ("question", "worst family", name, "mean", *_rival_names(court.names[1:])), tuple(rows), _NOTE),
            _all_cells(hearings, name, court.names[1:]),
        ),
        (_plot(hearings, name, court.names[1:], asked),) if asked else (),
    )


_NOTE = "Of the baselines and the oracle the mean over the families is given: they have other worst families."


def _trained(recipe: Recipe, training: Sequence[Lesson], held_out: Sequence[Lesson], folder: Path, selector: str) -> Detector:
    return recipe(without(training, selector), without(held_out, selector), folder / selector)


def _banks(campaigns: Sequence[object]) -> list[SimBank]:
    return [campaign for campaign in campaigns if isinstance(campaign, SimBank)]


def _of(hearings: Sequence[Hearing], numbering: str, share: float | None = None, selector: str = "") -> list[Hearing]:
    """The hearings of trunks with such a bank."""
    found = []
    for hearing in hearings:
        for bank in _banks(hearing.scenario.campaigns):
            if bank.numbering == numbering and share in (None, bank.share) and selector in ("", bank.selector):
                found.append(hearing)
    return found


def _by_selector(hearings: Sequence[Hearing], question: Question, name: str) -> dict[str, Share]:
    shares = {}
    for selector in dict.fromkeys(bank.selector for hearing in hearings for bank in _banks(hearing.scenario.campaigns)):
        mine = _of(hearings, question.numbering, question.share, selector)
        if mine:
            pool = pool_of(mine, name)
            share = share_of(question.hit(pool), question.among(pool))
            if share.total:
                shares[selector] = share
    return shares


def _worst(shares: dict[str, Share]) -> tuple[str, Share]:
    return min(shares.items(), key=lambda item: (item[1].value or 0.0, item[0]), default=("none asked", Share(0, 0)))


def _mean(shares: dict[str, Share]) -> float | None:
    return sum(share.value or 0.0 for share in shares.values()) / len(shares) if shares else None


def _figures(question: Question, shares: dict[str, Share]) -> list[Figure]:
    selector, share = _worst(shares)
    how = f"worst of {len(shares)} families: {selector}, {share.hits} of {share.total} calls; 95 % bounds {span(share)}"
    figures = [Figure(f"court.lofo.{question.name}.worst", share.value, "share", question.worst, "higher", how)]
    if shares:
        how = f"mean of {len(shares)} families"
        figures.append(Figure(f"court.lofo.{question.name}.mean", _mean(shares), "share", question.mean, "higher", how))
    return figures


def _until_alarm(hearings: Sequence[Hearing], name: str, numbering: str, bar: float) -> list[Figure]:
    delays = [
        delay
        for calls, ruling in cases(_of(hearings, numbering), name)
        for delay in until_alarm(calls, ruling.alarms, four_in_five)
        if delay.label == SIMBANK
    ]
    if not delays:
        return []
    never = sum(delay.found_at is None for delay in delays)
    how = f"{len(delays)} campaigns of all families and shares, {never} of them never; two true members and four in five true"
    median = quantile([delay.found_at for delay in delays], 0.5)
    if median is None:
        how = f"never in half of the campaigns: {how}"
    return [Figure(f"court.lofo.alarm.{numbering}.median", median, "calls", bar, "lower", how)]


def _row(question: Question, hearings: Sequence[Hearing], name: str, rivals: Sequence[str]) -> tuple[str, ...]:
    shares = _by_selector(hearings, question, name)
    selector, share = _worst(shares)
    others = (percent(_mean(_by_selector(hearings, question, rival))) for rival in (*rivals, ORACLE))
    return question.name, selector, percent(share.value), percent(_mean(shares)), *others


def _rival_names(rivals: Sequence[str]) -> tuple[str, ...]:
    return *rivals, ORACLE


def _all_cells(hearings: Sequence[Hearing], name: str, rivals: Sequence[str]) -> Table:
    rows = []
    for hearing in hearings:
        for bank in _banks(hearing.scenario.campaigns):
            pool = pool_of([hearing], name)
            settled = share_of(pool.is_blocked, _settled(pool))
            labelled = share_of(_named(pool), _bank(pool))
            others = []
            for rival in (*rivals, ORACLE):
                told = pool_of([hearing], rival)
                others.append(percent(share_of(told.is_marked, _bank(told)).value))
            kind = (bank.selector, bank.numbering, f"{100 * bank.share:g} %", number(settled.total))
            rows.append((*kind, percent(settled.value), span(settled), percent(labelled.value), *others))
    head = (
        "rule",
        "numbers",
        "share",
        f"calls after {SETTLED}",
        "blocked",
        "95 % bounds",
        "labelled",
        *(f"{rival}: told apart" for rival in rivals),
    )
    note = "Labelled, told apart: of all of the bank's calls, while it rang, each at its threshold of 1 honest call in 1,000."
    return Table("Every rule, numbering and share", (*head, f"{ORACLE}: told apart"), tuple(rows), note)


def _plot(hearings: Sequence[Hearing], name: str, rivals: Sequence[str], asked: Sequence[Question]) -> Plot:
    chosen = [question for question in asked if question.name in ("blocked.neighbouring.3", "blocked.scattered.3")]
    everybody = (*rivals, ORACLE)
    entries = []
    for question in chosen:
        others = [_by_selector(hearings, question, rival) for rival in everybody]
        shares = _by_selector(hearings, question, name)
        for selector, share in shares.items():
            beside = tuple(other[selector].value if selector in other else None for other in others)
            title = f"{selector}, {question.numbering}"
            entries.append(Bar(title, share.value, share.bounds, selector == _worst(shares)[0], beside))
    return bars(
        "left-out",
        f"Share of a bank's calls stopped after its {SETTLED}th, for each rule that training never saw.",
        f"Calls of a bank stopped after its {SETTLED}th on the trunk, 3 % of its calls arriving; training never saw a bank of that rule. "
        "The worst family of each numbering is set off in red, thin lines are 95 % bounds, marks are baselines and the oracle.",
        entries,
        "stopped in time",
        everybody,
    )
