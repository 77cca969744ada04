"""A report in its three forms: a page that prints, a table for spreadsheets, and JSON."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from importlib.metadata import version
from typing import TypeVar
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from catflap_host.api.masking import mask, mask_text
from catflap_host.export.files import safe_cell
from catflap_host.language.catalogue import Language
from catflap_host.language.words import Words
from catflap_host.reports import charts, telling
from catflap_host.reports.figures import ComplaintRow, Complaints, Report, Row

_Row = TypeVar("_Row", Row, ComplaintRow)
MOST_ROWS = 20
"""Of a table on the page; the rest is one row more. The other forms have all."""


def masked(report: Report) -> Report:
    """The same with its callers' numbers masked, and those that people wrote into a company's name."""
    companies = [replace(row, item=mask_text(row.item)) for row in report.complaints.companies]
    callers = [replace(caller, number=mask(caller.number)) for caller in report.callers]
    return replace(report, callers=callers, complaints=replace(report.complaints, companies=companies))


def as_json(report: Report) -> str:
    """Every figure, by the names of figures.py."""
    return json.dumps(asdict(report), ensure_ascii=False, indent=1) + "\n"


def as_csv(report: Report, language: Language) -> str:
    """A row a figure: section and item as codes, the item in words, measure, value; marked as UTF-8 for spreadsheets."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("section", "item", "name", "measure", "value"))
    for row in _cells(report, language):
        writer.writerow([safe_cell(cell) if isinstance(cell, str) else cell for cell in row])
    return "\ufeff" + out.getvalue()


def as_page(report: Report, language: Language) -> str:
    """One file of HTML with its style and charts in it; it loads nothing, and prints on A4."""
    return _rendered("report.html", report, language)


def as_part(report: Report, language: Language) -> Markup:
    """The same as a part of a page that has a style of its own."""
    # the template has escaped all that was put into it
    return Markup(_rendered("report_body.html", report, language))  # noqa: S704


def _cells(report: Report, language: Language) -> Iterator[tuple[str | int | float, ...]]:
    words = Words(language)
    for section, spans in (("period", [report.total]), ("before", report.before), ("days", report.days)):
        for span in spans:
            for measure, value in asdict(span.counts).items():
                yield section, span.name, span.name, measure, value
            for label, value in span.labels.items():
                yield section, span.name, words.label(label), label, value
    for section in telling.SECTIONS:
        for row in getattr(report, section):
            for measure, value in asdict(row.counts).items():
                yield section, row.item, telling.item(language, section, row.item), measure, value
    for caller in report.callers:
        for measure, value in (("nuisance", caller.nuisance), ("stopped", caller.stopped)):
            yield "callers", caller.pseudonym, caller.number, measure, value
    for section, found in (("alarm_precision", report.alarm_precision), ("call_precision", report.call_precision)):
        for each in found:
            for measure, value in asdict(each).items():
                if measure != "label" and value is not None:
                    yield section, each.label, words.label(each.label), measure, round(value, 4)
    yield from _complaint_cells(report.complaints, language)
    for measure, value in asdict(report.appeals).items():
        if value is not None:
            yield "appeals", "", "", measure, value


def _complaint_cells(found: Complaints, language: Language) -> Iterator[tuple[str | int | float, ...]]:
    for measure, value in asdict(found.total).items():
        yield "complaints", "", "", measure, value
    for measure in ("answered_late", "answered_median_days", "open_in_all", "overdue_in_all"):
        if getattr(found, measure) is not None:
            yield "complaints", "", "", measure, getattr(found, measure)
    for span in (*found.before, found.period):
        for measure in telling.STEPS:
            yield "complaints.steps", span.name, span.name, measure, getattr(span, measure)
    for section in telling.COMPLAINTS:
        for row in getattr(found, section):
            for measure, value in asdict(row.counts).items():
                yield f"complaints.{section}", row.item, telling.complaint_item(language, section, row.item), measure, value


def _top(rows: list[_Row]) -> tuple[list[_Row], _Row | None]:
    """The first rows, and all others as one, whose item is their number."""
    if len(rows) <= MOST_ROWS + 1:
        return rows, None
    rest = rows[MOST_ROWS].counts
    for row in rows[MOST_ROWS + 1 :]:
        rest += row.counts
    return rows[:MOST_ROWS], replace(rows[MOST_ROWS], item=str(len(rows) - MOST_ROWS), counts=rest)


def _labels(report: Report) -> list[str]:
    """The labels of all spans, the most frequent of this period first."""
    found = {label for span in (*report.before, report.total) for label in span.labels}
    return sorted(found, key=lambda label: (-report.total.labels.get(label, 0), label))


def _trend(report: Report, language: Language) -> str:
    spans = [*report.before, report.total]
    title = language.gettext("Nuisance calls of this period and those before")
    return charts.columns([span.labels for span in spans], _labels(report), title, [span.name[2:] for span in spans])


def _complaints_trend(report: Report, language: Language) -> str:
    spans = [*report.complaints.before, report.complaints.period]
    title = language.gettext("Complaints received in this period and those before")
    return charts.columns([span.kinds for span in spans], _complaint_kinds(report), title, [span.name[2:] for span in spans])


def _complaint_kinds(report: Report) -> list[str]:
    """The kinds of complaints of all spans, the most frequent of them first."""
    found: Counter[str] = Counter()
    for span in (*report.complaints.before, report.complaints.period):
        found.update(span.kinds)
    return [kind for kind, _ in found.most_common()]


def _by_day(report: Report, language: Language) -> str:
    return charts.columns(
        [span.labels for span in report.days],
        _labels(report),
        language.gettext("Nuisance calls by day"),
        [span.name[5:] for span in report.days],
    )


def _rendered(template: str, report: Report, language: Language) -> str:
    environment = Environment(
        loader=PackageLoader("catflap_host"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(language.gettext, language.ngettext)  # type: ignore[attr-defined]
    zone = ZoneInfo(report.zone)
    shown = {
        "report": report,
        "language": language,
        "words": Words(language),
        "sections": telling.SECTIONS,
        "measures": telling.MEASURES,
        "item": partial(telling.item, language),
        "complaint_sections": telling.COMPLAINTS,
        "complaint_measures": telling.COMPLAINT_MEASURES,
        "steps": telling.STEPS,
        "complaint_item": partial(telling.complaint_item, language),
        "complaint_kinds": _complaint_kinds(report),
        "complaint_trend": _complaints_trend(report, language),
        "top": _top,
        "bar": charts.bar,
        "colours": charts.COLOURS,
        "labels": _labels(report),
        "trend": _trend(report, language),
        "by_day": _by_day(report, language),
        "day": lambda moment_ms: f"{datetime.fromtimestamp(moment_ms / 1000, zone):%Y-%m-%d}",
        "moment": lambda moment_ms: f"{datetime.fromtimestamp(moment_ms / 1000, zone):%Y-%m-%d %H:%M}",
        "version": version("catflap"),
    }
    return environment.get_template(template).render(shown)
