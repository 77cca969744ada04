"""Databases as the thin whole wrote them (schema 1 to 3, numbers in the clear): set aside, then brought over into today's tables."""

import sqlite3
from collections.abc import Iterator

from sqlalchemy import Connection

from catflap_host.store.parties import NOBODY, day_of, seal_text
from catflap_host.store.places import record_place
from catflap_host.store.vault import Vault

_SCHEMAS = (1, 2, 3)
_TABLES = ("probes", "boots", "records", "calls", "alarms", "record_counts", "call_counts")
_INDEXES = ("records_by_time", "calls_by_label", "calls_by_action")
_TRIGGERS = ("record_counted", "call_counted", "call_decided_again")
_KINDS_OF_NUMBER = ("number_kind", "country", "holder", "place")
_PLAIN_COLUMNS = (
    "id, probe, boot, trunk, line, call, at_ms, decided_ms, direction, presentation, channel, label, score, action, shadow, reasons, "
    "model, ended_ms, final_label, rings, ring_ms, answered_ms, outcome, number_kind, country, holder, place"
)


def set_aside(connection: Connection) -> bool:
    """Rename the tables of the thin whole to `old_...`; False where there are none."""
    driver = _driver(connection)
    (schema,) = driver.execute("PRAGMA user_version").fetchone()
    if schema not in _SCHEMAS:
        return False
    for kind, names in (("TRIGGER", _TRIGGERS), ("INDEX", _INDEXES)):
        for name in names:
            driver.execute(f"DROP {kind} {name}")
    if schema == 1:
        for name in _KINDS_OF_NUMBER:
            driver.execute(f"ALTER TABLE calls ADD COLUMN {name} TEXT NOT NULL DEFAULT ''")
    if schema < 3:
        driver.execute("ALTER TABLE probes ADD COLUMN epoch INTEGER NOT NULL DEFAULT 0")
    for name in _TABLES:
        driver.execute(f"ALTER TABLE {name} RENAME TO old_{name}")
    return True


def bring_over(connection: Connection, vault: Vault) -> None:
    """Copy everything set aside into the new tables, numbers and records sealed, under the same ids; then drop it."""
    driver = _driver(connection)
    # what is dropped below is overwritten, lest numbers stay readable in pages that are free
    driver.execute("PRAGMA secure_delete = ON")
    probes = "probe, key, enrolled_ms, epoch, last_batch_ms, last_useful_ms, dropped, dropped_alerts, last_drop_ms"
    boots = "probe, boot, ack, mono_ms, wall_ms, received_ms"
    driver.execute(f"INSERT INTO probes ({probes}) SELECT {probes} FROM old_probes")  # noqa: S608 - our own names
    driver.execute(f"INSERT INTO boots ({boots}) SELECT {boots} FROM old_boots")  # noqa: S608 - our own names
    driver.execute("INSERT INTO record_counts (kind, shard, n) SELECT kind, 0, n FROM old_record_counts")
    driver.execute("INSERT INTO call_counts (label, action, shard, n) SELECT label, action, 0, n FROM old_call_counts")
    _bring_records(driver, vault)
    book = _Book()
    _bring_calls(driver, book)
    _bring_alarms(driver, book)
    driver.executemany("INSERT INTO parties (id, pseudonym, sealed, last_day) VALUES (?, ?, ?, ?)", book.rows(vault))
    for name in _TABLES:
        driver.execute(f"DROP TABLE old_{name}")


class _Book:
    """The texts met so far, each with its row number and the last day it was seen."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {}
        self._days: dict[str, int] = {}

    def party(self, text: str, moment_ms: int) -> int:
        if not text:
            return NOBODY
        self._days[text] = max(self._days.get(text, 0), day_of(moment_ms))
        return self._ids.setdefault(text, len(self._ids) + 1)

    def rows(self, vault: Vault) -> Iterator[tuple[int, str, bytes, int]]:
        for text, row_id in self._ids.items():
            pseudonym = vault.pseudonym(text)
            yield row_id, pseudonym, seal_text(vault, pseudonym, text), self._days[text]


def _bring_records(driver: sqlite3.Connection, vault: Vault) -> None:
    def rows() -> Iterator[tuple[object, ...]]:
        query = "SELECT id, probe, boot, seq, kind, received_ms, call_id, alarm_id, body FROM old_records ORDER BY id"
        for *columns, body in driver.execute(query):
            yield *columns, vault.seal(body.encode(), record_place(columns[1], columns[2], columns[3]))

    driver.executemany(
        "INSERT INTO records (id, probe, boot, seq, kind, received_ms, call_id, alarm_id, sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows(),
    )


def _bring_calls(driver: sqlite3.Connection, book: _Book) -> None:
    # a call's first record says when it came
    driver.execute(
        "CREATE TEMP TABLE told AS SELECT call_id, min(received_ms) AS received_ms FROM records WHERE call_id > 0 GROUP BY call_id"
    )
    driver.execute("CREATE INDEX told_by_call ON told (call_id)")
    names = [name.strip() for name in _PLAIN_COLUMNS.split(",")]

    def rows() -> Iterator[tuple[object, ...]]:
        columns = ", ".join(f"old_calls.{name}" for name in names)
        told = "FROM old_calls LEFT JOIN told ON call_id = id ORDER BY id"
        query = f"SELECT calling, name, called, coalesce(received_ms, at_ms), {columns} {told}"
        for calling, name, called, received_ms, *plain in driver.execute(query):
            parties = [book.party(text, received_ms) for text in (calling, name, called)]
            yield (*plain, *parties, received_ms)

    marks = ", ".join("?" * (len(names) + 4))
    driver.executemany(
        f"INSERT INTO calls ({_PLAIN_COLUMNS}, calling_party, name_party, called_party, received_ms) VALUES ({marks})",  # noqa: S608
        rows(),
    )
    driver.execute("DROP TABLE told")


def _bring_alarms(driver: sqlite3.Connection, book: _Book) -> None:
    def rows() -> Iterator[tuple[object, ...]]:
        query = (
            "SELECT id, probe, boot, trunk, alarm, raised_ms, at_ms, received_ms, kind, score, reasons, members FROM old_alarms ORDER BY id"
        )
        for *columns, members in driver.execute(query):
            ids = [book.party(member, columns[7]) for member in members.split(";") if member]
            yield *columns, ";".join(map(str, ids))

    driver.executemany(
        "INSERT INTO alarms (id, probe, boot, trunk, alarm, raised_ms, at_ms, received_ms, kind, score, reasons, members) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        rows(),
    )


def _driver(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver
