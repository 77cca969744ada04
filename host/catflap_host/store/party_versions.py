"""Numbers and names under the newest keys: sealed and named anew, and one row of two where a text was met under both versions."""

from functools import partial

from sqlalchemy import Connection, Table, delete, select, update

from catflap_host.every_table import every_table
from catflap_host.store.columns import split_members
from catflap_host.store.parties import open_text, seal_text
from catflap_host.store.sealed import PARTY
from catflap_host.store.tables import alarms, audit, parties, probes
from catflap_host.store.vault import SealError
from catflap_host.store.walk import Rows, Walk


class PartyVersions:
    """One pass; `unreadable` counts rows that no key opens. A text whose time is over keeps its old pseudonym: nobody can make another."""

    def __init__(self, walk: Walk) -> None:
        self._walk = walk
        self._vault = walk.database.vault
        self._is_older = ~parties.c.pseudonym.startswith(f"{self._vault.version}.", autoescape=True)
        self._twins: dict[int, int] = {}  # row under an older version: row of the same text under the newest
        self._audited: set[str] = set()
        self.unreadable = 0

    def bring_up(self) -> int:
        """Bring all under the newest keys; how many rows that were."""
        with self._walk.database.read() as connection:
            self._audited = set(connection.execute(select(audit.c.about).distinct()).scalars())
        named = self._walk.through(parties, self._name, self._is_older, parties.c.sealed.is_not(None))
        if self._twins:
            for table in every_table():
                if any(PARTY in column.info for column in table.columns):
                    self._walk.through(table, partial(self._repoint, table))
            self._walk.through(alarms, self._repoint_alarms)
            if not self._walk.is_stopped():
                named += self._walk.through(parties, self._unite, self._is_older)
        return named

    def _name(self, connection: Connection, rows: Rows) -> int:
        texts: dict[int, str] = {}
        unreadable = 0
        for row in rows:
            try:
                texts[row["id"]] = open_text(self._vault, row["pseudonym"], row["sealed"])
            except SealError:
                unreadable += 1
        names = {row: self._vault.pseudonym(text) for row, text in texts.items()}
        taken = self._rows_of(connection, set(names.values()))
        twins, named = {}, 0
        for row in rows:
            if (name := names.get(row["id"])) is None:
                continue
            if name in taken:
                twins[row["id"]] = taken[name]
                continue
            taken[name] = row["id"]
            values = {"pseudonym": name, "sealed": seal_text(self._vault, name, texts[row["id"]])}
            connection.execute(update(parties).where(parties.c.id == row["id"]).values(**values))
            self._rename_in_audit(connection, row["pseudonym"], name)
            named += 1
        self._twins |= twins
        self.unreadable += unreadable
        return named

    def _rows_of(self, connection: Connection, names: set[str]) -> dict[str, int]:
        query = select(parties.c.pseudonym, parties.c.id).where(parties.c.pseudonym.in_(names))
        return {name: row for name, row in connection.execute(query)}

    def _rename_in_audit(self, connection: Connection, before: str, after: str) -> None:
        """Whose number was seen must be known when the old key is not."""
        if before in self._audited:
            connection.execute(update(audit).where(audit.c.about == before).values(about=after))

    def _repoint(self, table: Table, connection: Connection, rows: Rows) -> int:
        names = [column.name for column in table.columns if PARTY in column.info]
        changed = 0
        for row in rows:
            values = {name: self._twins[row[name]] for name in names if row[name] in self._twins}
            if not values:
                continue
            changed += 1
            key = {column.name: row[column.name] for column in table.primary_key.columns}
            moved = {name: values.get(name, value) for name, value in key.items()}
            mine = [table.c[name] == value for name, value in key.items()]
            there = select(table).where(*(table.c[name] == value for name, value in moved.items()))
            if moved != key and connection.execute(there).first():
                connection.execute(delete(table).where(*mine))
            else:
                connection.execute(update(table).where(*mine).values(**values))
        return changed

    def _repoint_alarms(self, connection: Connection, rows: Rows) -> int:
        # a worker that adds members holds their probe: it has read none that it will write again
        names = sorted({row["probe"] for row in rows})
        connection.execute(select(probes.c.probe).where(probes.c.probe.in_(names)).order_by(probes.c.probe).with_for_update())
        changed = 0
        for row in rows:
            members = split_members(row["members"])
            if not self._twins.keys().isdisjoint(members):
                joined = ";".join(map(str, dict.fromkeys(self._twins.get(member, member) for member in members)))
                connection.execute(update(alarms).where(alarms.c.id == row["id"]).values(members=joined))
                changed += 1
        return changed

    def _unite(self, connection: Connection, rows: Rows) -> int:
        """Nothing refers to the older row any more: the newer one takes its day."""
        gone = [row for row in rows if row["id"] in self._twins]
        for row in gone:
            kept = parties.c.id == self._twins[row["id"]]
            day = row["last_day"]
            later = update(parties).where(kept, parties.c.last_day < day).values(last_day=day)
            connection.execute(later)
            (name,) = connection.execute(select(parties.c.pseudonym).where(kept)).one()
            self._rename_in_audit(connection, row["pseudonym"], name)
            connection.execute(delete(parties).where(parties.c.id == row["id"]))
        return len(gone)
