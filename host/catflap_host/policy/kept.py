"""Policies kept: drafts that never change once written, approvals, and what was published when; every step is in the audit."""

import time
from dataclasses import asdict, dataclass

from sqlalchemy import Connection, Row, Select, func, insert, select, update

from catflap_host.errors import UserError
from catflap_host.language.marking import N_
from catflap_host.policy import tables
from catflap_host.policy.document import Document, parse
from catflap_host.store.database import Database
from catflap_host.store.unmask import note as note_audit

PUBLISH, ROLL_BACK, MEMBERS, RESTORED = "publish", "roll-back", "members", "restored"
SECOND_PERSON = "second-person"
MAX_NOTE = 500
_NO_VERSION = N_("there is no policy of version %(version)s")
_VERSIONS = select(tables.versions.c.version, tables.versions.c.at_ms, tables.versions.c.author, tables.versions.c.note)


class StateError(UserError):
    """What is asked does not fit the state that the policy is in."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version as it was written, without its text."""

    version: int
    at_ms: int
    author: str
    note: str
    approved_by: list[str]


@dataclass(frozen=True, slots=True)
class Release:
    """A version that was published; `bytes` is 0 until it is compiled, `why` one of `publish`, `roll-back`, `members`, `restored`."""

    serial: int
    version: int
    at_ms: int
    who: str
    why: str
    bytes: int


@dataclass(frozen=True, slots=True)
class ProbePolicy:
    """Which policy a probe has: its serial number (0: none), the version, the one that it refused (0: none), and since when."""

    probe: str
    serial: int
    version: int
    refused: int
    since_ms: int


def draft(database: Database, text: str, author: str, note: str) -> int:
    """Keep a policy's text as the next version. Raises DocumentError."""
    parse(text)
    with database.write() as connection:
        version = 1 + (connection.execute(select(func.max(tables.versions.c.version))).scalar() or 0)
        row = {"version": version, "at_ms": _now_ms(), "author": author, "note": note.strip()[:MAX_NOTE]}
        sealed = database.vault.seal(text.encode(), tables.version_place(version))
        connection.execute(insert(tables.versions), {**row, "sealed": sealed})
        note_audit(connection, author, "policy-draft", str(version), note.strip()[:MAX_NOTE])
    return version


def versions(database: Database, limit: int) -> list[Version]:
    """The newest versions, newest first."""
    with database.read() as connection:
        return _versions(connection, _VERSIONS.order_by(tables.versions.c.version.desc()).limit(limit))


def version_of(database: Database, version: int) -> Version:
    """One of them. Raises StateError where there is none."""
    with database.read() as connection:
        found = _versions(connection, _VERSIONS.where(tables.versions.c.version == version))
    if not found:
        raise StateError(_NO_VERSION, version=version)
    return found[0]


def text_of(database: Database, version: int) -> str:
    """A version as it was written. Raises StateError where there is none."""
    with database.read() as connection:
        sealed = connection.execute(select(tables.versions.c.sealed).where(tables.versions.c.version == version)).scalar()
    if sealed is None:
        raise StateError(_NO_VERSION, version=version)
    return database.vault.open(sealed, tables.version_place(version)).decode()


def document_of(database: Database, version: int) -> Document:
    """A version, read. Raises StateError; DocumentError if it was written by a program that knew more."""
    return parse(text_of(database, version))


def approve(database: Database, version: int, who: str) -> None:
    """Say that a version may be published. Raises StateError: its author may not, and nobody twice."""
    approvals = tables.approvals
    with database.write() as connection:
        row = _version(connection, version)
        if row.author == who:
            raise StateError(N_("version %(version)s is %(who)s's own; somebody else has to approve it"), version=version, who=who)
        mine = (approvals.c.version == version) & (approvals.c.who == who)
        if connection.execute(select(approvals).where(mine)).first():
            raise StateError(N_("%(who)s has approved version %(version)s already"), version=version, who=who)
        connection.execute(insert(approvals), {"version": version, "who": who, "at_ms": _now_ms()})
        note_audit(connection, who, "policy-approve", str(version), "")


def publish(database: Database, version: int, who: str) -> Release:
    """Have probes take a version. Raises StateError where it is in force, or not approved though it must be."""
    with database.write() as connection:
        _version(connection, version)
        now = _newest(connection)
        if now and now.version == version:
            raise StateError(N_("version %(version)s is in force"), version=version)
        is_approved = connection.execute(select(tables.approvals.c.who).where(tables.approvals.c.version == version)).first()
        if _needs_second(connection) and not is_approved:
            raise StateError(N_("version %(version)s was approved by nobody; a second person has to"), version=version)
        return add_release(connection, version, who, PUBLISH)


