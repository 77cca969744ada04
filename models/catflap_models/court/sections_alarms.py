"""Two sections of the report: errors in operators' units, and how soon a campaign is found."""

from collections.abc import Mapping, Sequence

from catflap_models.court.alarms import (
    CHECKPOINTS,
    Delay,
    Rule,
    false_alarms,
    four_in_five,
    majority,
    of_callers,
    quantile,
    undetected_after,
    until_alarm,
    until_hit,
)
from catflap_models.court.case import BLOCK, LABEL, Calls, Ruling
from catflap_models.court.figures import Figure
from catflap_models.court.metrics import PREVALENCES, Pooled, per_four_weeks, pooled, precision_at, share_of
from catflap_models.court.plots import Line, lines
from catflap_models.court.report import Plot, Section, Table
from catflap_models.court.words import number, percent, span
from catflap_probe.call import LABELS, LEGIT

Cases = Sequence[tuple[Calls, Ruling]]
MAX_FALSE_ALARMS = 1.0
"""A trunk and four weeks (protocol, item 4)."""
MAX_FALSE_BLOCKS = 100.0
"""Per million honest calls: 1 in 10,000."""
_MILLION = 1e6
_STEPS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 190)
_TICKS = (1, 2, 5, 10, 20, 50, 100, 190)
_DELAY_TITLE = "Time to detect"
_DELAY_WHAT = (
    "For each campaign it is counted how many of its calls had reached the trunk, and how many hours had passed, when a true alarm was "
    "raised, a call marked, a call stopped."
)
_DELAY_GOOD = (
    "Few calls and few hours, and hardly a campaign unseen after 20 calls. 190 is what a SIM bank's card makes a day under a limit of 200."
)


def units_section(cases: Cases, baselines: Mapping[str, Cases]) -> Section:
    """False alarms a trunk and four weeks, false blocks per million, precision at the prevalences of the protocol."""
    pool = pooled(cases)
    alarms = sum(len(of_callers(ruling.alarms)) for _, ruling in cases)
    false = sum(len(false_alarms(calls, ruling.alarms)) for calls, ruling in cases)
    stricter = sum(len(false_alarms(calls, ruling.alarms, four_in_five)) for calls, ruling in cases)
    rate = per_four_weeks(false, pool.days)
    blocked = share_of(pool.is_blocked, pool.is_honest)
    million = None if blocked.value is None else blocked.value * _MILLION
    low, high = (bound * _MILLION for bound in blocked.bounds)
    figures = (
        Figure(
            "court.false-alarms",
            rate.value,
            "a trunk and 4 weeks",
            MAX_FALSE_ALARMS,
            "lower",
            f"{false} of {alarms} alarms false in {number(pool.days)} trunk days; 95 % bounds {span(rate)}",
        ),
        Figure(
            "court.false-blocks",
            million,
            "per million honest calls",
            MAX_FALSE_BLOCKS,
            "lower",
            f"{blocked.hits} of {blocked.total} honest calls stopped; 95 % bounds {number(low)} to {number(high)}",
        ),
    )
    rows = [_precision_row("this detector", pool), *(_precision_row(name, pooled(other)) for name, other in baselines.items())]
    head = ("detector", "nuisances told apart", "honest marked", *(f"right at {100 * part:g} %" for part in PREVALENCES))
    note = (
        "Right at 0.5 %: where 5 calls in 1,000 are nuisances, this part of the marked calls would be nuisances. "
        "Where no honest call was marked, its upper bound is used: the true part is at least that."
    )
    words = (
        f"{number(alarms)} alarms about callers were raised in {number(pool.days)} trunk days, {number(false)} of them false by the "
        f"contract's rule, {number(stricter)} by the stricter one (four in five members true). That is {number(rate.value)} false alarms a "
        f"trunk and four weeks, and {number(million)} stopped honest calls in a million."
    )
    return Section(
        None,
        "Errors in operators' units",
        "An alarm is true when more than half of its members that carry a label belong to one campaign of its kind. "
        "Errors are counted as whoever runs the trunk would meet them.",
        "At most one false alarm a trunk and four weeks, at most 100 stopped honest calls in a million, and most marked calls right "
        "even where nuisances are rare.",
        words,
        figures,
        (Table("How many marked calls are right, by how common nuisances are", head, tuple(rows), note),),
    )


