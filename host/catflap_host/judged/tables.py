"""The tables of verdicts and appeals: a number sealed, found by a pseudonym of every form that a line shows."""

from collections.abc import Mapping

from sqlalchemy import Column, Connection, Index, LargeBinary, RowMapping, Table, Text, delete, insert, select

from catflap_host.number_form import shown_forms
from catflap_host.store.lasting import GoesWith, Kept, lasts
from catflap_host.store.sealed import resealed_by
from catflap_host.store.tables import Whole, metadata
from catflap_host.store.vault import Vault


def number_place(appeal: str) -> bytes:
    """What ties an appeal's sealed number to its row."""
    return f"appeal {appeal} number".encode()


def statement_place(appeal: str) -> bytes:
    """What ties an appeal's sealed statement to its row."""
    return f"appeal {appeal} statement".encode()


def forms_of(vault: Vault, appeal: str, number: str) -> list[dict[str, object]]:
    """The rows by which a number is found, whatever form of it a line shows."""
    return [{"pseudonym": vault.pseudonym(form), "appeal": appeal} for form in shown_forms(number)]


def _reseal(connection: Connection, vault: Vault, row: RowMapping) -> Mapping[str, object]:
    if vault.is_newest(row["sealed_number"]):
        return {}
    appeal = row["id"]
    number = vault.open(row["sealed_number"], number_place(appeal))
    connection.execute(delete(appeal_forms).where(appeal_forms.c.appeal == appeal))
    connection.execute(insert(appeal_forms), forms_of(vault, appeal, number.decode()))
    return {
        "sealed_number": vault.seal(number, number_place(appeal)),
        "sealed_statement": vault.resealed(row["sealed_statement"], statement_place(appeal)),
    }


verdicts = Table(
    "verdicts",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("about", Text, nullable=False),  # `alarm` or `call`
    Column("subject", Whole, nullable=False),  # the row of `alarms` or `calls`
    Column("verdict", Text, nullable=False),  # `true` or `false`
    Column("note", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at_ms", Whole, nullable=False),
    info=lasts(Kept("verdicts", lambda c, before_ms: c.at_ms < before_ms)),
)
Index("verdicts_by_subject", verdicts.c.about, verdicts.c.subject)
Index("verdicts_by_time", verdicts.c.at_ms)

appeals = Table(
    "appeals",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sealed_number", LargeBinary, nullable=False),
    Column("sealed_statement", LargeBinary, nullable=False),
    Column("about", Text, nullable=False),  # `stopped` or `listed`
    Column("source", Text, nullable=False),  # the house that told of it, empty: it came to us
    Column("state", Text, nullable=False),  # `open`, `upheld` or `rejected`
    Column("received_ms", Whole, nullable=False),
    Column("decided_ms", Whole, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("answer", Text, nullable=False),
    info=resealed_by(_reseal) | lasts(Kept("appeals", lambda c, before_ms: c.received_ms < before_ms)),
)
Index("appeals_by_time", appeals.c.received_ms)

appeal_forms = Table(
    "appeal_forms",
    metadata,
    Column("pseudonym", Text, primary_key=True),
    Column("appeal", Text, primary_key=True),
    info=lasts(GoesWith("appeals", lambda c: c.appeal.not_in(select(appeals.c.id)))),
)
Index("appeal_forms_by_appeal", appeal_forms.c.appeal)
