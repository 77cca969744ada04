"""The explanation of a case as lines of text: the call, the verdict, the ladder of steps, unusual features, what would have changed it."""

from collections.abc import Iterator
from datetime import UTC, datetime

from catflap_host.explain.case import Case, Known
from catflap_host.explain.units import duration, told
from catflap_host.explain.what_if import Change, Range, changes, said
from catflap_probe.call import ACTIONS, BLOCK, LABELS, LEGIT, PRESENTATIONS, SIMBANK
from catflap_probe.features import NAMES
from catflap_probe.memory.table import DAY_S
from catflap_probe.verdict.bundle import TOP, Bundle
from catflap_probe.verdict.flood import BLOCK_CALLS, FLOOD_CALLS, LINE_CALLS
from catflap_probe.verdict.plausibility import IMPOSSIBLE, PLAUSIBLE, VERDICTS
from catflap_probe.verdict.pool import HISTORY_S, KNOWN_S, POOL_CALLS, POOL_OTHERS, POOL_SUSPECTS
from catflap_probe.verdict.turns import CEILING, GAP_FLOOR, NO_CONTACT, RENEWAL, SILENCE, TALK_LIMIT, TURN_ORDER

_MOST_CHANGES = 6

_TURNS = {
    TURN_ORDER: "who calls again stands at {} % of the order from the latest to the longest idle, by chance at 50 %",
    GAP_FLOOR: "no number called again before {} s had passed, which chance would do once in 200 times",
    SILENCE: "all were silent for {} s, and three came back",
    TALK_LIMIT: "no talk was longer than {} s, and a third of them nearly as long",
    NO_CONTACT: "{} % of later calls of a number went to a line that it had not called",
    RENEWAL: "{} numbers fell silent and as many new ones came",
    CEILING: "never more than {} called at once, and so many again and again",
}


def explanation(case: Case, bundle: Bundle, ranges: dict[str, Range], line: str) -> Iterator[str]:
    """Lines for a terminal; the caller's name is not among them."""
    yield from _call(case, line)
    yield ""
    yield from _ladder(case, bundle)
    yield ""
    yield from _features(case, ranges)
    yield ""
    yield "What would have changed it"
    for text in [*_evidence_that_would(case, bundle), *_features_that_would(case, bundle, ranges)] or ["nothing that detection looks at"]:
        yield f"  {text}"


