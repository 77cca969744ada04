"""The registers: each listed, searched, added to by hand or by file; an entry with its history, ended or shown whole for a reason."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from itertools import islice
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.responses import Response

from catflap_host.access.roles import Permission
from catflap_host.api.masking import mask_text
from catflap_host.api.needs import require, who
from catflap_host.api.registers import changing
from catflap_host.api.unmasking import noted
from catflap_host.console.entrance import Form
from catflap_host.console.frame import Frame, spoken_by
from catflap_host.console.uploaded import WithFile
from catflap_host.errors import UserError
from catflap_host.language.catalogue import Language
from catflap_host.language.governance import COLUMNS
from catflap_host.registers import entries, files
from catflap_host.registers.entries import PERSONS, Author, Draft, Entry
from catflap_host.registers.fields import FieldError, numbers_plan
from catflap_host.registers.holidays_cn import announced
from catflap_host.registers.kinds import BEGINS, ENDS, KINDS, Register
from catflap_host.store.database import Database

SHOWN = 100
SHOWN_FAULTS = 200
HOME = "CN"
"""The country of numbers that are written without one."""
MAX_ID = 2**53
DAY_MINUTES = 1_440

Id = Annotated[int, Path(ge=1, le=MAX_ID)]
Before = Annotated[int, Query(ge=1, le=MAX_ID)]
Word = Annotated[str, Query(max_length=1)]


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as it is shown."""

    entry: Entry
    cells: Mapping[str, str]
    state: str
    """`holds`, `to-come` or `over`."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What somebody filled in and did not succeed with, and why, by field; or what became of his file."""

    cells: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    taken: files.Taken | None = None
    file_error: str = ""


NOTHING = Tried()


def make_router(database: Database, frame: Frame) -> APIRouter:
    """`/registers`, `/registers/{register}` with what is under it, and `/registers/entries/{id}`."""
    router = APIRouter(include_in_schema=False)

    def page(
        request: Request,
        register: Register,
        found: list[Entry],
        status: int = 200,
        /,
        tried: Tried = NOTHING,
        older: int = 0,
        everything: str = "",
        subject: str | None = None,
        subject_error: str = "",
    ) -> HTMLResponse:
        now_ms = _now_ms()
        rows = [_row(entry, now_ms) for entry in found]
        columns = [one.name for one in KINDS[register].fields]
        shown = {
            "register": register,
            "kind": KINDS[register],
            "columns": columns,
            # what no entry here says takes no room
            "shown_columns": [name for name in columns if any(row.cells[name] for row in rows)],
            "rows": rows,
            "older": older,
            "everything": everything,
            "subject": subject,
            "subject_error": subject_error,
            "tried": tried,
            "may_change": who(request).may(changing(register)),
            "may_search": who(request).may(Permission.OPERATE),
            "may_unmask": who(request).may(Permission.UNMASK) and register in PERSONS,
            "announced": _announced_by_year() if register is Register.HOLIDAY else {},
        }
        return frame.page(request, "register.html", status, **shown)

    def newest(request: Request, register: Register, status: int = 200, /, tried: Tried = NOTHING) -> HTMLResponse:
        found = entries.newest(database, register, MAX_ID, SHOWN + 1, _now_ms())
        return page(request, register, found[:SHOWN], status, tried=tried, older=found[SHOWN - 1].id if len(found) > SHOWN else 0)

    def one(request: Request, entry_id: int, status: int = 200, /, is_whole: bool = False, error: str = "") -> HTMLResponse:
        with database.read() as connection:
            entry = entries.one(connection, database.vault, entry_id)
        if entry is None:
            what = spoken_by(request).gettext("There is no such entry; it never was, or its time is over.")
            return frame.page(request, "missing.html", 404, what=what)
        shown = {
            "entry": entry,
            "row": _row(entry, _now_ms(), is_whole),
            "is_whole": is_whole,
            "is_person": entry.register in PERSONS,
            "past": [replace(step, why=mask_text(step.why)) for step in entries.history(database, entry_id)],
            "may_change": who(request).may(changing(entry.register)),
            "may_unmask": who(request).may(Permission.UNMASK),
            "error": error,
        }
        return frame.page(request, "register_entry.html", status, **shown)

    @router.get("/registers")
    def registers(request: Request) -> HTMLResponse:
        return frame.page(request, "registers.html", registers=list(Register), counts=entries.counts(database))

    @router.get("/registers/entries/{entry}")
    def show_one(request: Request, entry: Id) -> HTMLResponse:
        return one(request, entry)

    @router.post("/registers/entries/{entry}")
    def act_on_one(request: Request, entry: Id, form: Form) -> Response:
        with database.read() as connection:
            found = entries.one(connection, database.vault, entry)
        if found is None:
            return one(request, entry)
        try:
            if form.get("do") == "show":
                identity = require(request, Permission.UNMASK)
                noted(database, identity, request, Author(identity.user, form.get("reason", "")).checked().why)
                return one(request, entry, is_whole=True)
            identity = require(request, changing(found.register))
            entries.end(database, entry, _now_ms(), Author(identity.user, form.get("reason", "")))
        except UserError as error:
            return one(request, entry, 400, error=spoken_by(request).error(error))
        return RedirectResponse(f"/registers/entries/{entry}", 303)

    @router.get("/registers/{register}")
    def show(
        request: Request, register: Register, before: Before = MAX_ID, everything: Annotated[Word, Query(alias="all")] = ""
    ) -> HTMLResponse:
        found = entries.newest(database, register, before, SHOWN + 1, 0 if everything else _now_ms())
        older = found[SHOWN - 1].id if len(found) > SHOWN else 0
        return page(request, register, found[:SHOWN], older=older, everything=everything)

    @router.post("/registers/{register}/find")
    def find(request: Request, register: Register, form: Form) -> HTMLResponse:
        require(request, Permission.OPERATE)
        text = form.get("subject", "").strip()
        try:
            subject = KINDS[register].fields[0].read(text, numbers_plan(HOME))
        except FieldError as error:
            return page(request, register, [], 400, subject=text, subject_error=told(error, spoken_by(request)))
        found = sorted(entries.of_subject(database, register, subject), key=lambda entry: -entry.id)
        return page(request, register, found, subject=text)

    @router.post("/registers/{register}/add")
    def add(request: Request, register: Register, form: Form) -> Response:
        identity = require(request, changing(register))
        spoken = spoken_by(request)
        draft = files.read_draft(register, _cells(register, form), numbers_plan(HOME), _now_ms())
        errors: dict[str, list[str]] = {}
        if isinstance(draft, Draft):
            try:
                entries.add(database, register, [draft], Author(identity.user, form.get("reason", "")))
                return RedirectResponse(f"/registers/{register}", 303)
            except UserError as error:
                errors["reason"] = [spoken.error(error)]
        else:
            for fault in draft:
                errors.setdefault(fault.column, []).append(told(fault, spoken))
        return newest(request, register, 400, tried=Tried(form, errors))

    @router.post("/registers/{register}/import")
    def take(request: Request, register: Register, sent: WithFile) -> Response:
        identity = require(request, changing(register))
        spoken = spoken_by(request)
        if not sent.content:
            return newest(request, register, 400, tried=Tried(file_error=spoken.gettext("Choose a file that is not empty.")))
        author, in_part = Author(identity.user, sent.fields.get("reason", "")), bool(sent.fields.get("in_part"))
        say = partial(_told_of_line, language=spoken)
        try:
            taken = files.take(database, register, files.opener(sent.content), HOME, in_part, author, _now_ms(), say)
        except UserError as error:
            return newest(request, register, 400, tried=Tried(file_error=spoken.error(error)))
        shown = files.Taken(taken.lines, taken.faulty, list(islice(taken.faults, SHOWN_FAULTS)), taken.outcome)
        is_refused = bool(taken.faulty) and not (in_part and taken.lines > taken.faulty)
        return newest(request, register, 400 if is_refused else 200, tried=Tried(taken=shown))

    return router


