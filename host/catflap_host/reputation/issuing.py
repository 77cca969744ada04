"""Our own list, issued: numbered, remembered, and with what must be taken back of the lists before it."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from catflap_host.correlate.views import Group
from catflap_host.judged import appeals
from catflap_host.reputation import own, tables
from catflap_host.reputation.document import DAY_MS, LIFE_MS, Document, Withdrawal
from catflap_host.store.database import Database
from catflap_host.store.vault import Vault

SLACK_MS = DAY_MS
"""A number that is listed all the time is written down once a day."""
PIECE = 500


def issue(database: Database, groups: Iterable[Group], issuer: str, told_to: str, now_ms: int) -> Document:
    """The next list, for whom it is; on disk before it leaves are its number, and which numbers it holds. Raises SealError.

    A number is withdrawn, by name, as long as an earlier list with it may count anywhere; whoever was never listed is not named.
    """
    appealed = appeals.newest(database)
    entries = own.entries(database, groups, appealed, now_ms)
    expires_ms = now_ms + LIFE_MS
    _remember(database, [entry.number for entry in entries], expires_ms)
    for is_last in (False, True):
        try:
            with database.write() as connection:
                withdrawals = _withdrawals(connection, database.vault, appealed, now_ms)
                newest = connection.execute(select(func.max(tables.issues.c.sequence))).scalar() or 0
                # a clock that was put back must not make an older list of a newer one
                sequence = max(now_ms, int(newest) + 1)
                row = {"sequence": sequence, "issued_ms": now_ms, "expires_ms": expires_ms, "told_to": told_to}
                connection.execute(insert(tables.issues), row | {"entries": len(entries), "withdrawals": len(withdrawals)})
            return Document(issuer, sequence, now_ms, expires_ms, entries, withdrawals)
        except IntegrityError:
            # another worker issued one at the same moment
            if is_last:
                raise
    raise AssertionError


def _withdrawals(connection: Connection, vault: Vault, appealed: Mapping[str, appeals.Appeal], now_ms: int) -> list[Withdrawal]:
    upheld = [appeal for appeal in appealed.values() if appeal.state is appeals.State.UPHELD]
    named = {name: appeal for appeal in upheld for name in vault.pseudonyms(appeal.number)}
    until = _until(connection, list(named))
    gone = {named[name].number: named[name].decided_ms for name, until_ms in until.items() if until_ms > now_ms}
    return [Withdrawal(number, decided_ms) for number, decided_ms in sorted(gone.items())]


def _remember(database: Database, numbers: Sequence[str], expires_ms: int) -> None:
    named = {database.vault.pseudonym(number): number for number in numbers}
    with database.read() as connection:
        known = _until(connection, list(named))
    late = [name for name in named if known.get(name, 0) < expires_ms]
    for at in range(0, len(late), PIECE):
        names = late[at : at + PIECE]
        sealed = {name: database.vault.seal(named[name].encode(), tables.listed_place(name)) for name in names}
        held = [{"pseudonym": name, "sealed_number": sealed[name], "until_ms": expires_ms + SLACK_MS} for name in sorted(names)]
        with database.write() as connection:
            connection.execute(delete(tables.listed).where(tables.listed.c.pseudonym.in_(names)))
            connection.execute(insert(tables.listed), held)


def _until(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at in range(0, len(names), PIECE):
        query = select(tables.listed.c.pseudonym, tables.listed.c.until_ms).where(tables.listed.c.pseudonym.in_(names[at : at + PIECE]))
        found.update({row.pseudonym: row.until_ms for row in connection.execute(query)})
    return found