def delay_section(cases: Cases) -> Section:
    """Calls and hours until a campaign is found: by an alarm, by a marked call, by a stopped call."""
    ways: dict[str, list[Delay]] = {
        "true alarm": _alarmed(cases, majority),
        "true alarm, stricter": _alarmed(cases, four_in_five),
        "a call marked": _hit(cases, LABEL),
        "a call stopped": _hit(cases, BLOCK),
    }
    campaigns = ways["true alarm"]
    if not campaigns:
        return Section(None, _DELAY_TITLE, _DELAY_WHAT, _DELAY_GOOD, "There is no campaign in these recordings.")
    alarmed = sum(delay.found_at is not None for delay in campaigns)
    median = quantile([delay.found_at for delay in campaigns], 0.5)
    half = "fewer than half" if median is None else f"half of all by their call {number(median)} on the trunk"
    figures = (
        Figure(
            "court.campaigns.alarmed",
            alarmed / len(campaigns),
            "share of campaigns",
            None,
            "higher",
            f"{alarmed} of {len(campaigns)} campaigns named by a true alarm",
        ),
    )
    return Section(
        None,
        _DELAY_TITLE,
        _DELAY_WHAT,
        _DELAY_GOOD,
        f"{alarmed} of {len(campaigns)} campaigns were named by a true alarm: {half}.",
        figures,
        (_overview(ways), _by_label(ways)),
        (_curves(ways),),
    )


def _precision_row(name: str, pool: Pooled) -> tuple[str, ...]:
    found, wrong = share_of(pool.is_marked, (pool.label != LEGIT) & ~pool.is_out), share_of(pool.is_marked, pool.is_honest)
    rate = wrong.value if wrong.hits else wrong.bounds[1]
    precisions = [precision_at(found.value or 0.0, rate or 0.0, part) for part in PREVALENCES]
    at_least = "" if wrong.hits else "≥ "
    return name, percent(found.value), percent(wrong.value), *(at_least + percent(value) for value in precisions)


def _alarmed(cases: Cases, rule: Rule) -> list[Delay]:
    return [delay for calls, ruling in cases for delay in until_alarm(calls, ruling.alarms, rule)]


def _hit(cases: Cases, action: int) -> list[Delay]:
    return [delay for calls, ruling in cases for delay in until_hit(calls, ruling.action >= action)]


def _overview(ways: Mapping[str, Sequence[Delay]]) -> Table:
    rows = []
    for name, delays in ways.items():
        calls, hours = [delay.found_at for delay in delays], [delay.hours for delay in delays]
        unseen = (undetected_after(delays, count) for count in CHECKPOINTS)
        middle = (number(quantile(calls, 0.5)), number(quantile(calls, 0.9)), number(quantile(hours, 0.5)), number(quantile(hours, 0.9)))
        rows.append((name, *middle, *(f"{percent(share.value)} of {share.total}" if share.total else percent(None) for share in unseen)))
    head = ("found by", "calls: median", "90 %", "hours: median", "90 %", *(f"unseen after {count}" for count in CHECKPOINTS))
    note = (
        "A dash: never within these recordings, or no campaign made so many calls. Unseen after: of the campaigns that made so many calls."
    )
    return Table("How long campaigns went on", head, tuple(rows), note)


def _by_label(ways: Mapping[str, Sequence[Delay]]) -> Table:
    rows = []
    keys = sorted({(delay.label, delay.family) for delays in ways.values() for delay in delays})
    for key in keys:
        mine = {name: [delay for delay in delays if (delay.label, delay.family) == key] for name, delays in ways.items()}
        medians = (number(quantile([delay.found_at for delay in delays], 0.5)) for delays in mine.values())
        first = next(iter(mine.values()))
        rows.append((LABELS[key[0]], key[1], number(len(first)), number(quantile([delay.calls for delay in first], 0.5)), *medians))
    head = ("label", "family", "campaigns", "calls each", *(f"to {name}" for name in ways))
    return Table("Calls until found, by family: medians", head, tuple(rows), "A dash: not in half of the campaigns.")


def _curves(ways: Mapping[str, Sequence[Delay]]) -> Plot:
    most = max(delay.calls for delays in ways.values() for delay in delays)
    steps = [step for step in _STEPS if step <= most]
    curves = []
    for name, delays in ways.items():
        unseen = [undetected_after(delays, step) for step in steps]
        points = tuple((float(step), share.value or 0.0) for step, share in zip(steps, unseen, strict=True))
        curves.append(Line(name, points))
    return lines(
        "time-to-detect",
        "Share of campaigns not yet found, against how many of their calls have reached the trunk.",
        "Campaigns not yet found, among those that made so many calls. Lower, and falling further left, is better.",
        curves,
        "calls of the campaign on the trunk",
        "not yet found",
        is_log_x=True,
        ticks=[step for step in _TICKS if step <= most],
    )
