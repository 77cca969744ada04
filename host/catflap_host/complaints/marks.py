"""Marks that called people made on their own lines (firmware/PROTOCOL.md section 3, `mark`), each filed as a complaint once."""

import asyncio
import json
import logging
import time
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from catflap_host.complaints import filing
from catflap_host.complaints.evidence import meant
from catflap_host.complaints.filing import Filing
from catflap_host.complaints.matching import Matched
from catflap_host.complaints.number import Reported
from catflap_host.complaints.terms import Source
from catflap_host.deliver import positions
from catflap_host.errors import UserError
from catflap_host.store import projection, queries
from catflap_host.store.database import Database, reason
from catflap_host.store.places import record_place
from catflap_host.store.tables import calls, records
from catflap_host.store.vault import SealError
from catflap_host.trace.source import DatabaseSource
from catflap_probe.mark import WAYS
from catflap_probe.records import MARK_VERSION

EVERY_S = 1.0
RECORDS = 5_000
"""So many are looked through at once."""
FOLLOWER = "marks"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark as its probe recorded it; `call` 0 where only a number is named, `at_ms` by our clock, and not after it was received."""

    probe: str
    boot: str
    trunk: str
    line: str
    call: int
    at_ms: int
    way: str
    calling: str
    sender: str


class Follower:
    """Files what is new each time that it is asked to."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._after = positions.start(database, FOLLOWER, queries.last_change(database))

    def step(self, now_ms: int) -> int:
        """File the marks that were stored since the last step; how many. Raises SealError."""
        newest, filed = queries.last_change(self._database), 0
        while self._after < newest:
            until = min(self._after + RECORDS, newest)
            filed += self._file(until, now_ms)
        return filed

    def _file(self, until: int, now_ms: int) -> int:
        found = [(mark, *made) for mark in stored(self._database, self._after, until) if (made := _made(self._database, mark, now_ms))]
        with self._database.write() as connection:
            is_mine = positions.move(connection, FOLLOWER, self._after, until)
            for mark, said, number, matched in found if is_mine else ():
                # a probe that was away tells at once what people marked over days
                filing.add(connection, self._database, said, number, matched, f"probe {mark.probe}", mark.at_ms)
        self._after = until if is_mine else max(until, positions.start(self._database, FOLLOWER, until))
        return len(found) if is_mine else 0


def stored(database: Database, after: int, until: int) -> list[Mark]:
    """The marks among the records past an id, up to another one. Raises SealError."""
    columns = records.c
    query = select(columns.probe, columns.boot, columns.seq, columns.received_ms, columns.sealed)
    query = query.where(columns.id > after, columns.id <= until, columns.kind == "mark").order_by(columns.id)
    source = DatabaseSource(database)
    with database.read() as connection:
        rows = connection.execute(query).all()
    found = []
    for row in rows:
        body = database.vault.open(row.sealed, record_place(row.probe, row.boot, row.seq)).decode()
        mark = _read(row.probe, row.boot, row.received_ms, source.clock_error_ms(row.probe, row.boot), json.loads(body))
        if mark is None:
            _log.warning("record %d of %s is a mark that this program cannot read", row.seq, row.probe)
        else:
            found.append(mark)
    return found


def _read(probe: str, boot: str, received_ms: int, error_ms: int, fields: dict[str, object]) -> Mark | None:
    key = projection.call_key(fields)
    at_ms, way = fields.get("at_ms"), fields.get("way")
    if key is None or fields.get("v") != MARK_VERSION or way not in WAYS or type(at_ms) is not int:
        return None
    calling, sender = (projection.clean_text(fields, name, projection.MAX_NUMBER_CHARS) for name in ("calling", "sender"))
    # what is left of a clock that was put right since
    moment_ms = at_ms - error_ms if received_ms - filing.OLDEST_MS < at_ms - error_ms <= received_ms else received_ms
    return Mark(probe, boot, str(key["trunk"]), str(key["line"]), int(key["call"]), moment_ms, str(way), calling, sender)


def _made(database: Database, mark: Mark, now_ms: int) -> tuple[Filing, Reported, Matched] | None:
    """The complaint that a mark is, or None where it names neither a call that is stored nor a number."""
    call_id = _call_id(database, mark)
    source = DatabaseSource(database)
    facts = source.facts(mark.probe).get(("", mark.trunk))
    country = facts.country if facts and facts.country else "CN"
    line = f"{mark.probe}/{mark.trunk}/{mark.line}"
    sender = meant(source, mark.probe, mark.trunk, mark.sender) if mark.sender else ""
    said = Filing(
        Source(mark.way),
        meant(source, mark.probe, mark.trunk, mark.calling) if mark.calling else "",
        at_ms=mark.at_ms,
        contact=sender,
        country=country,
        complainer=sender or line,
        origin=line,
        call_id=call_id,
    )
    try:
        number = filing.check(said, now_ms)
    except UserError as error:
        _log.warning("a mark on %s is no complaint: %s", line, error)
        return None
    return said, number, filing.matched_call(database, said, number, now_ms)


def _call_id(database: Database, mark: Mark) -> int:
    """The row of the call that was marked; 0 where it is not stored, or the mark only names a number."""
    if not mark.call:
        return 0
    wanted = {"probe": mark.probe, "boot": mark.boot, "trunk": mark.trunk, "line": mark.line, "call": mark.call}
    query = select(calls.c.id).where(*(calls.c[name] == value for name, value in wanted.items()))
    with database.read() as connection:
        return connection.execute(query).scalar() or 0


async def keep_filed(database: Database) -> None:
    """File marks until cancelled."""
    follower: Follower | None = None
    while True:
        try:
            if follower is None:
                follower = await asyncio.to_thread(Follower, database)
            await asyncio.to_thread(follower.step, time.time_ns() // 1_000_000)
        except SQLAlchemyError as error:
            _log.warning("marks are not filed: %s", reason(error))
            follower = None
        except SealError as error:
            _log.error("marks cannot be read: %s", error)
        await asyncio.sleep(EVERY_S)
