"""The planted calls of a call centre, and what stands in its registers, put into an aggregator's database; and what it found."""

from collections.abc import Iterable
from contextlib import closing

from sqlalchemy import select

from catflap_host.compliance.tables import outgoing_checks
from catflap_host.registers import entries
from catflap_host.registers.entries import Author, Draft
from catflap_host.registers.fields import numbers_plan
from catflap_host.registers.kinds import Register, read_fields
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database
from catflap_host.store.group import Batch
from catflap_host.store.tables import calls
from tests.planted_outgoing import START_MS
from tests.unit.test_host_store import read

BY = Author("li.wei", "as agreed")
END_MS = START_MS + 8 * 86_400_000
BATCH = 400


def enter(database: Database, found: Iterable[tuple[str, int, int, dict[str, str]]]) -> None:
    """Add entries: register, from, until and cells."""
    by_register: dict[str, list[Draft]] = {}
    for register, begins_ms, ends_ms, cells in found:
        fields, faults = read_fields(Register(register), cells, numbers_plan("CN"))
        assert not faults, faults
        by_register.setdefault(register, []).append(Draft(fields, begins_ms, ends_ms))
    for register, drafts in by_register.items():
        entries.add(database, Register(register), drafts, BY)


def store(database: Database, records: list[dict[str, object]], first: int = 1) -> None:
    """Store records as the ingest does."""
    with closing(open_store(database)) as found:
        for at in range(0, len(records), BATCH):
            assert not found.add([Batch(*read(first + at, list(records[at : at + BATCH])))], START_MS)[0].error


def found_in(database: Database) -> dict[int, frozenset[str]]:
    """What was found, by the call's number on the planted trunk."""
    query = select(calls.c.call, outgoing_checks.c.violations).join(calls, calls.c.id == outgoing_checks.c.id)
    with database.read() as connection:
        return {call: frozenset(filter(None, joined.split(";"))) for call, joined in connection.execute(query)}
