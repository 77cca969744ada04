"""The registers for programs: looked at by all, people's words changed by operators, contracts and number resources by administrators."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Path, Query, Request
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import BaseModel, Field

from catflap_host.access.roles import Identity, Permission
from catflap_host.api.needs import require
from catflap_host.api.refusals import Refusal, told
from catflap_host.api.unmasking import REASON, UnmaskReason, noted
from catflap_host.registers import entries, files
from catflap_host.registers.entries import PERSONS, Author, Draft, Entry, Event, Outcome
from catflap_host.registers.fields import FieldError, numbers_plan
from catflap_host.registers.kinds import BEGINS, ENDS, KINDS, PERSON, Register
from catflap_host.store.database import Database

MAX_FILE_BYTES = 64_000_000
MAX_ID = 2**53
MAX_CELL_CHARS = 1_000

Reason = Annotated[str, Field(**{**REASON, "description": "Why; kept with the user's name"})]
ReasonAsked = Annotated[str, Query(alias="reason", **{**REASON, "description": "Why; kept with the user's name"})]
Country = Annotated[str, Query(pattern="^[A-Z]{2}$", description="Whose numbers have no country in front")]
Cell = Annotated[str, Field(max_length=MAX_CELL_CHARS)]
EntryId = Annotated[int, Path(ge=1, le=MAX_ID)]


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry; `fields` by column, times in Unix ms (`ends_ms` 0: open), `holds`: it is in force now."""

    id: int
    register: Register
    subject_id: str
    fields: dict[str, str]
    begins_ms: int
    ends_ms: int
    added_ms: int
    holds: bool


@dataclass(frozen=True, slots=True)
class Described:
    """A register and its columns, with what each means."""

    register: Register
    summary: str
    columns: dict[str, str]


class Wanted(BaseModel):
    """An entry to be added, cells by column as in a file."""

    fields: dict[Annotated[str, Field(max_length=40)], Cell]
    reason: Reason
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "CN"


class Asked(BaseModel):
    """Whose entries are wanted: a number, range, contract or day."""

    subject: Cell
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "CN"


class Ended(BaseModel):
    """Why an entry is to be over, now."""

    reason: Reason


class Refused(BaseModel):
    """Somebody's no, to a caller (`holder`), an industry, or to all."""

    number: Cell
    reason: Reason
    holder: Cell = ""
    industry: Cell = ""
    country: Annotated[str, Field(pattern="^[A-Z]{2}$")] = "CN"


