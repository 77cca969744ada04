"""Point 10: what a detector must not hang on (labels, numbers, the date, one generator), and whether the splits are apart."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from catflap_models.court import suite
from catflap_models.court.case import Calls
from catflap_models.court.figures import Figure
from catflap_models.court.hearing import Hearing
from catflap_models.court.lessons import Lesson
from catflap_models.court.metrics import Mask, auc, share_of
from catflap_models.court.other_calls import HELD_OUT_SEED, TEST_SEED, TRAINING_SEED, judged_other, learn_other
from catflap_models.court.points.cheating import CHANCE_BAR, changes, left_in_peace
from catflap_models.court.protocol import Court, pool_of
from catflap_models.court.report import Section, Table
from catflap_models.court.words import number, percent
from catflap_models.simulate.scenario import DAY_S
from catflap_probe.call import LEGIT, SIMBANK

_BLOCKS = ("neighbouring", "batch")


def leakage(court: Court) -> Section:
    """Nine audits; the first four are what a cheating detector fails."""
    figures = [*changes(court), left_in_peace(court), *_shuffled(court), _missingness(court), *_splits(court)]
    other, table = _other_generator(court)
    figures += other
    failed = [figure.name.removeprefix("court.audit.") for figure in figures if figure.bar is not None and not figure.ok]
    return Section(
        10,
        "Leakage audit",
        "Trunks are heard again with labels.csv dealt out anew, with other mobile numbers, at another date, and without their campaign; "
        "the training is repeated on shuffled labels; the splits are searched for shared seeds, days, pools and number blocks; training "
        "and test change places between two generators that share no code.",
        "No verdict changes with labels, numbers or date; without a campaign the same days are quiet; shuffled labels teach nothing; a "
        "number not shown alone tells no bank; what is learned from one generator holds in the other.",
        f"Failed: {', '.join(failed)}." if failed else "Nothing leaks that these audits can see.",
        tuple(figures),
        (table,),
    )


def _shuffled(court: Court) -> list[Figure]:
    """The recipe on labels that mean nothing: what it marks must be no more of the nuisances than of the honest calls."""
    parts = [_dealt(court.lessons("training"), 1), _dealt(court.lessons("calibration"), 2)]
    detector = court.recipe(parts[0], parts[1], court.folder / "shuffled")
    pool = pool_of(court.hear("trained on shuffled labels", suite.mixed(court.size)[:2], detector, ()), detector.name)
    nuisance: Mask = np.logical_and(pool.label == SIMBANK, ~pool.is_out)
    found, wrong = share_of(pool.is_marked, nuisance), share_of(pool.is_marked, pool.is_honest)
    gain = None if found.value is None or wrong.value is None else abs(found.value - wrong.value)
    how = f"{percent(found.value)} of the bank's calls and {percent(wrong.value)} of the honest ones marked"
    area = auc(pool.score[~pool.is_out], nuisance[~pool.is_out])
    return [
        Figure("court.audit.shuffled-training", gain, "share", CHANCE_BAR, "lower", how),
        Figure("court.audit.shuffled-training.auc", area, "", None, "higher", "of its scores, which are all but equal"),
    ]


def _dealt(lessons: Sequence[Lesson], seed: int) -> list[Lesson]:
    rng = np.random.default_rng(seed)
    found = []
    for lesson in lessons:
        rows = np.flatnonzero(lesson.heard.is_asked & ~lesson.heard.calls.is_out)
        label = lesson.heard.calls.label.copy()
        label[rows] = label[rng.permutation(rows)]
        found.append(replace(lesson, heard=replace(lesson.heard, calls=replace(lesson.heard.calls, label=label))))
    return found


def _missingness(court: Court) -> Figure:
    """A bank's calls must not be told by the number's absence."""
    all_calls = [hearing.calls for hearing in (*court.policies(), *court.mixed())]
    rows = [np.isin(calls.label, (LEGIT, SIMBANK)) & ~calls.is_out for calls in all_calls]
    absent = np.concatenate([calls.calling[keep] == "" for calls, keep in zip(all_calls, rows, strict=True)])
    bank = np.concatenate([calls.label[keep] == SIMBANK for calls, keep in zip(all_calls, rows, strict=True)])
    area = auc(absent.astype(np.float64), bank)
    how = f"AUC {number(area)} of no number shown, bank against honest, {len(absent)} calls"
    return Figure("court.audit.missingness", None if area is None else abs(area - 0.5), "off chance", CHANCE_BAR, "lower", how)


def _splits(court: Court) -> list[Figure]:
    tested = [hearing.calls for hearing in (*court.policies(), *court.mixed(), *court.quiet())]
    calls = {split: [lesson.heard.calls for lesson in court.lessons(split)] for split in ("training", "calibration")} | {"test": tested}
    scenarios = [suite.lessons(court.size, split) for split in ("training", "calibration")]
    scenarios.append([hearing.scenario for hearing in (*court.policies(), *court.mixed(), *court.quiet())])
    figures = [shared("seeds", [{scenario.seed for scenario in split} for split in scenarios])]
    figures.append(shared("days", [{day for part in split for day in _days(part)} for split in calls.values()]))
    figures.append(shared("pool-numbers", [{number for part in split for number in _numbers(part)} for split in calls.values()]))
    blocks = [{number[:-4] for part in split for number in _numbers(part, _BLOCKS)} for split in calls.values()]
    return [*figures, shared("pool-blocks", blocks)]


def _days(calls: Calls) -> Iterable[int]:
    first = int(calls.start_s // DAY_S)
    return range(first, first + int(calls.days) + 1)


def _numbers(calls: Calls, numberings: tuple[str, ...] = ()) -> Iterable[str]:
    """Of the banks; with `numberings`, of those that number so."""
    for calling, label, family in zip(calls.calling.tolist(), calls.label.tolist(), calls.family.tolist(), strict=True):
        if label == SIMBANK and calling and (not numberings or family.endswith(numberings)):
            yield calling


def shared(what: str, splits: Sequence[set[int] | set[str]]) -> Figure:
    """How many of `what` are in more than one split."""
    both = [first & second for place, first in enumerate(splits) for second in splits[place + 1 :]]
    sizes = " / ".join(number(len(split)) for split in splits)
    return Figure(f"court.audit.shared.{what}", sum(map(len, both)), what, 0, "lower", f"in two of three splits, which have {sizes}")


def _other_generator(court: Court) -> tuple[list[Figure], Table]:
    """Trained here and judged there, trained there and judged here."""
    size = court.size
    name = court.accused.name
    count = size.other
    learn = partial(learn_other, lines=size.lines, days=size.other_days)
    there = court.map("other generator: lessons", learn, [TRAINING_SEED + place for place in range(2 * count)])
    there_held = court.map("other generator: held out", learn, [HELD_OUT_SEED + place for place in range(count)])
    ours = court.recipe(court.lessons("training"), court.lessons("calibration"), court.folder / "ours")
    theirs = court.recipe(there, there_held, court.folder / "theirs")
    here = suite.policies(size)[:: max(1, len(suite.policies(size)) // (2 * count))]
    seeds = [TEST_SEED + place for place in range(count)]
    figures, rows = [], []
    for title, detector in (("accused", court.accused), ("trained here", ours), ("trained there", theirs)):
        at_home = [(hearing.calls, hearing.rulings[detector.name]) for hearing in court.hear(f"{title}, judged here", here, detector, ())]
        away = court.map(f"{title}, judged there", partial(judged_other, detector=detector, lines=size.lines, days=size.other_days), seeds)
        for place, heard in (("here", at_home), ("there", away)):
            pool = pool_of([Hearing(here[0], calls, {name: ruling}) for calls, ruling in heard], name)
            bank: Mask = np.logical_and(pool.label == SIMBANK, ~pool.is_out)
            found, wrong = share_of(pool.is_marked, bank), share_of(pool.is_marked, pool.is_honest)
            incoming = ~pool.is_out & np.isin(pool.label, (LEGIT, SIMBANK))
            area = auc(pool.score[incoming], pool.label[incoming] == SIMBANK)
            rows.append((title, place, number(found.total), percent(found.value), percent(wrong.value), number(area)))
            how = f"AUC of bank against honest; {percent(found.value)} found, {percent(wrong.value)} of honest marked"
            figures.append(Figure(f"court.audit.other.{title.replace(' ', '-')}.{place}", area, "", None, "higher", how))
    head = ("detector", "judged", "bank's calls", "marked", "honest marked", "AUC")
    return figures, Table("Two generators: here is the first, there the second", head, tuple(rows))
