"""Point 2: how recall falls as a bank hides, and what hiding costs it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from catflap_models.court.figures import Figure
from catflap_models.court.hearing import Hearing
from catflap_models.court.metrics import Mask, Pooled, Share, share_of
from catflap_models.court.plots import Bar, Line, bars, lines
from catflap_models.court.protocol import ORACLE, Court, pool_of
from catflap_models.court.report import Plot, Section, Table
from catflap_models.court.sweeps import AXES, Trial, by_value, evasions
from catflap_models.court.words import number, percent, span
from catflap_models.simulate.banks import evasion_cost
from catflap_models.simulate.scenario import SimBank
from catflap_probe.call import SIMBANK

NUMBERINGS = ("neighbouring", "scattered")
SETTLED = 30
LIMIT_BAR = 0.02
"""What keeping to 95 % of a limit may take off recall."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One bank of the sweep, judged."""

    trial: Trial
    numbering: str
    made: float
    """calls out that a card gets a day"""
    recall: dict[str, Share]
    """by detector, at one budget"""
    marked: Share
    """by the accused at its own threshold"""


def evasion(court: Court, axes: Sequence[str] = AXES) -> Section:
    """The common bank, hiding in one way at a time (`axes` of the suite's); everybody's recall at one honest call in 1,000."""
    names = (court.accused.name, *court.names[1:])
    thresholds = {name: court.threshold(name) for name in names}
    outcomes: list[Outcome] = []
    for numbering in NUMBERINGS:
        trials = [trial for trial in evasions(court.size, numbering) if trial.axis in axes]
        hearings = by_value(trials, court.hear(f"evasion, {numbering}", [trial.scenario for trial in trials]))
        made = court.map(f"cost of hiding, {numbering}", evasion_cost, [_bank(trial) for trial, _ in hearings])
        for (trial, heard), calls in zip(hearings, made, strict=True):
            outcomes.append(Outcome(trial, numbering, calls, _recalls(heard, thresholds), _marked(heard, names[0])))
    name = court.accused.name
    figures = [figure for numbering in NUMBERINGS for figure in _figures(outcomes, numbering, name)]
    hidden = min(outcomes, key=lambda outcome: outcome.recall[name].value or 0.0)
    return Section(
        2,
        "Evasion",
        "The study's bank (64 cards, the longest idle first, 3 % of its calls arriving) hides in one way at a time. Recall: its calls "
        f"after its {SETTLED}th on the trunk whose score only 1 honest call in 1,000 of the quiet trunks reaches. The cost: calls that "
        "a card still gets out a day.",
        "Curves that fall only where hiding costs the bank most of its calls, and never far below the oracle.",
        f"It hides best with {hidden.numbering} numbers by {hidden.trial.axis} {hidden.trial.value}: "
        f"{percent(hidden.recall[name].value)} found, {number(hidden.made)} calls a card and day left.",
        tuple(figures),
        tuple(_table(outcomes, numbering, name) for numbering in NUMBERINGS),
        tuple(plot for numbering in NUMBERINGS for plot in (_curves(outcomes, numbering, name), _bars(outcomes, numbering, name))),
    )


def _bank(trial: Trial) -> SimBank:
    return next(campaign for campaign in trial.scenario.campaigns if isinstance(campaign, SimBank))


def _recalls(hearings: Sequence[Hearing], thresholds: dict[str, float]) -> dict[str, Share]:
    found = {}
    for name in (*thresholds, ORACLE):
        pool = pool_of(hearings, name)
        # the oracle spares everybody whom it does not think the likelier to be the bank's
        found[name] = share_of(pool.score >= thresholds.get(name, 0.5), _asked(pool))
    return found


def _marked(hearings: Sequence[Hearing], name: str) -> Share:
    pool = pool_of(hearings, name)
    return share_of(pool.is_marked, _asked(pool))


def _asked(pool: Pooled) -> Mask:
    """The bank's settled calls; all of them where its share is so small that the trunk never hears so many."""
    bank: Mask = np.equal(pool.label, SIMBANK)
    settled: Mask = np.logical_and(bank, pool.place > SETTLED)
    return settled if settled.any() else bank


