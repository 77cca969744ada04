"""The sentence at the top of the overview: whether all is well, and if not, what to look at."""

from dataclasses import dataclass

from catflap_host.language.catalogue import Language
from catflap_host.store.rows import Probe

SILENT_MS = 15 * 60_000
RECENT_MS = 24 * 3_600_000


@dataclass(frozen=True, slots=True)
class Wellbeing:
    """One sentence, and whether it is good news."""

    well: bool
    sentence: str


def judge(probes: list[Probe], unnoted: int, oldest_ms: int, now_ms: int, language: Language) -> Wellbeing:
    """Look for silent probes, drops of the last 24 hours, and alarms of which nobody has taken note: so many, the oldest raised then."""
    if not probes:
        return Wellbeing(False, language.gettext("No probe is enrolled yet: `catflap host enrol` gives one its key."))
    worries = [worry for probe in probes if (worry := _silence(probe, now_ms, language))]
    worries += [_loss(probe, language) for probe in probes if probe.last_drop_ms > now_ms - RECENT_MS]
    if unnoted:
        worries.append(
            language.ngettext(
                "%(n)s alarm of which nobody has taken note, for %(span)s",
                "%(n)s alarms of which nobody has taken note, the oldest for %(span)s",
                unnoted,
                span=language.span(now_ms - oldest_ms),
            )
        )
    if worries:
        return Wellbeing(False, language.gettext("Have a look: %(worries)s.", worries=language.gettext("; ").join(worries)))
    all_well = language.ngettext(
        "All is well: %(n)s probe reporting, no open alarm, nothing lost.",
        "All is well: %(n)s probes reporting, no open alarm, nothing lost.",
        len(probes),
    )
    return Wellbeing(True, all_well)


def is_silent(probe: Probe, now_ms: int) -> bool:
    """Whether no batch has come for longer than a quiet line explains."""
    return probe.last_batch_ms < now_ms - SILENT_MS


def _silence(probe: Probe, now_ms: int, language: Language) -> str:
    if not is_silent(probe, now_ms):
        return ""
    if not probe.last_batch_ms:
        return language.gettext("%(probe)s has not been heard yet", probe=probe.probe)
    span = language.span(now_ms - probe.last_batch_ms)
    return language.gettext("%(probe)s has been silent for %(span)s", probe=probe.probe, span=span)


def _loss(probe: Probe, language: Language) -> str:
    lost = language.ngettext("%(probe)s lost %(n)s record in all", "%(probe)s lost %(n)s records in all", probe.dropped, probe=probe.probe)
    return lost + language.ngettext(", %(n)s alert among them", ", %(n)s alerts among them", probe.dropped_alerts)