def told(fault: FieldError, language: Language) -> str:
    """A fault in a language; what it quotes of the program's own words too."""
    # a column goes by its title on the page
    quoted = {name: COLUMNS.get(str(value), value) if name == "column" else value for name, value in fault.values.items()}
    values = {name: language.pattern(value) if isinstance(value, str) else value for name, value in quoted.items()}
    return language.gettext(fault.pattern, **values) if values else language.pattern(fault.pattern)


def _told_of_line(fault: FieldError, language: Language) -> str:
    is_named = str(fault).startswith(f"{fault.column}: ") if fault.column else False
    return f"{fault.column}: {told(fault, language)}" if is_named else told(fault, language)


def _row(entry: Entry, now_ms: int, is_whole: bool = False) -> Row:
    state = "holds" if entry.holds(now_ms) else "to-come" if entry.begins_ms > now_ms and entry.ends_ms != entry.begins_ms else "over"
    return Row(entry, files.as_row(entry, is_whole), state)


def _cells(register: Register, form: Mapping[str, str]) -> dict[str, str]:
    """The form's fields as a file's row has them."""
    cells = {}
    for one in KINDS[register].fields:
        ticked = [word for word in one.words if form.get(f"{one.name}-{word}")]
        cells[one.name] = " ".join(ticked) if one.is_many else form.get(one.name, "")
    return cells | {name: _moment(form, name) for name in (BEGINS, ENDS)}


def _moment(form: Mapping[str, str], name: str) -> str:
    """A time of the reader's own clock, which is ahead of universal time by `offset_min`, with that behind it."""
    text = form.get(name, "").strip()
    try:
        return datetime.fromisoformat(text).replace(tzinfo=_zone(form)).isoformat() if text else ""
    except ValueError:
        return text


def _zone(form: Mapping[str, str]) -> timezone:
    minutes = form.get("offset_min", "0")
    return timezone(timedelta(minutes=int(minutes))) if minutes.lstrip("-").isdecimal() and abs(int(minutes)) < DAY_MINUTES else UTC


def _announced_by_year() -> dict[int, dict[str, list[str]]]:
    """The days that are known without being entered."""
    found: dict[int, dict[str, list[str]]] = {}
    for day, is_rest in sorted(announced().items()):
        found.setdefault(day.year, {"rest": [], "work": []})["rest" if is_rest else "work"].append(day.isoformat())
    return found


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
