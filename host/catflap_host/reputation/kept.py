"""Lists of partners, kept: a newer one takes the older one's place, an older one is never taken again, a withdrawal counts at once."""

import json
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from catflap_host.errors import UserError
from catflap_host.judged import appeals
from catflap_host.reputation import tables
from catflap_host.reputation.document import Class, Document, Evidence, ListError, read_evidence
from catflap_host.reputation.laying import PIECE, WITHDRAWN, clear, lay, rows_of
from catflap_host.reputation.partners import Partner
from catflap_host.store.database import Database

PROBES_KIND = "simbank"
"""The probes' feed is of pools."""
FOR_PROBES_WEIGHT = 4_000
"""Weaker ones are for people alone."""
_SPANS = 2**31
_WHOLE_TRUST = 100
_DISPUTED = 2
"""So many times less an entry weighs while an appeal against it is open."""


_IS_OF_LIST = (tables.sources.c.source == tables.entries.c.source) & tables.entries.c.place.between(
    tables.sources.c.base, tables.sources.c.base + tables.SPAN - 1
)


@dataclass(frozen=True, slots=True)
class Source:
    """A partner whose list was taken, and how much of it counts now."""

    source: str
    key_id: str
    issuer: str
    sequence: int
    taken_ms: int
    expires_ms: int
    entries: int


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a partner thinks of a number: `weight` is its confidence as far as we trust it (0 ... 10000), `evidence` what it says why.

    `appeal` is `upheld` where it withdrew the number, at `last_ms`; then it weighs nothing and is of no kind.
    """

    source: str
    kind: str
    weight: int
    last_ms: int
    appeal: str
    evidence: tuple[Evidence, ...]


def take(database: Database, partner: Partner, found: Document, own_key_id: str, now_ms: int) -> None:
    """Keep a list that the partner's key signed in place of its last one. Raises ListError for one that is not newer, or our own.

    It is laid beside the last one piece by piece, so that no probe waits for it, and counts from one moment on, as a whole.
    """
    if partner.key_id == own_key_id:
        raise ListError("it is our own list, which comes back to us")
    rows = list(rows_of(found, now_ms))
    base = tables.SPAN * secrets.randbelow(_SPANS)
    with database.read() as connection:
        _refuse_older(connection, partner, found)
    for at in range(0, len(rows), PIECE):
        lay(database, partner.name, base + at, rows[at : at + PIECE])
    head = {
        "source": partner.name,
        "key_id": partner.key_id,
        "issuer": found.issuer,
        "sequence": found.sequence,
        "taken_ms": now_ms,
        "expires_ms": found.expires_ms,
        "base": base,
    }
    with database.write() as connection:
        _refuse_older(connection, partner, found)
        mine = (tables.entries.c.source == partner.name) & tables.entries.c.place.between(base, base + tables.SPAN - 1)
        if connection.execute(select(func.count()).select_from(tables.entries).where(mine)).scalar_one() != len(rows):
            raise ListError(f"another list of {partner.name} was taken at the same moment; send it again")
        connection.execute(delete(tables.sources).where(tables.sources.c.source == partner.name))
        connection.execute(insert(tables.sources), head)
    clear(database, partner.name, base)


def listed(database: Database, now_ms: int) -> list[Source]:
    """All partners whose list was taken, by name."""
    counted = (tables.entries.c.appeal != WITHDRAWN) & (tables.entries.c.expires_ms > now_ms)
    counts = select(tables.entries.c.source, func.count()).join(tables.sources, _IS_OF_LIST).where(counted)
    with database.read() as connection:
        entries = {source: count for source, count in connection.execute(counts.group_by(tables.entries.c.source))}
        rows = connection.execute(select(tables.sources).order_by(tables.sources.c.source)).all()
    return [
        Source(
            *(row.source, row.key_id, row.issuer, row.sequence, row.taken_ms, row.expires_ms),
            entries=entries.get(row.source, 0) if row.expires_ms > now_ms else 0,
        )
        for row in rows
    ]


def drop(database: Database, source: str) -> None:
    """Let a partner's list count no more; an older one of its key is still not taken again. Raises UserError."""
    if not clear(database, source, None):
        raise UserError(f"no list of '{source[:80]}' counts; `catflap host list taken` shows those that do")


def opinions(database: Database, shown: str, now_ms: int) -> list[Opinion]:
    """What partners think of a number as a line shows it, the weightiest first; lists and entries that are over say nothing."""
    entries, forms, sources, partners = tables.entries.c, tables.forms.c, tables.sources.c, tables.partners.c
    query = (
        select(entries.source, entries.kind, entries.confidence, partners.trust, entries.last_ms, entries.appeal, entries.evidence)
        .distinct()
        .join(tables.forms, (forms.source == entries.source) & (forms.place == entries.place))
        .join(tables.sources, _IS_OF_LIST)
        .join(tables.partners, partners.name == entries.source)
        .where(forms.pseudonym.in_(database.vault.pseudonyms(shown)), sources.expires_ms > now_ms, entries.expires_ms > now_ms)
    )
    with database.read() as connection:
        rows = connection.execute(query).all() if shown else []
    found = [
        Opinion(
            row.source,
            row.kind,
            weight(row.confidence, row.trust, row.appeal),
            row.last_ms,
            row.appeal,
            read_evidence(json.loads(row.evidence)) if row.kind else (),
        )
        for row in rows
    ]
    return sorted(found, key=lambda opinion: (-opinion.weight, opinion.source))


def weight(confidence: int, trust: int, appeal: str) -> int:
    """What an entry is worth with us: evidence beside our own, never proof."""
    if appeal == WITHDRAWN:
        return 0
    return confidence * trust // _WHOLE_TRUST // (_DISPUTED if appeal == "open" else 1)


def for_probes(database: Database, now_ms: int, most: int) -> list[str]:
    """Numbers that trusted partners found to be a pool's, the weightiest first, each once, and none that we found to be wronged.

    Raises SealError.
    """
    entries, sources, partners = tables.entries.c, tables.sources.c, tables.partners.c
    weighed = entries.confidence * partners.trust
    query = (
        select(entries.source, entries.place, entries.sealed_number, entries.evidence)
        .join(tables.sources, _IS_OF_LIST)
        .join(tables.partners, partners.name == entries.source)
        .where(partners.for_probes, sources.expires_ms > now_ms, entries.expires_ms > now_ms, entries.kind == PROBES_KIND)
        .where(weighed >= FOR_PROBES_WEIGHT * _WHOLE_TRUST, entries.appeal.not_in(["open", WITHDRAWN]))
        .order_by(weighed.desc(), entries.last_ms.desc(), entries.source, entries.place)
    )
    found: dict[str, None] = {}
    with database.read() as connection:
        wronged = appeals.wronged(connection)
        for row in connection.execute(query):
            if not any(one.what is Class.POOL for one in read_evidence(json.loads(row.evidence))):
                continue
            number = database.vault.open(row.sealed_number, tables.entry_place(row.source, row.place)).decode()
            if wronged.isdisjoint(database.vault.pseudonyms(number)):
                found[number] = None
            if len(found) >= most:
                break
    return list(found)


def _refuse_older(connection: Connection, partner: Partner, found: Document) -> None:
    last = connection.execute(select(tables.sources).where(tables.sources.c.source == partner.name)).first()
    if last and last.key_id == partner.key_id and last.sequence >= found.sequence:
        raise ListError(f"{partner.name} has sent a newer one or this one before (sequence {last.sequence})")