def roll_back(database: Database, who: str) -> Release:
    """Have probes take the version again that was in force before this one. Raises StateError where there is none."""
    with database.write() as connection:
        before = _before(connection)
        if before is None:
            raise StateError(N_("no other version was published before"))
        return add_release(connection, before, who, ROLL_BACK)


def add_release(connection: Connection, version: int, who: str, why: str, above: int = 0) -> Release:
    """Publish a version in the caller's transaction, under a serial number higher than any before and than `above`."""
    now = _newest(connection)
    now_ms = _now_ms()
    serial = max(now_ms // 1000, above + 1, now.serial + 1 if now else 1)
    release = Release(serial, version, now_ms, who, why, 0)
    connection.execute(insert(tables.releases), {**asdict(release), "inputs": "", "sealed": None})
    note_audit(connection, who, f"policy-{why}", str(version), f"serial {serial}")
    return release


def published(database: Database) -> Release | None:
    """What is in force, None before the first."""
    with database.read() as connection:
        return _newest(connection)


def before(database: Database) -> int | None:
    """The version that `roll_back` would publish."""
    with database.read() as connection:
        return _before(connection)


def releases(database: Database, limit: int) -> list[Release]:
    """What was published, newest first."""
    rows = tables.releases.c
    with database.read() as connection:
        query = select(rows.serial, rows.version, rows.at_ms, rows.who, rows.why, rows.bytes).order_by(rows.serial.desc()).limit(limit)
        return [Release(*row) for row in connection.execute(query)]


def probes(database: Database) -> list[ProbePolicy]:
    """What every probe that takes our policy has, by name."""
    rows, of = tables.probe_policies.c, tables.releases.c
    query = select(rows.probe, rows.serial, func.coalesce(of.version, 0), rows.refused, rows.since_ms)
    query = query.outerjoin(tables.releases, of.serial == rows.serial).order_by(rows.probe)
    with database.read() as connection:
        return [ProbePolicy(*row) for row in connection.execute(query)]


def needs_second_person(database: Database) -> bool:
    """Whether a version must be approved by somebody else than its author before it is published."""
    with database.read() as connection:
        return _needs_second(connection)


def want_second_person(database: Database, is_wanted: bool, who: str) -> None:
    """Say whether it must."""
    settings = tables.settings
    with database.write() as connection:
        if not connection.execute(update(settings).where(settings.c.name == SECOND_PERSON).values(value=int(is_wanted))).rowcount:
            connection.execute(insert(settings), {"name": SECOND_PERSON, "value": int(is_wanted)})
        note_audit(connection, who, "policy-second-person", "on" if is_wanted else "off", "")


def _versions(connection: Connection, query: Select[tuple[int, int, str, str]]) -> list[Version]:
    approvals = tables.approvals
    found = connection.execute(query).all()
    by_version: dict[int, list[str]] = {}
    wanted = approvals.c.version.in_([row.version for row in found])
    for version, who in connection.execute(select(approvals.c.version, approvals.c.who).where(wanted).order_by(approvals.c.at_ms)):
        by_version.setdefault(version, []).append(who)
    return [Version(row.version, row.at_ms, row.author, row.note, by_version.get(row.version, [])) for row in found]


def _needs_second(connection: Connection) -> bool:
    return bool(connection.execute(select(tables.settings.c.value).where(tables.settings.c.name == SECOND_PERSON)).scalar())


def _newest(connection: Connection) -> Release | None:
    rows = tables.releases.c
    query = select(rows.serial, rows.version, rows.at_ms, rows.who, rows.why, rows.bytes).order_by(rows.serial.desc()).limit(1)
    row = connection.execute(query).first()
    return Release(*row) if row else None


def _before(connection: Connection) -> int | None:
    now, rows = _newest(connection), tables.releases.c
    if now is None:
        return None
    older = select(rows.version).where(rows.version != now.version, rows.serial < now.serial)
    return connection.execute(older.order_by(rows.serial.desc()).limit(1)).scalar()


def _version(connection: Connection, version: int) -> Row[tuple[str]]:
    row = connection.execute(select(tables.versions.c.author).where(tables.versions.c.version == version)).first()
    if row is None:
        raise StateError(_NO_VERSION, version=version)
    return row


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
