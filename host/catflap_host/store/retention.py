"""How long each kind of data is kept, and the deletion of what is older, a little at a time, so that nobody waits for it."""

from collections.abc import Callable, Mapping

from sqlalchemy import ColumnElement, Connection, Delete, Table, Update, delete, func, select, tuple_, update

from catflap_host.complaints import ageing
from catflap_host.errors import UserError
from catflap_host.every_table import every_table
from catflap_host.language.marking import N_
from catflap_host.store.database import Database
from catflap_host.store.lasting import LASTS, Ends, GoesWith, Kept
from catflap_host.store.parties import DAY_MS, day_of
from catflap_host.store.tables import parties, records, retention
from catflap_host.store.unmask import note

DEFAULT_DAYS = {
    "records": 30,
    "numbers": 90,
    "calls": 400,
    "alarms": 730,
    "appeals": 1_095,
    "verdicts": 1_095,
    "registers": 730,
    "findings": 1_095,
    "complaints": 730,
    "complainers": 180,
    "audit": 1_095,
    "outbox": 30,
}
"""`records` as they came; `numbers` and names, after which calls have pseudonyms only; entries of `registers` since they are over;
`findings` of the trunk audit since they were closed;
`complaints` since they were answered, and of `complainers` what they wrote, numbers in it; `audit`: who saw which number; `outbox`: what
webhooks could not be told."""
MAX_DAYS = 36_500
CHUNK_ROWS = 2_000

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
            raise UserError(N_("'%(kind)s' is no kind of data; there are %(kinds)s"), kind=kind, kinds=", ".join(DEFAULT_DAYS))
        if not 1 <= days <= MAX_DAYS:
            raise UserError(N_("%(kind)s cannot be kept for %(days)s days; use 1 to %(most)s"), kind=kind, days=days, most=MAX_DAYS)
    with database.write() as connection:
        now = _kept(connection) | dict(changes)
        if now["records"] > now["numbers"]:
            words = N_("records hold numbers, so %(records)s days of them are too many while numbers have %(numbers)s")
            raise UserError(words, records=now["records"], numbers=now["numbers"])
        for kind, days in changes.items():
            connection.execute(delete(retention).where(retention.c.kind == kind))
            connection.execute(retention.insert().values(kind=kind, days=days))
            note(connection, who, "keep", kind, f"{days} days")
    return now


def expire(database: Database, now_ms: int, is_stopped: Callable[[], bool] = lambda: False) -> dict[str, int]:
    """Delete what is older than its kind is kept, or less where `is_stopped` comes true.

    Gives the rows deleted by kind, or by table where they end by themselves; of numbers those emptied, of records on PostgreSQL the days.
    """
    before_ms = {kind: now_ms - days * DAY_MS for kind, days in kept(database).items()}
    gone = dict.fromkeys(DEFAULT_DAYS, 0)
    rules = [(table, table.info.get(LASTS)) for table in every_table()]
    for table, rule in rules:
        if isinstance(rule, Kept):
            gone[rule.kind] += _delete(database, table, rule.is_over(table.c, before_ms[rule.kind]), is_stopped)
        elif isinstance(rule, Ends):
            gone[table.name] = _delete(database, table, rule.is_over(table.c, now_ms), is_stopped)
    for table, rule in rules:
        if isinstance(rule, GoesWith):
            gone[rule.kind] += _delete(database, table, rule.is_left(table.c), is_stopped)
    gone["complaints"] += _in_chunks(database, ageing.over(before_ms["complaints"], CHUNK_ROWS), is_stopped)
    gone["complainers"] += _in_chunks(database, ageing.silenced(before_ms["complainers"], CHUNK_ROWS), is_stopped)
    ageing.forget_the_rest(database, before_ms["complaints"])
    gone["numbers"] = _empty_parties(database, day_of(before_ms["numbers"]), is_stopped)
    # by then no call refers to them, and an alarm that was told of later does without
    forgotten = parties.c.sealed.is_(None) & (parties.c.last_day < day_of(min(before_ms["calls"], before_ms["alarms"])) - 1)
    gone["pseudonyms"] = _delete(database, parties, forgotten, is_stopped)
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
    key = list(table.primary_key.columns)
    some = select(*key).where(is_over).limit(CHUNK_ROWS)
    mine = tuple_(*key).in_(some) if len(key) > 1 else key[0].in_(some)
    return _in_chunks(database, delete(table).where(mine), is_stopped)


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
