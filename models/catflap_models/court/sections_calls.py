"""Two sections of the report: the nuisances that were found, the honest callers that were not spared."""

from collections.abc import Mapping, Sequence

from catflap_models.court.case import Calls, Ruling
from catflap_models.court.figures import Figure
from catflap_models.court.metrics import Mask, Pooled, Share, by_family, pooled, share_of, worst
from catflap_models.court.plots import Bar, bars
from catflap_models.court.report import Section, Table
from catflap_models.court.words import number, one_in, percent, span
from catflap_probe.call import LABELS, LEGIT, SIMBANK

Cases = Sequence[tuple[Calls, Ruling]]
Families = dict[tuple[int, str], Share]


def found_section(pool: Pooled, baselines: Mapping[str, Cases]) -> Section:
    """Recall by label and family, in time and in the end, the worst family stated, the baselines beside it."""
    nuisance = pool.label != LEGIT
    told = by_family(pool.label, pool.family, pool.is_marked, nuisance)
    blocked = by_family(pool.label, pool.family, pool.is_blocked, nuisance)
    named = by_family(pool.label, pool.family, pool.final_label == pool.label, nuisance)
    others = {name: pooled(cases) for name, cases in baselines.items()}
    beside = {name: by_family(other.label, other.family, other.is_marked, nuisance) for name, other in others.items()}
    worst_key = worst(told)[0] if told else None
    rows = [
        (
            *_names(key),
            number(share.total),
            percent(share.value),
            span(share),
            percent(blocked[key].value),
            percent(named[key].value),
            *(percent(families[key].value) for families in beside.values()),
        )
        for key, share in told.items()
    ]
    head = ("label", "family", "calls", "told apart", "95 % bounds", "stopped", "named in the end", *beside)
    note = (
        "Told apart: labelled, challenged or stopped while it rang. Named in the end: the true label, once the call was over. "
        "The row set off in colour is the worst family."
    )
    table = Table("Nuisance calls by family", head, tuple(rows), note, frozenset(i for i, key in enumerate(told) if key == worst_key))
    entries = [
        Bar(
            " · ".join(_names(key)),
            share.value,
            share.bounds,
            key == worst_key,
            tuple(families[key].value for families in beside.values()),
        )
        for key, share in told.items()
    ]
    plot = bars(
        "found",
        f"Share of nuisance calls told apart, for each of {len(entries)} families, with 95 % bounds.",
        "Nuisance calls told apart in time. The thin line is the 95 % range; the worst family is set off in red; "
        "marks are what simple rules reach.",
        entries,
        "told apart while it rang",
        tuple(beside),
    )
    return Section(
        None,
        "Nuisances found",
        "Every call that labels.csv names a nuisance is looked up in the verdicts. Beside it stand simple rules, "
        f"each set to mark at most 1 honest call in 1,000 of other trunks{_marked_honest(others)}.",
        "A high share in every family, not on average: the worst family is what a clever caller will choose. "
        "A first call from a stranger cannot be told apart by anybody, so no family reaches 100 % where each number calls once.",
        _found_words(pool, told),
        tuple(_found_figures(pool)),
        (table,) if told else (),
        (plot,) if told else (),
    )


def honest_section(pool: Pooled, baselines: Mapping[str, Cases]) -> Section:
    """Honest calls marked or stopped, by family, with upper bounds."""
    honest = pool.is_honest
    blocked = by_family(pool.label, pool.family, pool.is_blocked, honest)
    told = by_family(pool.label, pool.family, pool.is_marked, honest)
    others = {name: by_family(pool.label, pool.family, pooled(cases).is_marked, honest) for name, cases in baselines.items()}
    rows = [
        (
            key[1],
            number(share.total),
            number(told[key].hits),
            percent(told[key].value),
            percent(told[key].bounds[1]),
            number(share.hits),
            percent(share.bounds[1]),
            *(percent(families[key].value) for families in others.values()),
        )
        for key, share in blocked.items()
    ]
    head = ("family", "calls", "marked", "share", "at most", "stopped", "at most", *(f"{name}: marked" for name in others))
    hurt = frozenset(index for index, share in enumerate(blocked.values()) if share.hits)
    note = (
        "At most: the 97.5 % upper bound (Clopper and Pearson) for what is seen here; few calls give a wide bound. "
        "In rows set off in colour calls were stopped."
    )
    entries = [
        Bar(key[1], share.value, share.bounds, bool(blocked[key].hits), tuple(families[key].value for families in others.values()))
        for key, share in told.items()
    ]
    plot = bars(
        "honest",
        f"Share of honest calls marked, for each of {len(entries)} families, with 95 % bounds.",
        "Honest calls marked as a nuisance. The thin line is the 95 % range, wide where a family has few calls.",
        entries,
        "marked while it rang",
        tuple(others),
        top=_top(entries),
    )
    marked, stopped = share_of(pool.is_marked, honest), share_of(pool.is_blocked, honest)
    return Section(
        None,
        "Honest callers spared",
        "Every honest incoming call is looked up in the verdicts, each kind of caller by itself: the hard ones look like nuisances from "
        "the called side.",
        "No honest call stopped, and few marked, in every family. The upper bound matters more than the share: it says what is ruled out.",
        _honest_words(marked, stopped, blocked),
        (_upper("court.honest.marked", marked), _upper("court.honest.blocked", stopped)),
        (Table("Honest calls by family", head, tuple(rows), note, hurt),) if rows else (),
        (plot,) if rows else (),
    )


