"""Point 5: how many calls, and hours, a bank has before it is found, by lines and by the size of its pool."""

from collections.abc import Sequence
from dataclasses import replace

from catflap_models.court.alarms import CHECKPOINTS, Delay, four_in_five, quantile, undetected_after, until_alarm, until_hit
from catflap_models.court.case import BLOCK, LABEL
from catflap_models.court.figures import Figure
from catflap_models.court.hearing import Hearing
from catflap_models.court.points.table_rows import tables_of_all_sizes
from catflap_models.court.protocol import ORACLE, Court, cases
from catflap_models.court.report import Section, Table
from catflap_models.court.sections_alarms import delay_section
from catflap_models.court.sweeps import Trial, by_value, paces
from catflap_models.court.words import number, percent
from catflap_probe.call import SIMBANK


def time_to_detect(court: Court) -> Section:
    """Every policy's campaigns on the study's trunk; then trunks of few and many lines, pools of few and many cards, and the oracle."""
    name = court.accused.name
    told = delay_section(cases([*court.policies(), *court.mixed()], name))
    trials = paces(court.size)
    hearings = court.hear("trunks and pools of all sizes", [trial.scenario for trial in trials])
    figures_by_rows, by_rows = tables_of_all_sizes(court)
    everybody = (name, *court.names[1:], ORACLE)
    figures = []
    for numbering in dict.fromkeys(trial.value.split()[1] for trial in trials):
        for trial, heard in by_value(trials, hearings):
            if trial.value.split()[1] == numbering:
                figures.append(_figure(trial, heard, name))
    return replace(
        told,
        number=5,
        title="Time to detect",
        what="Campaigns of banks, of every rule and numbering, on the study's trunk: how many of their calls came before a true alarm, the "
        "first marked and the first stopped call. An alarm is true when more than half of its labelled members are one campaign's; by the "
        "stricter rule two are true and four in five. Below, trunks of few and many lines and pools of few and many "
        "cards, and memories of few and many rows.",
        figures=(*told.figures, *figures, *figures_by_rows),
        tables=(*told.tables, _by_size(trials, hearings, everybody), by_rows),
    )


def _alarmed(hearings: Sequence[Hearing], name: str) -> list[Delay]:
    return [
        delay
        for calls, ruling in cases(hearings, name)
        for delay in until_alarm(calls, ruling.alarms, four_in_five)
        if delay.label == SIMBANK
    ]


def _hit(hearings: Sequence[Hearing], name: str, action: int) -> list[Delay]:
    return [
        delay for calls, ruling in cases(hearings, name) for delay in until_hit(calls, ruling.action >= action) if delay.label == SIMBANK
    ]


def _figure(trial: Trial, hearings: Sequence[Hearing], name: str) -> Figure:
    marked = _hit(hearings, name, LABEL)
    median = quantile([delay.found_at for delay in marked], 0.5)
    value, numbering = trial.value.split()
    calls = [delay.calls for delay in marked]
    how = f"{len(marked)} campaigns of {number(quantile(calls, 0.5))} calls on the trunk; "
    oracle = quantile([delay.found_at for delay in _hit(hearings, ORACLE, LABEL)], 0.5)
    how += f"oracle {number(oracle)}" if median is not None else "never found in half of them"
    # context, so that a campaign never found is no figure that could not be measured
    most = float(max(calls, default=0) + 1)
    return Figure(f"court.pace.{trial.axis}.{value}.{numbering}.marked", median or most, "calls", None, "lower", how)


def _by_size(trials: Sequence[Trial], hearings: Sequence[Hearing], everybody: Sequence[str]) -> Table:
    rows = []
    for trial, heard in by_value(trials, hearings):
        for name in everybody:
            marked, stopped, alarmed = _hit(heard, name, LABEL), _hit(heard, name, BLOCK), _alarmed(heard, name)
            middles = [number(quantile([delay.found_at for delay in delays], 0.5)) for delays in (alarmed, marked, stopped)]
            slow = number(quantile([delay.found_at for delay in marked], 0.9))
            hours = number(quantile([delay.hours for delay in marked], 0.5))
            unseen = (undetected_after(marked, count) for count in CHECKPOINTS)
            calls = number(quantile([delay.calls for delay in marked], 0.5))
            rest = (percent(share.value) if share.total else percent(None) for share in unseen)
            rows.append((trial.axis, trial.value, name, str(len(marked)), calls, *middles, slow, hours, *rest))
    head = ("of", "size", "who", "campaigns", "calls each", "to alarm", "to mark", "to stop", "mark: 90 %", "hours to mark")
    note = "Medians, but for the 90 %. A dash: not in half of the campaigns, or none was so long."
    return Table("By lines and by cards", (*head, *(f"unseen after {count}" for count in CHECKPOINTS)), tuple(rows), note)