def make_router(database: Database) -> APIRouter:
    """`/registers` and what is under it, and `/refusals`."""
    router = APIRouter()

    @router.get("/registers")
    def registers() -> list[Described]:
        """The registers and their columns."""
        return [Described(one, kind.summary, {field.name: field.meaning for field in kind.fields}) for one, kind in KINDS.items()]

    @router.get("/registers/entries/{entry}/history", responses={404: {"model": Refusal, "description": "There is no such entry"}})
    def history(entry: EntryId) -> list[Event]:
        """What became of an entry and of those that there were in its place."""
        found = entries.history(database, entry)
        if not found:
            raise HTTPException(404, f"there is no entry {entry}")
        return found

    @router.post("/registers/entries/{entry}/end", responses={404: {"model": Refusal, "description": "There is no such entry"}})
    def end(request: Request, entry: EntryId, ended: Ended) -> Shown:
        """Let an entry hold no longer."""
        with database.read() as connection:
            found = entries.one(connection, database.vault, entry)
        if found is None:
            raise HTTPException(404, f"there is no entry {entry}")
        identity = _changer(request, found.register)
        with told():
            return _shown(entries.end(database, entry, _now_ms(), Author(identity.user, ended.reason)), False)

    @router.post("/refusals")
    def refuse(request: Request, refused: Refused) -> Outcome:
        """Take somebody's no at once: consents that it is about end now."""
        identity = _changer(request, Register.DO_NOT_CALL)
        cells = {PERSON: refused.number, "holder": refused.holder, "industry": refused.industry}
        draft = _draft(Register.DO_NOT_CALL, cells, refused.country)
        with told():
            return entries.add(database, Register.DO_NOT_CALL, [draft], Author(identity.user, refused.reason))

    @router.get("/registers/{register}")
    def listed(
        request: Request,
        register: Register,
        after: Annotated[int, Query(ge=0, le=MAX_ID)] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        unmask_reason: UnmaskReason = None,
    ) -> list[Shown]:
        """Entries past the id `after`, in order, with those that are over."""
        is_whole = _is_whole(database, request, unmask_reason)
        return [_shown(entry, is_whole) for entry in entries.listed(database, register, after, limit)]

    @router.post("/registers/{register}/add")
    def add(request: Request, register: Register, wanted: Wanted) -> Outcome:
        """Add an entry; it takes the place of the one in force that it differs from."""
        identity = _changer(request, register)
        draft = _draft(register, wanted.fields, wanted.country)
        with told():
            return entries.add(database, register, [draft], Author(identity.user, wanted.reason))

    @router.post("/registers/{register}/find")
    def find(request: Request, register: Register, asked: Asked) -> list[Shown]:
        """All entries about one number, range, contract or day; a number is asked for in the body, where no log keeps it."""
        require(request, Permission.OPERATE)
        subject = KINDS[register].fields[0]
        try:
            text = subject.read(asked.subject.strip(), numbers_plan(asked.country))
        except FieldError as error:
            raise HTTPException(409, str(error)) from None
        return [_shown(entry, False) for entry in entries.of_subject(database, register, text)]

    @router.post(
        "/registers/{register}/import",
        openapi_extra={"requestBody": {"required": True, "content": {"text/csv": {"schema": {"type": "string", "minLength": 1}}}}},
        responses={
            409: {"model": files.Taken, "description": "Nothing was taken: the lines at fault, and why"},
            413: {"model": Refusal, "description": "The file is too large"},
        },
    )
    async def take(
        request: Request, register: Register, reason: ReasonAsked, in_part: bool = False, country: Country = "CN"
    ) -> files.Taken:
        """Take a CSV file in: nothing of it where a line is at fault, or with `in_part` all other lines."""
        identity = _changer(request, register)
        content = bytearray()
        async for piece in request.stream():
            content += piece
            if len(content) > MAX_FILE_BYTES:
                raise HTTPException(413, f"over {MAX_FILE_BYTES} bytes; send it in pieces, or use `catflap host register import`")
        if not content:
            raise HTTPException(400, "no file came; send it as the body")
        author = Author(identity.user, reason)
        opened = files.opener(bytes(content))
        with told():
            taken = await asyncio.to_thread(files.take, database, register, opened, country, in_part, author, _now_ms())
        if taken.faulty and not (in_part and taken.lines > taken.faulty):
            return JSONResponse(_as_json(taken), 409)  # type: ignore[return-value]
        return taken

    @router.get("/registers/{register}/export", response_class=StreamingResponse, responses={200: {"content": {"text/csv": {}}}})
    def export(request: Request, register: Register, unmask_reason: UnmaskReason = None) -> StreamingResponse:
        """All entries as the file that `import` takes; people's numbers are masked unless there is a reason."""
        is_whole = _is_whole(database, request, unmask_reason)
        lines: Iterator[str] = files.written(register, entries.everything(database, register), is_whole)
        head = {"Content-Disposition": f'attachment; filename="{register}.csv"'}
        return StreamingResponse(lines, media_type="text/csv; charset=utf-8", headers=head)

    return router


def changing(register: Register) -> Permission:
    """What it takes to change a register."""
    return Permission.OPERATE if register in PERSONS else Permission.ADMINISTER


def _changer(request: Request, register: Register) -> Identity:
    return require(request, changing(register))


def _is_whole(database: Database, request: Request, reason: str | None) -> bool:
    if reason is None:
        return False
    noted(database, require(request, Permission.UNMASK), request, reason)
    return True


def _draft(register: Register, cells: dict[str, str], country: str) -> Draft:
    draft = files.read_draft(register, cells, numbers_plan(country), _now_ms())
    if not isinstance(draft, Draft):
        raise HTTPException(409, "; ".join(str(fault) for fault in draft))
    return draft


def _shown(entry: Entry, is_whole: bool) -> Shown:
    cells = files.as_row(entry, is_whole)
    fields = {name: text for name, text in cells.items() if name not in (files.ID, BEGINS, ENDS)}
    times = (entry.begins_ms, entry.ends_ms, entry.added_ms)
    return Shown(entry.id, entry.register, entry.subject, fields, *times, entry.holds(_now_ms()))


def _as_json(taken: files.Taken) -> dict[str, Any]:
    faults = [{"line": fault.line, "text": fault.text} for fault in taken.faults]
    outcome = {"added": 0, "changed": 0, "unchanged": 0}
    return {"lines": taken.lines, "faulty": taken.faulty, "faults": faults, "outcome": outcome}


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