def _found_figures(pool: Pooled) -> list[Figure]:
    figures = []
    for label in range(len(LABELS)):
        among: Mask = pool.label == label
        if label != LEGIT and among.any():
            share = share_of(pool.is_marked, among)
            families = by_family(pool.label, pool.family, pool.is_marked, among)
            (_, name), least = worst(families)
            told = f"{share.hits} of {share.total} {LABELS[label]} calls told apart while they rang; 95 % bounds {span(share)}"
            figures.append(Figure(f"court.recall.{LABELS[label]}", share.value, "share", None, "higher", told))
            if len(families) > 1:
                how = f"{name}: {least.hits} of {least.total} calls; the worst of {len(families)} families"
                figures.append(Figure(f"court.recall.{LABELS[label]}.worst", least.value, "share", None, "higher", how))
    stopped = share_of(pool.is_blocked, (pool.label == SIMBANK) & (pool.place > 30))
    if stopped.total:
        how = f"{stopped.hits} of {stopped.total} calls after a SIM bank's 30th on its trunk were stopped in time"
        figures.append(Figure("court.blocked.simbank.after-30", stopped.value, "share", None, "higher", how))
    return figures


def _found_words(pool: Pooled, told: Families) -> str:
    if not told:
        return "There is no nuisance call in these recordings."
    share = share_of(pool.is_marked, pool.label != LEGIT)
    (label, family), least = worst(told)
    words = f"{percent(share.value)} of {number(share.total)} nuisance calls were told apart while they rang."
    if len(told) > 1:
        words += f" The worst family is {LABELS[label]} {family}: {percent(least.value)} of {number(least.total)} calls."
    return words


def _honest_words(marked: Share, stopped: Share, blocked: Families) -> str:
    if not stopped.total:
        return "There is no honest call in these recordings."
    hurt = [key[1] for key, share in blocked.items() if share.hits]
    words = (
        f"Of {number(stopped.total)} honest calls {number(stopped.hits)} were stopped and {number(marked.hits)} marked "
        f"({one_in(marked.value)}). A true rate of stopped calls over {percent(stopped.bounds[1])} is ruled out."
    )
    return words + (f" Stopped were calls of: {', '.join(hurt)}." if hurt else "")


def _marked_honest(others: Mapping[str, Pooled]) -> str:
    shares = [f"{name} {percent(share_of(other.is_marked, other.is_honest).value)}" for name, other in others.items()]
    return f" (here they marked: {', '.join(shares)})" if shares else ""


def _upper(name: str, share: Share) -> Figure:
    how = "no honest call in these recordings"
    if share.total:
        how = f"{share.hits} of {share.total} honest calls; 97.5 % upper bound {percent(share.bounds[1])}"
    return Figure(name, share.value, "share", None, "lower", how)


def _names(key: tuple[int, str]) -> tuple[str, str]:
    return LABELS[key[0]], key[1]


def _top(entries: Sequence[Bar]) -> float:
    """As far right as the largest share or upper bound of the larger families, never less than 1 %."""
    values = [value for entry in entries for value in (entry.value, *entry.others) if value is not None]
    ends = sorted(entry.bounds[1] for entry in entries if entry.bounds is not None)
    return min(1.0, max([0.01, *(1.15 * value for value in values), *ends[: max(1, 2 * len(ends) // 3)]]))
