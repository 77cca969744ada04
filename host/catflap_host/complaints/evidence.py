"""Complaints as evidence: what they are worth against a number or a pool, and what verified ones say of the detector's own decisions.

Nothing here decides about a call: a score is shown to people, and goes to no probe and makes no number a pool's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from catflap_host.complaints import tables
from catflap_host.complaints.brigade import Voice, Weighed, weigh
from catflap_host.complaints.terms import Finding, Kind, Match, Source, label_of
from catflap_host.number_form import international, plan_of, shown_forms
from catflap_host.store.database import Database
from catflap_host.store.parties import MAX_ASKED, ids_of, read
from catflap_host.store.tables import calls
from catflap_host.trace.source import DatabaseSource

DAY_MS = 86_400_000
WINDOW_MS = 30 * DAY_MS
NEW_MS = 7 * DAY_MS
MAX_VOICES = 5_000
MAX_NUMBERS = 500
"""Of a pool, the members asked about: as many as are heard lately."""

VOUCHED = frozenset({Source.STAR_CODE, Source.KEY, Source.LINK})
"""Sources of which a line of ours, or who made the link, says that the complainer was called."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What people found of a decided call: `is_nuisance`, and the label that it deserved, empty where the detector has none for it."""

    call_id: int
    is_nuisance: bool
    label: str


def about(database: Database, numbers: Sequence[str], now_ms: int) -> Weighed:
    """Weigh the complaints of the last 30 days about an international number, or about several that act as one."""
    some = numbers[:MAX_NUMBERS]
    with database.read() as connection:
        voices = _voices(connection, [name for number in some for name in database.vault.pseudonyms(number)], now_ms - WINDOW_MS)
    if not voices:
        return weigh([], 0)
    return weigh(voices, called_lines(database, some, now_ms - WINDOW_MS))


def called_lines(database: Database, numbers: Iterable[str], since_ms: int) -> int:
    """How many lines of all probes the international numbers have rung since then."""
    wanted = set(numbers)
    source = DatabaseSource(database)
    lines: set[tuple[str, str, str]] = set()
    with database.read() as connection:
        shown = [form for number in wanted for form in shown_forms(number)]
        ids = ids_of(connection, database.vault, shown)
        met = read(connection, database.vault, ids)
        for at in range(0, len(ids), MAX_ASKED):
            query = select(calls.c.probe, calls.c.trunk, calls.c.line, calls.c.calling_party).distinct()
            is_wanted = calls.c.calling_party.in_(ids[at : at + MAX_ASKED]), calls.c.direction != "out", calls.c.received_ms >= since_ms
            for probe, trunk, line, party in connection.execute(query.where(*is_wanted)):
                if meant(source, probe, trunk, met[party].text) in wanted:
                    lines.add((probe, trunk, line))
    return len(lines)


def verdicts(database: Database, since_ms: int, until_ms: int) -> list[Verdict]:
    """What verified complaints of a time say of the very calls they are about, each call once, in the order of the calls.

    A call is left out where two complaints about it were found otherwise.
    """
    columns = tables.complaints.c
    query = select(columns.call_id, columns.finding, columns.kind).where(
        columns.received_ms >= since_ms,
        columns.received_ms < until_ms,
        columns.call_id > 0,
        columns.match.in_([str(Match.CALL), str(Match.TIME)]),
        columns.finding.in_([str(Finding.UPHELD), str(Finding.UNFOUNDED)]),
    )
    found: dict[int, set[Verdict]] = {}
    with database.read() as connection:
        for row in connection.execute(query):
            is_nuisance = row.finding == Finding.UPHELD
            verdict = Verdict(row.call_id, is_nuisance, label_of(Kind(row.kind)) if is_nuisance else "legit")
            found.setdefault(row.call_id, set()).add(verdict)
    agreed = {call: said for call, said in found.items() if len({verdict.is_nuisance for verdict in said}) == 1}
    return [min(agreed[call], key=lambda verdict: verdict.label) for call in sorted(agreed)]


def _voices(connection: Connection, number_ids: Sequence[str], since_ms: int) -> list[Voice]:
    row, person = tables.complaints.c, tables.people.c
    told = (row.complainer, row.origin, row.received_ms, row.at_ms, row.call_id, row.match, row.source, row.finding)
    query = (
        select(*told, person.first_ms, person.upheld, person.unfounded)
        .join(tables.people, person.id == row.complainer)
        .where(row.number_id.in_(number_ids), row.received_ms >= since_ms)
        .order_by(row.received_ms.desc(), row.id.desc())
        .limit(MAX_VOICES)
    )
    return [
        Voice(
            str(found.complainer),
            found.origin,
            found.received_ms,
            found.at_ms if found.match in (Match.CALL, Match.TIME) else 0,
            Match(found.match),
            Finding(found.finding),
            found.received_ms - found.first_ms < NEW_MS and found.source not in VOUCHED,
            # his other complaints, not this one
            found.upheld - (found.finding == Finding.UPHELD),
            found.unfounded - (found.finding == Finding.UNFOUNDED),
        )
        for found in connection.execute(query)
    ]


def meant(source: DatabaseSource, probe: str, trunk: str, shown: str) -> str:
    """The international number that a trunk shows so: what is written alike may be another area's."""
    facts = source.facts(probe).get(("", trunk))
    plan = plan_of(facts.country, facts.area_code, facts.role) if facts else plan_of("CN", "", "")
    return international(shown, plan)
