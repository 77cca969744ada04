"""Feeds of other houses, kept: a newer one takes the older one's place, an older one is never taken again."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from catflap_host.errors import UserError
from catflap_host.reputation import tables
from catflap_host.reputation.document import Document, Entry, FeedError
from catflap_host.store.database import Database

PIECE = 1_000
PROBES_KIND = "simbank"
"""The probes' feed is of pools."""


@dataclass(frozen=True, slots=True)
class Source:
    """A house whose feed was taken."""

    source: str
    key_id: str
    issuer: str
    serial: int
    taken_ms: int
    expires_ms: int
    for_probes: bool


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a house thinks of a number."""

    source: str
    kind: str
    score: int
    last_ms: int


def take(database: Database, source: str, key_id: str, feed: Document, is_for_probes: bool, now_ms: int) -> None:
    """Keep a verified feed in place of the source's last one. Raises FeedError for one that is not newer, or of another key."""
    mine = tables.sources.c.source == source
    head = {
        "source": source,
        "key_id": key_id,
        "issuer": feed.issuer,
        "serial": feed.serial,
        "taken_ms": now_ms,
        "expires_ms": feed.expires_ms,
        "for_probes": is_for_probes,
    }
    with database.write() as connection:
        last = connection.execute(select(tables.sources).where(mine)).first()
        if last and last.key_id != key_id:
            raise FeedError(f"{source} used to sign with another key ({last.key_id}); `catflap host feed forget {source}` if that is right")
        if last and last.serial >= feed.serial:
            raise FeedError(f"{source} has sent a newer one or this one before (serial {last.serial})")
        _drop(connection, source)
        connection.execute(insert(tables.sources), head)
        for at in range(0, len(feed.entries), PIECE):
            _add(connection, database, source, at, feed.entries[at : at + PIECE])


def listed(database: Database) -> list[Source]:
    """All sources by name."""
    with database.read() as connection:
        return [Source(*row) for row in connection.execute(select(tables.sources).order_by(tables.sources.c.source))]


def forget(database: Database, source: str) -> None:
    """Let a source's feed count no more; its next one may be any. Raises UserError."""
    with database.write() as connection:
        if not _drop(connection, source):
            raise UserError(f"no feed of '{source}' was taken; `catflap host feed list` shows those that were")


def opinions(database: Database, shown: str, now_ms: int) -> list[Opinion]:
    """What other houses think of a number as a line shows it, the surest first; feeds that are over say nothing."""
    entries, forms, sources = tables.entries.c, tables.forms.c, tables.sources.c
    query = (
        select(entries.source, entries.kind, entries.score, entries.last_ms)
        .distinct()
        .join(tables.forms, (forms.source == entries.source) & (forms.place == entries.place))
        .join(tables.sources, sources.source == entries.source)
        .where(forms.pseudonym.in_(database.vault.pseudonyms(shown)), sources.expires_ms > now_ms)
        .order_by(entries.score.desc(), entries.source)
    )
    with database.read() as connection:
        return [Opinion(*row) for row in connection.execute(query)] if shown else []


def for_probes(database: Database, now_ms: int, most: int) -> list[str]:
    """Numbers that trusted houses hold for SIM banks', the surest first, each once. Raises SealError."""
    entries, sources = tables.entries.c, tables.sources.c
    query = (
        select(entries.source, entries.place, entries.sealed_number)
        .join(tables.sources, sources.source == entries.source)
        .where(sources.for_probes, sources.expires_ms > now_ms, entries.kind == PROBES_KIND)
        .order_by(entries.score.desc(), entries.last_ms.desc(), entries.source, entries.place)
        .limit(most)
    )
    with database.read() as connection:
        rows = connection.execute(query).all()
    return list(dict.fromkeys(database.vault.open(row.sealed_number, tables.entry_place(row.source, row.place)).decode() for row in rows))


def _add(connection: Connection, database: Database, source: str, at: int, found: list[Entry]) -> None:
    rows = []
    for place, entry in enumerate(found, at):
        sealed = database.vault.seal(entry.number.encode(), tables.entry_place(source, place))
        rows.append(
            {"source": source, "place": place, "sealed_number": sealed, "kind": entry.kind, "score": entry.score, "last_ms": entry.last_ms}
        )
    connection.execute(insert(tables.entries), rows)
    connection.execute(insert(tables.forms), list(_forms(database, source, at, found)))


def _forms(database: Database, source: str, at: int, found: list[Entry]) -> Iterator[dict[str, object]]:
    for place, entry in enumerate(found, at):
        yield from tables.forms_of(database.vault, source, place, entry.number)


def _drop(connection: Connection, source: str) -> bool:
    connection.execute(delete(tables.forms).where(tables.forms.c.source == source))
    connection.execute(delete(tables.entries).where(tables.entries.c.source == source))
    return connection.execute(delete(tables.sources).where(tables.sources.c.source == source)).rowcount > 0
