"""Findings as others are shown them: numbers masked unless there is a reason, as CSV for the party that gives access."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from catflap_host.api.masking import mask, mask_text
from catflap_host.export.files import csv_line
from catflap_host.registers.fields import written_moment
from catflap_host.trunk_audit.findings import Finding
from catflap_host.trunk_audit.search import Kind

_PEOPLE_S = (Kind.OUTSIDE_RANGE, Kind.RESOLD)
"""Findings about a number that may be anybody's; a service's own is not hidden."""
_FIELDS = ("id", "kind", "contract", "customer", "access_party", "subject", "state", "calls")


def masked(finding: Finding) -> Finding:
    """A finding with its number masked, and those in what was said."""
    subject = mask(finding.subject) if finding.kind in _PEOPLE_S else finding.subject
    history = [replace(step, text=mask_text(step.text)) for step in finding.history]
    return replace(finding, subject=subject, history=history)


def written(found: Iterable[Finding], now_ms: int) -> Iterator[str]:
    """Lines of CSV, the ids of the calls that show it in each."""
    yield csv_line([*_FIELDS, "details", "first", "last", "raised", "due", "overdue", "call_ids"])
    for one in found:
        details = "; ".join(f"{name}={text}" for name, text in one.details.items())
        moments = [written_moment(moment) for moment in (one.first_ms, one.last_ms, one.raised_ms, one.due_ms)]
        known = [str(getattr(one, name)) for name in _FIELDS]
        yield csv_line([*known, details, *moments, int(one.is_overdue(now_ms)), " ".join(map(str, one.call_ids))])
