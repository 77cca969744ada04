"""Outgoing calls looked at one piece after the other: what the store has of them, judged by the registers, kept as one row a call."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, text, tuple_

from catflap_host.compliance import book as books
from catflap_host.compliance.asking import NOT_PERSONS
from catflap_host.compliance.book import Book
from catflap_host.compliance.rules import Outgoing, judge
from catflap_host.compliance.tables import outgoing_checks
from catflap_host.number_form import international, plan_of
from catflap_host.registers import entries
from catflap_host.registers.kinds import OUT
from catflap_host.store import queries
from catflap_host.store.database import Database
from catflap_host.store.rows import Call
from catflap_host.store.tables import calls as call_rows
from catflap_host.store.tables import records
from catflap_host.trace.source import DatabaseSource
from catflap_probe.verdict.trunk_plan import TrunkPlan

PIECE = 500


@dataclass(slots=True)
class Checked:
    """How many calls were looked at that are under a contract, and in how many something was found."""

    calls: int = 0
    violating: int = 0

    def add(self, other: "Checked") -> None:
        """Both together."""
        self.calls += other.calls
        self.violating += other.violating


def check_between(database: Database, since_ms: int, until_ms: int) -> Checked:
    """Look at all outgoing calls that began in a time once more, as the registers are now."""
    book, plans, total = books.load(database), Plans(database), Checked()
    for piece in _outgoing(database, since_ms, until_ms):
        total.add(check(database, book, plans, piece))
    return total


def check_changed(database: Database, book: Book, plans: "Plans", after: int, until: int) -> Checked:
    """Look at the outgoing calls that records past an id, up to another one, told of."""
    changed = select(records.c.call_id).where(records.c.id > after, records.c.id <= until, records.c.call_id.is_not(None))
    query = select(call_rows).where(call_rows.c.id.in_(changed), call_rows.c.direction == OUT)
    return check(database, book, plans, queries.selected_calls(database, query))


def check(database: Database, book: Book, plans: "Plans", calls: Sequence[Call]) -> Checked:
    """Judge calls and keep what was found, in place of what was found before."""
    # a star code is meant for the exchange or the probe, and calls nobody
    made = [call for call in calls if not call.called.startswith("*")]
    under = [(call, book.contract_of(call.probe, call.trunk, call.line, OUT, call.at_ms)) for call in made]
    seen = [(call, contract, _as_outgoing(call, plans.of(call))) for call, contract in under if contract]
    words = entries.words_of(database, {outgoing.called for _, _, outgoing in seen if outgoing.called})
    rows, total = [], Checked()
    for call, contract, outgoing in seen:
        found = judge(outgoing, contract, book, words.get(outgoing.called, ()))
        total.calls += 1
        total.violating += bool(found.violations)
        rows.append(
            {
                "id": call.id,
                "at_ms": call.at_ms,
                "day": datetime.fromtimestamp(call.at_ms / 1000, contract.zone).date().isoformat(),
                "contract": contract.name,
                "campaign": found.campaign,
                "is_answered": int(call.answered_ms >= 0),
                "talk_ms": max(call.answered_ms, 0),
                "violations": ";".join(found.violations),
                "unchecked": ";".join(found.unchecked),
            }
        )
    if calls:
        with database.write() as connection:
            _keep(connection, [call.id for call in calls], rows)
    return total


class Plans:
    """The numbering plan of each trunk, as its probe has told it; asked for once in a while."""

    FRESH_S = 300.0

    def __init__(self, database: Database) -> None:
        self._database = database
        self._source, self._read_s = DatabaseSource(database), time.monotonic()

    def of_trunk(self, probe: str, trunk: str) -> TrunkPlan:
        """The plan that a trunk's numbers are in, as it was told last."""
        told = self._source.facts(probe).get(("", trunk))
        return plan_of(told.country, told.area_code, told.role) if told else plan_of("CN", "", "")

    def of(self, call: Call) -> TrunkPlan:
        """The plan that the numbers of a call are in."""
        if time.monotonic() - self._read_s > self.FRESH_S:
            self._source, self._read_s = DatabaseSource(self._database), time.monotonic()
        facts = self._source.facts(call.probe)
        told = facts.get((call.boot, call.trunk)) or facts.get(("", call.trunk))
        return plan_of(told.country, told.area_code, told.role) if told else plan_of(call.country or "CN", "", "")


def _as_outgoing(call: Call, plan: TrunkPlan) -> Outgoing:
    called = international(call.called, plan)
    is_to_person = call.number_kind not in NOT_PERSONS
    return Outgoing(call.at_ms, international(call.calling, plan), call.presentation, called, is_to_person)


def _keep(connection: Connection, looked_at: list[int], rows: list[dict[str, object]]) -> None:
    connection.execute(delete(outgoing_checks).where(outgoing_checks.c.id.in_(looked_at)))
    if rows:
        connection.execute(insert(outgoing_checks), rows)


def _outgoing(database: Database, since_ms: int, until_ms: int) -> Iterator[list[Call]]:
    columns, place = call_rows.c, (since_ms, -1)
    while True:
        # in just these words, since a partial index serves no bound value
        query = select(call_rows).where(text("direction = 'out'"), columns.at_ms < until_ms, tuple_(columns.at_ms, columns.id) > place)
        found = queries.selected_calls(database, query.order_by(columns.at_ms, columns.id).limit(PIECE))
        if not found:
            return
        yield found
        place = found[-1].at_ms, found[-1].id
