"""How the aggregator itself reaches partners, and whose turn it is: one worker at a time, the same for all."""

from dataclasses import dataclass

from sqlalchemy import RowMapping, delete, func, insert, select, update

from catflap_host.errors import UserError
from catflap_host.judged.appeals import State
from catflap_host.judged.tables import appeals
from catflap_host.reputation import partners, tables
from catflap_host.reputation.asking import House, check
from catflap_host.store.database import Database
from catflap_host.store.unmask import note

FETCH_MS = 3_600_000
SEND_MS = 6 * 3_600_000
"""So often where nothing is withdrawn; a list counts for 7 days."""
LEASE_MS = 300_000
"""Whose turn it is is nobody else's for so long, and after a fault it is tried again then."""
MAX_ERROR_CHARS = 300


@dataclass(frozen=True, slots=True)
class Link:
    """How a partner is reached, when its list was last fetched and ours last sent (0: never), and the last fault or nothing."""

    partner: str
    house: House
    fetches: bool
    sends: bool
    fetched_ms: int
    sent_ms: int
    error: str


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be done with a link now."""

    link: Link
    to_fetch: bool
    to_send: bool


def add(database: Database, partner: str, house: House, fetches: bool, sends: bool, who: str) -> None:
    """Fetch a partner's list, or send it ours, or both, from now on; in place of what was there. Raises UserError."""
    partners.named(database, partner)
    check(house)
    if not fetches and not sends:
        raise UserError("say what is to be done by itself: --fetch, --send or both")
    row = {
        "partner": partner,
        "url": house.url,
        "sealed_token": database.vault.seal(house.token.encode(), tables.link_place(partner)),
        "ca": house.ca,
        "fetches": fetches,
        "sends": sends,
        **dict.fromkeys(("fetched_ms", "sent_ms", "next_ms"), 0),
        "error": "",
    }
    with database.write() as connection:
        connection.execute(delete(tables.links).where(tables.links.c.partner == partner))
        connection.execute(insert(tables.links), row)
        note(connection, who, "partner-link", partner, " and ".join(word for word, holds in (("fetch", fetches), ("send", sends)) if holds))


def drop(database: Database, partner: str, who: str) -> None:
    """Reach a partner by ourselves no more. Raises UserError."""
    with database.write() as connection:
        if not connection.execute(delete(tables.links).where(tables.links.c.partner == partner)).rowcount:
            raise UserError(f"'{partner[:80]}' is not linked; `catflap host partner list` shows who is")
        note(connection, who, "partner-unlink", partner, "")


def listed(database: Database) -> list[Link]:
    """All links by partner. Raises SealError."""
    with database.read() as connection:
        rows = connection.execute(select(tables.links).order_by(tables.links.c.partner)).mappings().all()
    return [_read(database, row) for row in rows]


def due(database: Database, now_ms: int) -> list[Due]:
    """The links whose turn it is, which nobody else is given for a while. Raises SealError.

    Our list is sent early where an appeal was upheld since it last was: what is withdrawn is to count at once.
    """
    links = tables.links
    with database.write() as connection:
        upheld = connection.execute(select(func.max(appeals.c.decided_ms)).where(appeals.c.state == State.UPHELD.value)).scalar() or 0
        to_fetch = links.c.fetches & (links.c.fetched_ms <= now_ms - FETCH_MS)
        to_send = links.c.sends & ((links.c.sent_ms <= now_ms - SEND_MS) | (links.c.sent_ms <= upheld))
        taken = update(links).where(links.c.next_ms <= now_ms, to_fetch | to_send).values(next_ms=now_ms + LEASE_MS).returning(*links.c)
        rows = connection.execute(taken).mappings().all()
    found = [_read(database, row) for row in rows]
    return [
        Due(
            link,
            link.fetches and link.fetched_ms <= now_ms - FETCH_MS,
            link.sends and (link.sent_ms <= now_ms - SEND_MS or link.sent_ms <= upheld),
        )
        for link in found
    ]


def done(database: Database, partner: str, **moments_ms: int) -> None:
    """Keep when it was fetched (`fetched_ms`) or sent (`sent_ms`); its next turn may come at any time."""
    with database.write() as connection:
        connection.execute(update(tables.links).where(tables.links.c.partner == partner).values(**moments_ms, next_ms=0, error=""))


def failed(database: Database, partner: str, error: str, now_ms: int) -> None:
    """Keep what was in the way; its next turn comes in LEASE_MS."""
    values = {"error": error[:MAX_ERROR_CHARS], "next_ms": now_ms + LEASE_MS}
    with database.write() as connection:
        connection.execute(update(tables.links).where(tables.links.c.partner == partner).values(values))


def _read(database: Database, row: RowMapping) -> Link:
    token = database.vault.open(row["sealed_token"], tables.link_place(row["partner"])).decode()
    moments_ms = (row["fetched_ms"], row["sent_ms"])
    return Link(row["partner"], House(row["url"], token, row["ca"]), row["fetches"], row["sends"], *moments_ms, row["error"])