def limit_losses(limited: Mapping[str, Share], numbering: str) -> list[Figure]:
    """What keeping to a part of a limit takes off recall, against `none`, the same bank without one."""
    figures = []
    free = limited["none"].value
    for value, share in limited.items():
        if value != "none" and free is not None and share.value is not None:
            how = f"{percent(share.value)} of {share.total} calls against {percent(free)} without a limit"
            bar = LIMIT_BAR if value == "95 %" else None
            # who finds nothing loses nothing: that is no merit
            loss = free - share.value if free or bar is None else None
            figures.append(Figure(f"court.evasion.{numbering}.limit.{value[:-2]}.loss", loss, "share", bar, "lower", how))
    return figures


def _figures(outcomes: Sequence[Outcome], numbering: str, name: str) -> list[Figure]:
    limited = {o.trial.value: o.recall[name] for o in outcomes if o.numbering == numbering and o.trial.axis == "limit"}
    figures = limit_losses(limited, numbering)
    for axis in dict.fromkeys(o.trial.axis for o in outcomes):
        mine = [o for o in outcomes if o.numbering == numbering and o.trial.axis == axis and o.recall[name].total]
        if mine:
            worst = min(mine, key=lambda o: o.recall[name].value or 0.0)
            share = worst.recall[name]
            how = f"at {worst.trial.value}: {share.hits} of {share.total} calls, oracle {percent(worst.recall[ORACLE].value)}"
            figures.append(Figure(f"court.evasion.{numbering}.{axis}.worst", share.value, "share", None, "higher", how))
    return figures


def _table(outcomes: Sequence[Outcome], numbering: str, name: str) -> Table:
    mine = [outcome for outcome in outcomes if outcome.numbering == numbering]
    most = max(outcome.made for outcome in mine)
    rivals = [rival for rival in mine[0].recall if rival != name]
    rows = []
    for outcome in mine:
        share = outcome.recall[name]
        kind = (outcome.trial.axis, outcome.trial.value, number(outcome.made), number(most - outcome.made), number(share.total))
        others = (percent(outcome.recall[rival].value) for rival in rivals)
        rows.append((*kind, percent(share.value), span(share), percent(outcome.marked.value), *others))
    head = ("way", "value", "calls a card and day", "given up", "calls", "found", "95 % bounds", "own threshold", *rivals)
    note = "Given up: against the bank of the sweep that gets most calls out of a card."
    return Table(f"Evasion, {numbering} numbers", head, tuple(rows), note)


def _curves(outcomes: Sequence[Outcome], numbering: str, name: str) -> Plot:
    entries = []
    for axis in dict.fromkeys(outcome.trial.axis for outcome in outcomes):
        mine = [outcome for outcome in outcomes if outcome.numbering == numbering and outcome.trial.axis == axis]
        mine.sort(key=lambda outcome: outcome.made)
        entries.append(Line(axis, tuple((outcome.made, outcome.recall[name].value or 0.0) for outcome in mine)))
    return lines(
        f"evasion-cost-{numbering}",
        f"Recall against calls that a card still gets out a day, one line for each way of hiding, {numbering} numbers.",
        f"What hiding costs, {numbering} numbers: to the left the bank gets few calls out of a card, further down fewer of them are found.",
        entries,
        "calls out of a card and day",
        "found at 1 honest call in 1,000",
    )


def _bars(outcomes: Sequence[Outcome], numbering: str, name: str) -> Plot:
    mine = [outcome for outcome in outcomes if outcome.numbering == numbering]
    rivals = [rival for rival in mine[0].recall if rival != name]
    entries = []
    for outcome in mine:
        share = outcome.recall[name]
        others = tuple(outcome.recall[rival].value for rival in rivals)
        entries.append(Bar(f"{outcome.trial.axis} {outcome.trial.value}", share.value, share.bounds, False, others))
    return bars(
        f"evasion-{numbering}",
        f"Recall for each value of each way of hiding, {numbering} numbers, beside the baselines and the oracle.",
        f"Found at 1 honest call in 1,000, {numbering} numbers; thin lines are 95 % bounds, marks are baselines and the oracle.",
        entries,
        "found",
        rivals,
    )
