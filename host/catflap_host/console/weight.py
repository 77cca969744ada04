"""What complaints about a number are worth, sentence by sentence, with the figures to check."""

from collections.abc import Iterator

from catflap_host.complaints.brigade import PER_MILLE, Weighed
from catflap_host.language.catalogue import Language
from catflap_host.language.oversight import WEIGHT_REASONS


def explained(weighed: Weighed, language: Language) -> list[str]:
    """Sentences; none where nobody complained."""
    return list(_sentences(weighed, language)) if weighed.complaints else []


def _sentences(weighed: Weighed, language: Language) -> Iterator[str]:
    count = language.count
    yield language.ngettext(
        "%(n)s complaint within 30 days (people: %(people)s; lines or networks: %(origins)s).",
        "%(n)s complaints within 30 days (people: %(people)s; lines or networks: %(origins)s).",
        weighed.complaints,
        people=count(weighed.complainers),
        origins=count(weighed.origins),
    )
    yield language.gettext("Lines of ours that the number rang meanwhile: %(lines)s.", lines=count(weighed.called_lines))
    if weighed.brigade:
        share = language.share(weighed.brigade / PER_MILLE)
        yield language.gettext("%(share)s of their weight was taken off, since they look arranged.", share=share)
    voices = f"{weighed.voices / PER_MILLE:.1f}"
    yield language.gettext(
        "Each is weighed by how surely that line was rung and how often its author was right: %(voices)s full voices.", voices=voices
    )
    for reason in weighed.reasons:
        yield language.gettext(WEIGHT_REASONS[reason]) if reason in WEIGHT_REASONS else reason
    yield language.gettext(
        "No complaint stops a call or makes a number a pool's; of a pool that calls have shown, enough of them make us surer."
    )
