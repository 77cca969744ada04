"""Point 9: other modems, other cadences, lost text, a clock put right, numbers not shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from catflap_models.court.comparing import changed, paired
from catflap_models.court.figures import Figure
from catflap_models.court.hearing import Hearing
from catflap_models.court.metrics import Share, share_of
from catflap_models.court.plots import Bar, bars
from catflap_models.court.protocol import Court, pool_of
from catflap_models.court.report import Section, Table
from catflap_models.court.sweeps import by_value, drifts
from catflap_models.court.words import number, percent
from catflap_probe.call import SIMBANK

CHANGED_BAR = 0.05
"""Verdicts that may change with the period of RING: it is the modem's, not the caller's."""
RINGS = ("RING 3 s", "RING 6 s", "another cadence")
SETTLED = 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """One kind of modems, held against those that the study's trunk has."""

    name: str
    marked: Share
    blocked: Share
    honest: Share
    """honest calls marked"""
    unlike: Share
    heard: Share
    """calls that were heard at all, of those that the first modems told of"""


def drift(court: Court) -> Section:
    """The same calls of the same callers through other modems."""
    trials = drifts(court.size)
    hearings = by_value(trials, court.hear("other modems", [trial.scenario for trial in trials]))
    _, firsts = hearings[0]
    name = court.accused.name
    outcomes = [_outcome(trial.value, heard, firsts, name) for trial, heard in hearings]
    figures = []
    for outcome in outcomes[1:]:
        key = outcome.name.lower().replace(" %", "").replace(" ", "-")
        bar = CHANGED_BAR if outcome.name in RINGS else None
        share = outcome.unlike
        how = f"{share.hits} of {number(share.total)} calls labelled or treated differently than by the first modems"
        figures.append(Figure(f"court.drift.changed.{key}", share.value, "share", bar, "lower", how))
        before, now = outcomes[0].marked, outcome.marked
        loss = None if before.value is None or now.value is None else before.value - now.value
        how = f"recall {percent(before.value)} before, {percent(now.value)} after, {now.total} calls of the bank"
        figures.append(Figure(f"court.drift.loss.{key}", loss, "share", None, "lower", how))
    worst = max(outcomes[1:], key=lambda outcome: (outcomes[0].marked.value or 0.0) - (outcome.marked.value or 0.0))
    most = max(outcomes[1:], key=lambda outcome: outcome.unlike.value or 0.0)
    rows = [
        (
            o.name,
            percent(o.marked.value),
            percent(o.blocked.value),
            percent(o.honest.value),
            percent(o.unlike.value),
            percent(o.heard.value),
        )
        for o in outcomes
    ]
    head = ("modems", "bank: marked", "bank: blocked", "honest: marked", "said differently", "calls heard")
    rivals = court.names[1:]
    entries = []
    for outcome, (_, heard) in zip(outcomes, hearings, strict=True):
        others = tuple(_outcome(outcome.name, heard, firsts, rival).marked.value for rival in rivals)
        entries.append(Bar(outcome.name, outcome.marked.value, outcome.marked.bounds, outcome is worst, others))
    plot = bars(
        "drift",
        "Share of the bank's calls marked, for each kind of modems.",
        f"The bank's calls after its {SETTLED}th, marked in time; the first bar is what the others are held against.",
        entries,
        "marked in time",
        rivals,
    )
    return Section(
        9,
        "Drift",
        "The same plans of calls, written by other modems: RING every 3, 5 or 6 seconds, another cadence, analogue or cellular alone, "
        "caller ID as DTMF, lost or split text, a wall clock put right by an hour, numbers withheld. Thresholds stay.",
        "The same verdicts whatever the period of RING; where information is lost (text, numbers), recall falls and no honest call pays.",
        f"Recall falls most under {worst.name}; most verdicts change under {most.name} ({percent(most.unlike.value)}).",
        tuple(figures),
        (Table("The same calls through other modems", head, tuple(rows)),),
        (plot,),
    )


def _outcome(title: str, hearings: Sequence[Hearing], firsts: Sequence[Hearing], name: str) -> Outcome:
    pool = pool_of(hearings, name)
    settled = (pool.label == SIMBANK) & (pool.place > SETTLED)
    both = list(zip(firsts, hearings, strict=True))
    pairs = [paired(first.calls, hearing.calls) for first, hearing in both]
    unlike = [changed(same, first.rulings[name], hearing.rulings[name]) for same, (first, hearing) in zip(pairs, both, strict=True)]
    return Outcome(
        title,
        share_of(pool.is_marked, settled),
        share_of(pool.is_blocked, settled),
        share_of(pool.is_marked, pool.is_honest),
        Share(sum(share.hits for share in unlike), sum(share.total for share in unlike)),
        Share(sum(len(same.first) for same in pairs), sum(int((~first.calls.is_out).sum()) for first in firsts)),
    )
