"""A report's codes in words, the same for its page and its table."""

from collections.abc import Mapping

from catflap_host.complaints import terms
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
    "industries": N_("By industry of the caller"),
    "regions": N_("By region of the number"),
    "sites": N_("By site"),
    "trunks": N_("By trunk"),
}
"""Tables of rows, in their order."""

COMPLAINT_MEASURES = {
    "received": N_("Received"),
    "verified": N_("Verified"),
    "handled": N_("Handled"),
    "answered": N_("Replied to"),
    "overdue": N_("Overdue"),
    "upheld": N_("Found true"),
    "unfounded": N_("Unfounded"),
    "unclear": N_("Could not be decided"),
}
STEPS = ("received", "verified", "handled", "answered")
COMPLAINTS = {
    "kinds": N_("By kind of complaint"),
    "industries": N_("By industry"),
    "companies": N_("By company named"),
    "ranges": N_("By kind of number"),
    "holders": N_("By holder of the number"),
    "regions": N_("By region of the number"),
    "sites": N_("By site that saw the call"),
    "sources": N_("By way of complaining"),
}
"""Tables of complaints, in their order."""
_TERMS: Mapping[str, Mapping[str, terms.Words]] = {
    "kinds": {str(kind): words for kind, words in terms.KINDS.items()},
    "industries": {str(industry): words for industry, words in terms.INDUSTRIES.items()},
    "sources": {str(source): words for source, words in terms.SOURCES.items()},
}


def item(language: Language, section: str, code: str) -> str:
    """What a row is about."""
    if section == "labels" and code:
        return Words(language).label(code)
    if section in ("ranges", "blocks"):
        word = _RANGES.get(code)
        return language.gettext(word) if word else Words(language).number_kind(code)
    if section == "industries" and code:
        return _term(language, section, code)
    return code or language.gettext("unknown")


def complaint_item(language: Language, section: str, code: str) -> str:
    """What a row of complaints is about."""
    if code and section in _TERMS:
        return _term(language, section, code)
    if section == "ranges":
        return item(language, "ranges", code)
    if code == NOT_KEPT:
        return language.gettext("no longer kept")
    unknown = {"companies": N_("none named"), "sites": N_("no call found")}.get(section, N_("unknown"))
    return code or language.gettext(unknown)


def _term(language: Language, section: str, code: str) -> str:
    english, chinese = _TERMS[section].get(code, (code, code))
    return chinese if language.code == "zh" else english
