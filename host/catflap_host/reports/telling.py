"""A report's codes in words, the same for its page and its table."""

from catflap_host.language.catalogue import Language
from catflap_host.language.marking import N_
from catflap_host.language.words import Words
from catflap_host.reports.ranges import FOREIGN, NOT_KEPT, NOT_SHOWN

_RANGES = {
    FOREIGN: N_("from abroad"),
    NOT_SHOWN: N_("number not shown"),
    NOT_KEPT: N_("number no longer kept"),
    "unknown": N_("unknown"),
}
MEASURES = {
    "calls": N_("Calls"),
    "nuisance": N_("Nuisance calls"),
    "stopped": N_("Stopped"),
    "wrongly_stopped": N_("Wrongly stopped"),
    "not_stopped": N_("Not stopped in spite of the decision"),
    "shadow": N_("Stopped in shadow only"),
}
SECTIONS = {
    "labels": N_("By kind of call"),
    "ranges": N_("By kind of number"),
    "blocks": N_("By number block"),
    "holders": N_("By holder of the number"),
    "regions": N_("By region of the number"),
    "sites": N_("By site"),
    "trunks": N_("By trunk"),
}
"""Tables of rows, in their order."""


def item(language: Language, section: str, code: str) -> str:
    """What a row is about."""
    if section == "labels" and code:
        return Words(language).label(code)
    if section in ("ranges", "blocks"):
        word = _RANGES.get(code)
        return language.gettext(word) if word else Words(language).number_kind(code)
    return code or language.gettext("unknown")
