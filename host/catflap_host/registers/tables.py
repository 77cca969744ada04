"""The tables of the registers: what an entry says is sealed, and found by pseudonyms of its subject and of what makes it the same entry."""

import json
from collections.abc import Mapping

from sqlalchemy import Column, Connection, Index, LargeBinary, RowMapping, Table, Text, select

from catflap_host.registers.kinds import KINDS, Register
from catflap_host.store.lasting import GoesWith, Kept, lasts
from catflap_host.store.sealed import resealed_by
from catflap_host.store.tables import Whole, metadata
from catflap_host.store.vault import Vault


def key_text(register: Register, fields: Mapping[str, str]) -> str:
    """What makes an entry the same as another one."""
    return "\x1f".join([register, *(fields[name] for name in KINDS[register].key)])


def place(key: str) -> bytes:
    """What ties an entry's sealed fields to its row."""
    return f"register {key}".encode()


def _reseal(_: Connection, vault: Vault, row: RowMapping) -> Mapping[str, object]:
    if vault.is_newest(row["sealed"]):
        return {}
    plain = vault.open(row["sealed"], place(row["key"]))
    register, fields = Register(row["register"]), json.loads(plain)
    key = vault.pseudonym(key_text(register, fields))
    return {"key": key, "subject": vault.pseudonym(fields[KINDS[register].subject]), "sealed": vault.seal(plain, place(key))}


entries = Table(
    "register_entries",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("register", Text, nullable=False),
    Column("subject", Text, nullable=False),  # pseudonym of a number, range, name or day
    Column("key", Text, nullable=False),  # pseudonym of all fields of which there may be one entry at a time
    Column("sealed", LargeBinary, nullable=False),  # the fields, JSON
    Column("begins_ms", Whole, nullable=False),
    Column("ends_ms", Whole, nullable=False),  # 0: open; not above begins_ms: it never held
    Column("added_ms", Whole, nullable=False),
    sqlite_strict=True,
    info=resealed_by(_reseal) | lasts(Kept("registers", lambda c, before_ms: (c.ends_ms > 0) & (c.ends_ms < before_ms))),
)
Index("register_entries_by_register", entries.c.register, entries.c.id)
Index("register_entries_by_subject", entries.c.subject)
Index("register_entries_by_key", entries.c.key)
Index("register_entries_by_end", entries.c.ends_ms, sqlite_where=entries.c.ends_ms > 0, postgresql_where=entries.c.ends_ms > 0)

# An entry's fields never change: whatever is to be different ends it and adds another one.
history = Table(
    "register_history",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("entry", Whole, nullable=False),
    Column("at_ms", Whole, nullable=False),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("effect_ms", Whole, nullable=False),  # from when on calls may be judged differently
    sqlite_strict=True,
    info=lasts(GoesWith("registers", lambda c: c.entry.not_in(select(entries.c.id)))),
)
Index("register_history_by_entry", history.c.entry)
