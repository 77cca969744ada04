"""The sentence at the top of the page: whether all is well, and if not, what to look at."""

from dataclasses import dataclass

from catflap_host.store.rows import Alarm, Probe

SILENT_MS = 15 * 60_000
RECENT_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Wellbeing:
    """One sentence, and whether it is good news."""

    well: bool
    sentence: str


def judge(probes: list[Probe], alarms: list[Alarm], now_ms: int) -> Wellbeing:
    """Look for silent probes, and for drops and alarms of the last 24 hours."""
    if not probes:
        return Wellbeing(False, "No probe is enrolled yet: `catflap host enrol` gives one its key.")
    worries = [worry for probe in probes if (worry := _silence(probe, now_ms))]
    worries += [_loss(probe) for probe in probes if probe.last_drop_ms > now_ms - RECENT_MS]
    recent = [alarm for alarm in alarms if alarm.received_ms > now_ms - RECENT_MS]
    if recent:
        worries.append(f"{_count(len(recent), 'alarm')} in the last 24 hours")
    if worries:
        return Wellbeing(False, f"Have a look: {'; '.join(worries)}.")
    return Wellbeing(True, f"All is well: {_count(len(probes), 'probe')} reporting, no alarm, nothing lost.")


def is_silent(probe: Probe, now_ms: int) -> bool:
    """Whether no batch has come for longer than a quiet line explains."""
    return probe.last_batch_ms < now_ms - SILENT_MS


def _silence(probe: Probe, now_ms: int) -> str:
    if not is_silent(probe, now_ms):
        return ""
    if not probe.last_batch_ms:
        return f"{probe.probe} has not been heard yet"
    return f"{probe.probe} has been silent for {_count((now_ms - probe.last_batch_ms) // 60_000, 'minute')}"


def _loss(probe: Probe) -> str:
    return f"{probe.probe} lost {_count(probe.dropped, 'record')} in all, {_count(probe.dropped_alerts, 'alert')} among them"


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}" + ("" if number == 1 else "s")
