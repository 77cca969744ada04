"""Judges a bundle by labelled recordings and tells it as a report: what `catflap evaluate` does."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from catflap_models.court.baselines import Baseline, two_ratio, volume_cut
from catflap_models.court.case import Calls, Ruling
from catflap_models.court.detectors import BundleDetector
from catflap_models.court.features import Heard, hear
from catflap_models.court.figures import Figure
from catflap_models.court.labelled import Joined
from catflap_models.court.metrics import pooled
from catflap_models.court.report import Report, Section
from catflap_models.court.sections_alarms import delay_section, units_section
from catflap_models.court.sections_calls import found_section, honest_section
from catflap_models.court.sections_scores import scores_section
from catflap_models.court.trunks import LabelError
from catflap_models.court.words import listed, number
from catflap_probe.call import LABELS, LEGIT


@dataclass(frozen=True, slots=True)
class Trial:
    """One trunk, judged."""

    heard: Heard
    joined: Joined
    notes: tuple[str, ...]
    """faults of its recordings, for a person"""


def judge(trunks: Iterable[Sequence[Path]], detector: BundleDetector, done: Callable[[Trial], None]) -> list[Trial]:
    """Judges the recordings of each trunk; `done` hears of each. Raises LabelError, BundleError and PolicyError."""
    trials = []
    for folders in trunks:
        joined, notes = detector.joined_with_notes(folders)
        trial = Trial(hear(folders, detector.tables), joined, notes)
        done(trial)
        trials.append(trial)
    return trials


def report(trials: Sequence[Trial], facts: Sequence[tuple[str, str]]) -> Report:
    """The report on all trunks together. LabelError where they hold no labelled call."""
    cases = [(trial.heard.calls, trial.joined.ruling) for trial in trials]
    pool = pooled(cases)
    if not len(pool.label):
        raise LabelError("these recordings hold no labelled call")
    heard = [trial.heard for trial in trials]
    beside = {baseline.name: _ruled_by(baseline, heard) for baseline in (volume_cut(), two_ratio())}
    sections = (
        found_section(pool, beside),
        honest_section(pool, beside),
        units_section(cases, beside),
        delay_section(cases),
        scores_section(pool, beside),
        fit_section(trials),
    )
    count = Counter(pool.label.tolist())
    kinds = [f"{number(count[label])} {LABELS[label]}" for label in range(len(LABELS)) if count[label]]
    trunks = f"{len(trials)} {'trunk' if len(trials) == 1 else 'trunks'}"
    lead = f"How a detector did on {number(len(pool.label))} labelled calls of {trunks}. {sections[0].found} {sections[1].found}"
    known = (("Trunks", str(len(trials))), ("Trunk days", number(pool.days)), ("Calls", listed(kinds)))
    return Report("Catflap: evaluation on labelled recordings", lead, sections, (*facts, *known))


def fit_section(trials: Sequence[Trial]) -> Section:
    """How well what was heard fits the labels."""
    calls = sum(len(trial.heard.calls.label) for trial in trials)
    invented, missed, late = (
        sum(trial.joined.invented for trial in trials),
        sum(trial.joined.missed for trial in trials),
        sum(trial.joined.late for trial in trials),
    )
    notes = [note for trial in trials for note in trial.notes]
    found = (
        f"{number(missed)} of {number(calls)} labelled calls were not seen, {number(invented)} calls were seen that no label knows, "
        f"{number(late)} decisions came late."
    )
    if notes:
        found += f" Faults in the recordings: {'; '.join(notes)}."
    return Section(
        None,
        "How the verdicts fit the labels",
        "Each verdict is joined to the label on its line and channel that lies nearest, at most 2 seconds away. A decision later "
        "than 0.1 s after the number counts as none.",
        "No call missed, none invented, none late; otherwise the other sections speak of fewer calls than there were.",
        found,
        (
            Figure(
                "court.join.missed", missed / calls if calls else None, "share of labelled calls", None, "lower", f"{missed} of {calls}"
            ),
            Figure("court.join.invented", invented, "calls", None, "lower", "verdicts that belong to no label"),
            Figure("court.join.late", late, "calls", None, "lower", "decisions that came too late and count as allow"),
        ),
    )


def _ruled_by(baseline: Baseline, heard: Sequence[Heard]) -> list[tuple[Calls, Ruling]]:
    """The baseline on each trunk, its thresholds set on the others; on the trunk itself where there is no honest call elsewhere."""
    cases = []
    for index, part in enumerate(heard):
        others = [other for place, other in enumerate(heard) if place != index and _has_honest(other)]
        if others or _has_honest(part):
            cases.append((part.calls, baseline.at_budget(others or [part]).rule(part)))
        else:
            nothing = np.zeros(len(part.calls.label), np.int64)
            cases.append((part.calls, Ruling(nothing, nothing.astype(np.float64), nothing, nothing, ())))
    return cases


def _has_honest(heard: Heard) -> bool:
    return bool(((heard.calls.label == LEGIT) & ~heard.calls.is_out).any())
