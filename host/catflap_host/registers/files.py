"""Registers as CSV (RFC 4180, UTF-8): taken in with a word on every line at fault, and given out so that it can be taken in again."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TextIO

from catflap_host.api.masking import mask, mask_text
from catflap_host.export.files import csv_line
from catflap_host.language.marking import N_
from catflap_host.registers import entries
from catflap_host.registers.entries import Author, Draft, Entry, Outcome
from catflap_host.registers.fields import FieldError, moment_ms, numbers_plan, written_moment
from catflap_host.registers.kinds import BEGINS, ENDS, FREE, KINDS, PERSON, Register, read_fields
from catflap_host.store.database import Database
from catflap_probe.verdict.trunk_plan import TrunkPlan

MAX_FAULTS = 1_000
"""No more are listed; all are counted."""
MAX_LINE_CHARS = 10_000
ID = "id"
_RUNS = ("'=", "'+", "'-", "'@", "' ", "'\t")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a line of a file, and what to write instead."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: nothing of it was taken where a line is at fault, unless it was to be taken in part."""

    lines: int
    faulty: int
    faults: list[Fault]
    outcome: Outcome = field(default_factory=Outcome)


def columns(register: Register) -> list[str]:
    """The columns of a register's file; of a file that is taken in the needed ones are enough, in any order."""
    return [ID, *(one.name for one in KINDS[register].fields), BEGINS, ENDS]


def read_draft(register: Register, cells: Mapping[str, str], plan: TrunkPlan, now_ms: int) -> Draft | list[FieldError]:
    """The entry that a row stands for, or every fault in it; it holds from now on unless it says otherwise."""
    unknown = [
        FieldError(N_("there is no column '%(name)s'; there are %(columns)s"), name=name[:40], columns=", ".join(columns(register)))
        for name in cells
        if name not in columns(register)
    ]
    fields, faults = read_fields(register, cells, plan)
    faults += unknown
    moments = {BEGINS: now_ms, ENDS: 0}
    for name in moments:
        if cell := cells.get(name, "").strip():
            try:
                moments[name] = moment_ms(cell)
            except FieldError as error:
                faults.append(error.at(name))
        elif getattr(KINDS[register], "needs_begin" if name == BEGINS else "needs_end"):
            begins, ends = (
                N_("from is empty: write when it was said, such as 2026-03-02"),
                N_("until is empty: write when it is over, such as 2026-03-02"),
            )
            faults.append(FieldError(begins if name == BEGINS else ends).of(name))
    if not faults and moments[ENDS] and moments[ENDS] <= moments[BEGINS]:
        faults.append(FieldError(N_("until is not later than from")).of(ENDS))
    return faults or Draft(fields, moments[BEGINS], moments[ENDS])


def take(
    database: Database,
    register: Register,
    opened: Callable[[], TextIO],
    country: str,
    in_part: bool,
    author: Author,
    now_ms: int,
    say: Callable[[FieldError], str] = str,
) -> Taken:
    """Take a file in; `opened` opens it, twice. With a line at fault nothing is taken, or with `in_part` all others.

    `say` puts a fault into words. Raises UserError.
    """
    author.checked()
    plan, faults, lines, faulty = numbers_plan(country), list[Fault](), 0, 0
    with opened() as file:
        for line, draft in _drafts(register, file, plan, now_ms):
            lines += 1
            if not isinstance(draft, Draft):
                faulty += 1
                faults += [Fault(line, say(fault)) for fault in draft[: MAX_FAULTS - len(faults)]]
    if (faulty and not in_part) or lines == faulty:
        return Taken(lines, faulty, faults)
    with opened() as file:
        good = (draft for _, draft in _drafts(register, file, plan, now_ms) if isinstance(draft, Draft))
        return Taken(lines, faulty, faults, entries.add(database, register, good, author))


def opener(content: bytes) -> Callable[[], TextIO]:
    """Opens a file's content."""
    return lambda: io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", errors="surrogateescape", newline="")


def written(register: Register, found: Iterable[Entry], is_whole: bool) -> Iterator[str]:
    """Lines of a file with these entries; unless it is whole, which cannot be taken in again otherwise, people's numbers are masked."""
    names = columns(register)
    yield csv_line(names)
    for entry in found:
        cells = as_row(entry, is_whole)
        yield csv_line([cells[name] for name in names])


def as_row(entry: Entry, is_whole: bool) -> dict[str, str]:
    """An entry's cells by column. Ranges are an organisation's and are shown to everybody."""
    cells = {field.name: entry.fields.get(field.name, "") for field in KINDS[entry.register].fields}
    if not is_whole:
        hidden = {PERSON: mask, **dict.fromkeys(FREE, mask_text)}
        cells = {name: hidden[name](text) if name in hidden else text for name, text in cells.items()}
    return {ID: str(entry.id), **cells, BEGINS: written_moment(entry.begins_ms), ENDS: written_moment(entry.ends_ms)}


def _drafts(register: Register, file: TextIO, plan: TrunkPlan, now_ms: int) -> Iterator[tuple[int, Draft | list[FieldError]]]:
    reader = csv.reader(_whole_lines(file), strict=True)
    head: list[str] | None = None
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield reader.line_num, [FieldError(N_("no CSV: %(error)s"), error=error)]
            return
        if head is None:
            head = [name.strip().lower() for name in cells]
            if len(set(head)) < len(head) or KINDS[register].subject not in head:
                words = N_("the first line names the columns, each once: %(columns)s")
                yield reader.line_num, [FieldError(words, columns=", ".join(columns(register)))]
                return
        elif any(cells):
            yield reader.line_num, _row(register, head, cells, plan, now_ms)


def _row(register: Register, head: list[str], cells: list[str], plan: TrunkPlan, now_ms: int) -> Draft | list[FieldError]:
    if any("\udc80" <= char <= "\udcff" for cell in cells for char in cell):
        return [FieldError(N_("is not UTF-8; save the file as CSV UTF-8"))]
    if len(cells) > len(head):
        return [FieldError(N_("has %(cells)s cells, the first line names %(columns)s columns"), cells=len(cells), columns=len(head))]
    plain = [cell[1:] if cell.startswith(_RUNS) else cell for cell in cells]
    named = dict(zip(head, plain, strict=False))
    named.pop(ID, None)
    return read_draft(register, named, plan, now_ms)


def _whole_lines(file: TextIO) -> Iterator[str]:
    # a file that is all one line must not be held in memory as one
    while line := file.readline(MAX_LINE_CHARS):
        if len(line) == MAX_LINE_CHARS and not line.endswith("\n"):
            raise csv.Error(f"a line of over {MAX_LINE_CHARS} characters")
        yield line
