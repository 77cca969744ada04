"""The court's report: sections of text, figures, tables and plots as one HTML file that needs nothing beside it."""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from catflap_models.court.figures import Figure
from catflap_models.court.style import CSS

_SHARE = "share"
_NUMBER = re.compile(r"–|[≤≥<>]? ?[-−]?[\d,.]+( %)?( (of|to) [\d,.]+( %)?)?")
"""A cell that is a number, a share, a range, or empty."""
_LONG = 30
"""A fact of so many letters has a row of its own."""


@dataclass(frozen=True, slots=True)
class Table:
    """Cells are texts; a column whose cells are numbers is set right by itself. `title` says what a row is."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""
    """How to read it, if that is not plain."""
    marked: frozenset[int] = frozenset()
    """Rows that the reader should look at: the worst family, a bar that was missed."""


@dataclass(frozen=True, slots=True)
class Plot:
    """An image made by a function of plots.py."""

    name: str
    """File name without `.png`: small letters, digits and hyphens"""
    png: bytes
    """on light ground"""
    dark_png: bytes
    """the same on dark ground"""
    alt: str
    """What it shows, for who cannot see it."""
    caption: str


@dataclass(frozen=True, slots=True)
class Section:
    """One question put to the detector. Texts are plain, no markup."""

    number: int | None
    """The protocol's number of it, where it has one."""
    title: str
    what: str
    """What was done, in a sentence or two."""
    good: str
    """What a good detector looks like here."""
    found: str
    """What came out."""
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    plots: tuple[Plot, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """All of it."""

    title: str
    lead: str
    """What was judged, on what, and the answer in short."""
    sections: tuple[Section, ...]
    facts: tuple[tuple[str, str], ...] = ()
    """Name and value of what a reader needs to place it: detector, trunks, calls, commit, date."""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Of all sections in order."""
        return tuple(figure for section in self.sections for figure in section.figures)


def write(report: Report, folder: Path, name: str = "evaluate") -> Path:
    """Writes NAME.html and each plot as a PNG (light, and `-dark`) into `folder`, made if missing; returns the HTML file. OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    for section in report.sections:
        for plot in section.plots:
            (folder / f"{plot.name}.png").write_bytes(plot.png)
            (folder / f"{plot.name}-dark.png").write_bytes(plot.dark_png)
    path = folder / f"{name}.html"
    path.write_text(html(report), encoding="utf-8")
    return path


def html(report: Report) -> str:
    """The report as one HTML document, its images inside it, without script."""
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">',
        f"<title>{escape(report.title)}</title><style>{CSS}</style></head><body><main>",
        f'<header><h1>{escape(report.title)}</h1><p class="lead">{_text(report.lead)}</p>{_facts(report.facts)}</header>',
        _contents(report.sections),
        *(_section(section) for section in report.sections),
        "</main></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    if not facts:
        return ""
    items = (
        f"<div{' class=long' if len(value) >= _LONG else ''}><dt>{escape(name)}</dt><dd>{_text(value)}</dd></div>" for name, value in facts
    )
    return f"<dl>{''.join(items)}</dl>"


def _contents(sections: Sequence[Section]) -> str:
    held = [figure.ok for section in sections for figure in section.figures if figure.bar is not None or not figure.ok]
    word = f"{sum(held)} of {len(held)} figures that are held against a bar meet it." if held else ""
    items = "".join(
        f'<li><a href="#{_anchor(section)}">{_badge(section)}{escape(section.title)}</a>{_verdict(section)}</li>' for section in sections
    )
    return f'<nav aria-label="Contents"><p>{word}</p><ol>{items}</ol></nav>'


def _section(section: Section) -> str:
    parts = [
        f'<section id="{_anchor(section)}"><h2>{_badge(section)}{escape(section.title)}</h2>',
        f'<div class="say"><p><b>What was done</b>{_text(section.what)}</p><p><b>What good looks like</b>{_text(section.good)}</p>'
        f'<p class="found"><b>What it found</b>{_text(section.found)}</p></div>',
        _figures(section.figures),
        *(_plot(plot) for plot in section.plots),
        *(_table(table) for table in section.tables),
        "</section>",
    ]
    return "\n".join(part for part in parts if part)


def _figures(figures: Sequence[Figure]) -> str:
    if not figures:
        return ""
    cards = []
    for figure in figures:
        value, unit = _value(figure)
        state = "" if figure.bar is None and figure.ok else "met" if figure.ok else "missed"
        sign = {"met": "&#10003; ", "missed": "&#10007; ", "": ""}[state]
        bar = (
            ""
            if figure.bar is None
            else f"{sign}{'at most' if figure.better == 'lower' else 'at least'} {_amount(figure.bar, figure.unit)}"
        )
        cards.append(
            f'<li class="{state}"><span class="value">{value} <small>{unit}</small></span><span class="bar">{bar}</span>'
            f'<code>{escape(figure.name)}</code><span class="how">{_text(figure.how)}</span></li>'
        )
    return f'<ul class="figures">{"".join(cards)}</ul>'


def _value(figure: Figure) -> tuple[str, str]:
    """Value and unit as a person reads them."""
    if figure.value is None:
        return "not measured", ""
    unit = figure.unit.removeprefix(_SHARE).removeprefix(" ")
    return _amount(figure.value, figure.unit), _text(unit)


def _amount(value: float, unit: str) -> str:
    return f"{100 * value:,.3g}&nbsp;%" if unit.startswith(_SHARE) else f"{value:,.4g}"


def _text(text: str) -> str:
    """Escaped; a number and its per-cent sign stay on one line."""
    return re.sub(r"(?<=\d) %", "&nbsp;%", escape(text))


def _plot(plot: Plot) -> str:
    light, dark = ("data:image/png;base64," + b64encode(data).decode("ascii") for data in (plot.png, plot.dark_png))
    return (
        f'<figure><picture><source media="(prefers-color-scheme: dark)" srcset="{dark}"><img alt="{escape(plot.alt)}" src="{light}">'
        f"</picture><figcaption>{_text(plot.caption)}</figcaption></figure>"
    )


def _table(table: Table) -> str:
    numeric = [all(_is_number(row[column]) for row in table.rows) for column in range(len(table.head))]
    head = "".join(f'<th scope="col"{_right(numeric[column])}>{escape(name)}</th>' for column, name in enumerate(table.head))
    rows = "".join(
        f"<tr{' class=mark' if index in table.marked else ''}>"
        + "".join(f"<td{_right(numeric[column])}>{_text(cell)}</td>" for column, cell in enumerate(row))
        + "</tr>"
        for index, row in enumerate(table.rows)
    )
    note = f'<p class="note">{_text(table.note)}</p>' if table.note else ""
    return (
        f'<div class="table" tabindex="0" role="region" aria-label="{escape(table.title)}"><table><caption>{escape(table.title)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>{note}"
    )


def _right(is_numeric: bool) -> str:
    return " class=n" if is_numeric else ""


def _is_number(text: str) -> bool:
    return re.fullmatch(_NUMBER, text) is not None


def _badge(section: Section) -> str:
    return "" if section.number is None else f'<span class="badge">{section.number}</span>'


def _verdict(section: Section) -> str:
    barred = [figure for figure in section.figures if figure.bar is not None or not figure.ok]
    if not barred:
        return ""
    missed = sum(not figure.ok for figure in barred)
    return f' <span class="{"missed" if missed else "met"}">{f"{missed} missed" if missed else "met"}</span>'


def _anchor(section: Section) -> str:
    words = re.sub(r"[^a-z0-9]+", "-", section.title.lower()).strip("-")
    return f"{section.number}-{words}" if section.number is not None else words
