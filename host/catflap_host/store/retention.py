"""How long each kind of data is kept, and the deletion of what is older, a little at a time, so that nobody waits for it."""

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, Connection, Delete, Table, Update, delete, func, select, update

from catflap_host.complaints import ageing
from catflap_host.compliance.tables import outgoing_checks
from catflap_host.errors import UserError
from catflap_host.judged.tables import appeal_forms, appeals, verdicts
from catflap_host.registers.tables import entries, history
from catflap_host.store.database import Database
from catflap_host.store.parties import DAY_MS, day_of
from catflap_host.store.tables import alarms, audit, calls, parties, records, retention
from catflap_host.store.unmask import note
from catflap_host.triage.tables import allowed_numbers, triage

DEFAULT_DAYS = {
    "records": 30,
    "numbers": 90,
    "calls": 400,
    "alarms": 730,
    "appeals": 1_095,
    "verdicts": 1_095,
    "registers": 730,
    "complaints": 730,
    "complainers": 180,
    "audit": 1_095,
}
"""`records` as they came; `numbers` and names, after which calls have pseudonyms only; entries of `registers` since they are over;
`complaints` since they were answered, and of `complainers` what they wrote, numbers in it; `audit`: who saw which number."""
MAX_DAYS = 36_500
CHUNK_ROWS = 2_000

_MEANT = {
    "calls": (calls, calls.c.received_ms),
    "alarms": (alarms, alarms.c.received_ms),
    "appeals": (appeals, appeals.c.received_ms),
    "verdicts": (verdicts, verdicts.c.at_ms),
    "audit": (audit, audit.c.at_ms),
}
_PARTITIONS = """
SELECT inhrelid::regclass::text, (regexp_match(inhrelid::regclass::text, '_([0-9]+)$'))[1]::int
FROM pg_inherits WHERE inhparent = 'records'::regclass"""


def kept(database: Database) -> dict[str, int]:
    """Days by kind."""
    with database.read() as connection:
        return _kept(connection)


def keep(database: Database, changes: Mapping[str, int], who: str) -> dict[str, int]:
    """Keep kinds for so many days from now on, noted in the audit; gives the days of all. Raises UserError."""
    for kind, days in changes.items():
        if kind not in DEFAULT_DAYS:
            raise UserError(f"'{kind}' is no kind of data; there are {', '.join(DEFAULT_DAYS)}")
        if not 1 <= days <= MAX_DAYS:
            raise UserError(f"{kind} cannot be kept for {days} days; use 1 to {MAX_DAYS}")
    with database.write() as connection:
        now = _kept(connection) | dict(changes)
        if now["records"] > now["numbers"]:
            raise UserError(f"records hold numbers, so {now['records']} days of them are too many while numbers have {now['numbers']}")
        for kind, days in changes.items():
            connection.execute(delete(retention).where(retention.c.kind == kind))
            connection.execute(retention.insert().values(kind=kind, days=days))
            note(connection, who, "keep", kind, f"{days} days")
    return now


def expire(database: Database, now_ms: int, is_stopped: Callable[[], bool] = lambda: False) -> dict[str, int]:
    """Delete what is older than its kind is kept, or less where `is_stopped` comes true.

    Gives the rows deleted by kind; of numbers those emptied, of records on PostgreSQL the days dropped.
    """
    before_ms = {kind: now_ms - days * DAY_MS for kind, days in kept(database).items()}
    gone = {kind: _delete(database, table, column < before_ms[kind], is_stopped) for kind, (table, column) in _MEANT.items()}
    if gone["appeals"]:
        with database.write() as connection:
            connection.execute(delete(appeal_forms).where(appeal_forms.c.appeal.not_in(select(appeals.c.id))))
    if gone["alarms"]:
        with database.write() as connection:
            for table in (triage, allowed_numbers):
                connection.execute(delete(table).where(table.c.alarm_id.not_in(select(alarms.c.id))))
    _delete(database, outgoing_checks, outgoing_checks.c.at_ms < before_ms["calls"], is_stopped)
    gone["registers"] = _drop_entries(database, before_ms["registers"], is_stopped)
    gone["complaints"] = _in_chunks(database, ageing.over(before_ms["complaints"], CHUNK_ROWS), is_stopped)
    gone["complainers"] = _in_chunks(database, ageing.silenced(before_ms["complainers"], CHUNK_ROWS), is_stopped)
    ageing.forget_the_rest(database, before_ms["complaints"])
    gone["numbers"] = _empty_parties(database, day_of(before_ms["numbers"]), is_stopped)
    if database.is_sqlite:
        # the newest stays, so that its id is not given out again
        newest = select(func.max(records.c.id)).scalar_subquery()
        is_over = (records.c.received_ms < before_ms["records"]) & (records.c.id < newest)
        gone["records"] = _delete(database, records, is_over, is_stopped)
    else:
        gone["records"] = _drop_days(database, day_of(before_ms["records"]))
    return gone


def _kept(connection: Connection) -> dict[str, int]:
    return DEFAULT_DAYS | {kind: days for kind, days in connection.execute(select(retention.c.kind, retention.c.days))}


def _delete(database: Database, table: Table, is_over: ColumnElement[bool], is_stopped: Callable[[], bool]) -> int:
    some = select(table.c.id).where(is_over).limit(CHUNK_ROWS).scalar_subquery()
    return _in_chunks(database, delete(table).where(table.c.id.in_(some)), is_stopped)


def _drop_entries(database: Database, before_ms: int, is_stopped: Callable[[], bool]) -> int:
    gone = _delete(database, entries, (entries.c.ends_ms > 0) & (entries.c.ends_ms < before_ms), is_stopped)
    if gone:
        _delete(database, history, history.c.entry.not_in(select(entries.c.id)), is_stopped)
    return gone


def _empty_parties(database: Database, before_day: int, is_stopped: Callable[[], bool]) -> int:
    is_over = (parties.c.last_day < before_day) & parties.c.sealed.is_not(None)
    some = select(parties.c.id).where(is_over).limit(CHUNK_ROWS).scalar_subquery()
    # a number that is seen again meanwhile stays
    return _in_chunks(database, update(parties).where(parties.c.id.in_(some), is_over).values(sealed=None), is_stopped)


def _in_chunks(database: Database, statement: Delete | Update, is_stopped: Callable[[], bool]) -> int:
    total, changed = 0, CHUNK_ROWS
    while changed == CHUNK_ROWS and not is_stopped():
        with database.write() as connection:
            changed = connection.execute(statement).rowcount
        total += changed
    return total


def _drop_days(database: Database, before_day: int) -> int:
    with database.read() as connection:
        found = connection.exec_driver_sql(_PARTITIONS).all()
    over = [name for name, day in found if day < before_day]
    for name in over:
        with database.write() as connection:
            # writers wait while a partition goes; should a long reader hold it, then let it go the next time
            connection.exec_driver_sql("SET LOCAL lock_timeout = '2s'")
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {name}")
    return len(over)
