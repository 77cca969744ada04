"""Point 6: real calls, never trained on, and every alarm about them explained."""

from collections import Counter

from catflap_models.court.alarms import of_callers
from catflap_models.court.case import BLOCK, LABEL, Alarm, Calls, Ruling
from catflap_models.court.figures import Figure
from catflap_models.court.hearing import judged
from catflap_models.court.metrics import share_of
from catflap_models.court.protocol import Court
from catflap_models.court.real import COPENHAGEN, FAMILY, LANDLINE, PERMITTED, POOL, RealTrunk, copenhagen, landline
from catflap_models.court.report import Section, Table
from catflap_models.court.words import listed, number, percent
from catflap_probe.call import LABELS, SIMBANK

NAMES = ("landline.permitted-blocked", "landline.pool-labelled-by", "landline.family-alarms", "copenhagen.blocked", "copenhagen.alarms")
_NEVER = 5.0
"""The pool has four numbers."""
_POOL_NUMBERS = 3


def real_data(court: Court) -> Section:
    """The landline of 2018 and the Copenhagen calls; skipped, with the reason, where CATFLAP_DATA does not hold them."""
    figures: list[Figure] = []
    tables: list[Table] = []
    words: list[str] = []
    missing = [str(path) for path in (LANDLINE, COPENHAGEN) if court.data is None or not (court.data / path).is_file()]
    if court.data is None or missing:
        reason = "no CATFLAP_DATA in the environment" if court.data is None else f"{listed(missing)} not in CATFLAP_DATA"
        figures += [Figure(f"court.real.{name}", None, "", None, "lower", f"skipped: {reason}") for name in NAMES]
        words.append(f"Skipped: {reason}.")
    else:
        for judge, trunk in ((_landline, landline(court.data)), (_copenhagen, copenhagen(court.data))):
            calls, ruling = judged(court.accused, trunk.write)
            court.progress(f"{calls.trunk}: {len(calls.t_s)} real calls")
            found, said = judge(trunk, calls, ruling)
            figures += found
            words.append(said)
            tables += [_alarms(calls, ruling), _marked(calls, ruling)]
    return Section(
        6,
        "Real calls",
        f"A landline's log of October 2018 (100 calls; a pool of neighbouring numbers {POOL} among them, a family in block {FAMILY}), and "
        "a month of calls among students in Copenhagen, the 64 busiest of them as the lines of one trunk. Both tell who called when; rings "
        "are filled in. Nothing was trained or tuned on them.",
        f"The pool is labelled by its {_POOL_NUMBERS}rd number, but no call stopped that a person had permitted, no alarm about the "
        "family; among students nothing stopped and at most one alarm.",
        " ".join(words),
        tuple(figures),
        tuple(table for table in tables if table.rows),
    )


def _landline(trunk: RealTrunk, calls: Calls, ruling: Ruling) -> tuple[list[Figure], str]:
    permitted = share_of(ruling.action == BLOCK, calls.family == PERMITTED)
    numbers: list[str] = []
    found_at = _NEVER
    for calling, label, action in zip(calls.calling.tolist(), ruling.label.tolist(), ruling.action.tolist(), strict=True):
        if POOL in calling:
            if calling not in numbers:
                numbers.append(calling)
            if label == SIMBANK and action >= LABEL:
                found_at = float(len(numbers))
                break
    family = [alarm for alarm in of_callers(ruling.alarms) if any(FAMILY in member for member in alarm.members)]
    stopped = share_of(ruling.action == BLOCK, calls.label == SIMBANK)
    figures = [
        Figure(
            "court.real.landline.permitted-blocked",
            permitted.hits,
            "calls",
            0,
            "lower",
            f"of {permitted.total} that a person let in; {trunk.left_out} calls found the line busy",
        ),
        Figure(
            "court.real.landline.pool-labelled-by",
            found_at,
            "numbers",
            _POOL_NUMBERS,
            "lower",
            f"the pool's number at which a call was labelled simbank; {_NEVER:g} is never",
        ),
        Figure("court.real.landline.pool-blocked", stopped.hits, "calls", None, "lower", f"of {stopped.total}; labelled is enough"),
        Figure("court.real.landline.family-alarms", len(family), "alarms", 0, "lower", f"alarms with a number of {FAMILY}"),
    ]
    when = "never" if found_at == _NEVER else f"at its number {found_at:g}"
    return (
        figures,
        f"Landline: the pool was labelled {when}, {permitted.hits} permitted calls stopped, {len(family)} alarms about the family.",
    )


def _copenhagen(trunk: RealTrunk, calls: Calls, ruling: Ruling) -> tuple[list[Figure], str]:
    blocked, marked = int((ruling.action == BLOCK).sum()), int((ruling.action >= LABEL).sum())
    alarms = len(of_callers(ruling.alarms))
    how = f"of {number(len(calls.t_s))} calls on {calls.lines} lines in {calls.days:.0f} days, {trunk.left_out} more found their line busy"
    figures = [
        Figure("court.real.copenhagen.blocked", blocked, "calls", 0, "lower", how),
        Figure("court.real.copenhagen.marked", marked, "calls", None, "lower", how),
        Figure("court.real.copenhagen.alarms", alarms, "alarms", 1, "lower", how),
    ]
    return figures, f"Copenhagen: {blocked} calls stopped, {marked} marked ({percent(marked / len(calls.t_s))}), {alarms} alarms."


def _alarms(calls: Calls, ruling: Ruling) -> Table:
    rows = [_explained(calls, alarm) for alarm in of_callers(ruling.alarms)]
    note = "Who was behind them: what the recording knows of the members' calls. Every alarm is here."
    return Table(f"Alarms on {calls.trunk}", ("alarm", "day", "kind", "members", "why", "who was behind them"), tuple(rows), note)


def _explained(calls: Calls, alarm: Alarm) -> tuple[str, ...]:
    mine = [place for place, calling in enumerate(calls.calling.tolist()) if calling in alarm.members]
    kinds = Counter(str(calls.family[place]) for place in mine)
    lines = len({int(calls.line[place]) for place in mine})
    behind = f"{len(mine)} calls to {lines} lines: {listed(f'{count} {family}' for family, count in sorted(kinds.items()))}"
    return alarm.id, f"{alarm.t_s / 86400:.1f}", alarm.kind, ";".join(alarm.members), ";".join(alarm.reasons), behind


def _marked(calls: Calls, ruling: Ruling) -> Table:
    """What was marked, by caller: the commonest first."""
    groups = Counter(
        (calling, family, LABELS[label])
        for calling, family, label, action in zip(
            calls.calling.tolist(), calls.family.tolist(), ruling.label.tolist(), ruling.action.tolist(), strict=True
        )
        if action >= LABEL
    )
    rows = [(calling or "none shown", family, label, str(count)) for (calling, family, label), count in groups.most_common(20)]
    return Table(f"Marked callers on {calls.trunk}, at most 20", ("number", "logged as", "label given", "calls"), tuple(rows))
