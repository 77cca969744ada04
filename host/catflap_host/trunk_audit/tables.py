"""Findings of the trunk audit, what they are about sealed, and how each was followed up."""

import json
from collections.abc import Mapping

from sqlalchemy import Column, Connection, Index, LargeBinary, RowMapping, Table, Text, select

from catflap_host.store.lasting import GoesWith, Kept, lasts
from catflap_host.store.sealed import resealed_by, sealed_in
from catflap_host.store.tables import Whole, metadata
from catflap_host.store.vault import Vault


def key_text(kind: str, contract: str, subject: str) -> str:
    """What makes a finding the same as an earlier one."""
    return "\x1f".join(["finding", kind, contract, subject])


def place(key: str) -> bytes:
    """What ties a finding's sealed part to its row."""
    return f"finding {key}".encode()


def event_place(row: Mapping[str, object] | RowMapping) -> bytes:
    """What ties the sealed text of an event to its row."""
    return f"finding event {row['finding']} {row['at_ms']}".encode()


def _reseal(_: Connection, vault: Vault, row: RowMapping) -> Mapping[str, object]:
    if vault.is_newest(row["sealed"]):
        return {}
    plain = vault.open(row["sealed"], place(row["key"]))
    key = vault.pseudonym(key_text(row["kind"], row["contract"], json.loads(plain)["subject"]))
    return {"key": key, "sealed": vault.seal(plain, place(key))}


findings = Table(
    "trunk_findings",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("contract", Text, nullable=False),
    Column("customer", Text, nullable=False),
    Column("access_by", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # subject and details, JSON
    Column("state", Text, nullable=False),
    Column("calls", Whole, nullable=False),
    Column("first_ms", Whole, nullable=False),
    Column("last_ms", Whole, nullable=False),
    Column("call_ids", Text, nullable=False),  # rows of `calls`, joined by `;`
    Column("raised_ms", Whole, nullable=False),
    Column("changed_ms", Whole, nullable=False),
    Column("due_ms", Whole, nullable=False),  # 0: nothing is due
    sqlite_strict=True,
    info=resealed_by(_reseal) | lasts(Kept("findings", lambda c, before_ms: (c.state == "closed") & (c.changed_ms < before_ms))),
)
Index("trunk_findings_by_key", findings.c.key)
Index("trunk_findings_by_state", findings.c.state, findings.c.id)

events = Table(
    "trunk_finding_events",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("finding", Whole, nullable=False),
    Column("at_ms", Whole, nullable=False),
    Column("who", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # what was said
    sqlite_strict=True,
    info=sealed_in("sealed", event_place) | lasts(GoesWith("findings", lambda c: c.finding.not_in(select(findings.c.id)))),
)
Index("trunk_finding_events_by_finding", events.c.finding)