def _call(case: Case, line: str) -> Iterator[str]:
    call, decision = case.call, case.decision
    when = datetime.fromtimestamp(case.unix_s, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    shown = call.calling or f"number {PRESENTATIONS[call.presentation]}"
    yield f"{shown} to line {line}, {call.t_ms / 1000:.3f} s into the recording ({when})"
    after_s = (decision.at_ms - call.t_ms) / 1000
    yield f"  decided {after_s:.3f} s after its first ring; rang {call.ring_ms() / 1000:.1f} s"
    score = f"{decision.score / TOP:.4f}"
    reasons = ", ".join(decision.reasons) or "no reasons"
    yield f"  {LABELS[decision.label]}, score {score}: {ACTIONS[decision.action]} ({reasons})"
    if case.final_label != decision.label:
        yield f"  {LABELS[case.final_label]} by the way it ended"


def _ladder(case: Case, bundle: Bundle) -> Iterator[str]:
    known, numbering = case.known, case.numbering
    yield "The ladder, each step as it stood when the call came"
    reason = f" ({numbering.reason})" if numbering.reason else ""
    country = f", {numbering.country}" if numbering.country else ""
    yield f"  number    {VERDICTS[numbering.verdict]}{reason}: {numbering.kind_word()}{country}"
    yield f"  flood     {_flood(case)}"
    yield (
        f"  model     {said(case.label, case.score, bundle)}: {LABELS[case.label]} at {case.score}; "
        f"a label needs {bundle.label_threshold}, a block {bundle.block_threshold} and evidence"
    )
    yield f"  block     {_block(known)}"
    yield f"  suspects  {known.suspects} other numbers taken for a bank's within a day ({POOL_SUSPECTS} wanted); this one {_known(known)}"
    yield f"  turns     {known.likely} others called again within four hours, likelier a bank's than not (an alarm wants one)"
    for code, figure in known.turns:
        yield f"            {_TURNS[code].format(figure)} ({code})"
    if known.is_newcomers:
        yield "  newcomers yes: a new landline of a new block of another area, with others"
    hindrances = [reason for reason in case.decision.reasons if reason.startswith(("policy.", "line."))]
    yield f"  policy    {', '.join(hindrances) or 'leaves it as detection has it'}: {ACTIONS[case.decision.action]}"


def _flood(case: Case) -> str:
    known = case.known
    if not case.numbering.key:
        state = "a number floods the trunk" if known.is_flooded else "no number floods the trunk"
        return f"{state}; {known.nameless:.1f} calls without a number in ten minutes"
    return (
        f"{known.brief} calls of this number within ten minutes that nobody could answer ({FLOOD_CALLS} wanted, "
        f"{BLOCK_CALLS} to stop it), {known.brief_on_line} of them on this line ({LINE_CALLS} wanted)"
    )


def _block(known: Known) -> str:
    regular = "no regular"
    if known.block_regular_s is not None:
        regular = f"a regular called {duration(known.block_regular_s)} ago"
    verdict = "a pool of neighbours" if known.is_neighbours else "no pool"
    return (
        f"{verdict}: {known.block_young} other young numbers ({POOL_OTHERS} wanted), "
        f"{known.block_calls} calls ({POOL_CALLS} wanted), {regular} (none within {KNOWN_S // DAY_S} days wanted)"
    )


def _known(known: Known) -> str:
    if known.age_s is None:
        return "has never called"
    text = f"has called {known.calls} times, first {duration(known.age_s)} ago"
    if known.is_regular:
        return text + ": a regular, whom no score stops"
    return text if known.is_known else text + f", on a trunk heard for less than {HISTORY_S // DAY_S} days"


def _features(case: Case, ranges: dict[str, Range]) -> Iterator[str]:
    outside = [
        (name, value) for name, value in zip(NAMES, case.features, strict=True) if not ranges[name].low <= value <= ranges[name].high
    ]
    if not outside:
        yield "Every feature lies where 98 in 100 honest calls have it"
        return
    yield f"Features outside the range of 98 in 100 honest calls ({len(outside)} of {len(NAMES)})"
    rows = [("feature", "this call", "honest calls", "usually")]
    for name, value in outside:
        bounds = ranges[name]
        rows.append((name, told(name, value), f"{told(name, bounds.low)} ... {told(name, bounds.high)}", told(name, bounds.usual)))
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for row in rows:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _evidence_that_would(case: Case, bundle: Bundle) -> Iterator[str]:
    """What the rules beside the model lack, or rest on."""
    known, decision = case.known, case.decision
    if case.numbering.verdict == IMPOSSIBLE:
        yield "a number that can be true"
        return
    if decision.action == BLOCK:
        if known.is_neighbours:
            yield f"fewer than {POOL_OTHERS} other young numbers in its block, or a regular among them"
        elif known.suspects >= POOL_SUSPECTS:
            yield f"fewer than {POOL_SUSPECTS} other suspects within a day"
        return
    if case.label != SIMBANK or case.score < bundle.label_threshold:
        return
    if case.score < bundle.block_threshold:
        yield f"a score of {bundle.block_threshold}, {bundle.block_threshold - case.score} more, and pool evidence: then it is blocked"
    elif known.is_regular:
        yield "nothing: it is a regular"
    elif case.numbering.verdict != PLAUSIBLE:
        yield "a plausible number: then it is blocked where a pool is seen"
    else:
        yield (
            f"{max(POOL_OTHERS - known.block_young, 0)} more young numbers in its block, or, the number once known, "
            f"{max(POOL_SUSPECTS - known.suspects, 0)} more suspects: then it is blocked"
        )


def _features_that_would(case: Case, bundle: Bundle, ranges: dict[str, Range]) -> list[str]:
    was = _outcome(case.label, case.score, bundle)
    found = [change for change in changes(bundle, case.features, ranges) if _outcome(change.label, change.score, bundle) != was]
    return [_told_change(change, case, bundle, ranges) for change in found[:_MOST_CHANGES]]


def _told_change(change: Change, case: Case, bundle: Bundle, ranges: dict[str, Range]) -> str:
    verdict = f"the model says {_outcome(change.label, change.score, bundle)} ({change.score})"
    if len(change.features) > 1:
        return f"all of {change.features[0].partition('.')[0]}.* as honest calls usually have them: {verdict}"
    name = change.features[0]
    return f"{name} {told(name, ranges[name].usual)} instead of {told(name, case.features[NAMES.index(name)])}: {verdict}"


def _outcome(label: int, score: int, bundle: Bundle) -> str:
    word = said(label, score, bundle)
    if label != LEGIT and label == SIMBANK and score >= bundle.block_threshold:
        return word + ", enough to block"
    return word
