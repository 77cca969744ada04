"""What verdicts are good for: numbers for the policy's allow list, labels for the detector's evaluation, and counts for its precision."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select

from catflap_host.judged.tables import verdicts
from catflap_host.judged.verdicts import Said
from catflap_host.number_form import international, plan_of
from catflap_host.store.columns import split_members
from catflap_host.store.database import Database
from catflap_host.store.parties import MAX_ASKED, read
from catflap_host.store.tables import alarms, calls
from catflap_host.trace.legs import facts_of
from catflap_host.trace.source import DatabaseSource
from catflap_host.triage.tables import allowed_numbers

HONEST = "legit"
BEFORE_MS = 24 * 3_600_000
"""Calls of an alarm's numbers count as its own from so long before it was raised until it was last told of."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A number that a verdict lets through: in international form where its trunk's country is known, else as the trunk shows it."""

    number: str
    pseudonym: str
    alarm_id: int
    verdict_id: int
    since_ms: int
    who: str
    reason: str


@dataclass(frozen=True, slots=True)
class LabelledCall:
    """What a call really was, as the verdict on its number's alarm says."""

    probe: str
    boot: str
    trunk: str
    line: str
    call: int
    at_ms: int
    calling_id: str
    found: str
    label: str
    alarm_id: int


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """How alarms of a kind at a probe were judged, by the last word on each."""

    kind: str
    probe: str
    true: int
    false: int
    unjudged: int


def allowed(database: Database) -> list[Allowed]:
    """The numbers that verdicts let through, each once, by the newest; one that is no longer kept is let through no more."""
    query = select(allowed_numbers.c.party, alarms.c.probe, alarms.c.boot, alarms.c.trunk, verdicts).where(
        allowed_numbers.c.alarm_id == alarms.c.id, allowed_numbers.c.verdict_id == verdicts.c.id
    )
    with database.read() as connection:
        rows = connection.execute(query.order_by(verdicts.c.id.desc())).mappings().all()
        met = read(connection, database.vault, (row["party"] for row in rows))
    source = DatabaseSource(database)
    found: dict[str, Allowed] = {}
    for row in rows:
        party = met[row["party"]]
        if not party.text:
            continue
        facts = facts_of(source, row["probe"], row["boot"], row["trunk"])
        number = international(party.text, plan_of(facts.country, facts.area_code, facts.role)) if facts.country else ""
        told = Allowed(number or party.text, party.pseudonym, row["subject"], row["id"], row["at_ms"], row["who"], row["note"])
        found.setdefault(told.number, told)
    return list(found.values())


def labels(database: Database) -> Iterator[LabelledCall]:
    """Every stored call of a judged alarm's numbers, on its trunk and in its time, with the label that the verdict gives it.

    Numbers that were let through are honest; the others are what the alarm says, unless it was false.
    """
    with database.read() as connection:
        newest = select(func.max(verdicts.c.id)).where(verdicts.c.about == "alarm").group_by(verdicts.c.subject)
        query = select(alarms, verdicts.c.verdict).where(verdicts.c.id.in_(newest), verdicts.c.subject == alarms.c.id).order_by(alarms.c.id)
        judged = connection.execute(query).mappings().all()
        through = {tuple(row) for row in connection.execute(select(allowed_numbers.c.alarm_id, allowed_numbers.c.party))}
    columns = calls.c
    told = (columns.probe, columns.boot, columns.trunk, columns.line, columns.call, columns.at_ms, columns.calling_party, columns.label)
    for alarm in judged:
        members = split_members(alarm["members"])
        for at in range(0, len(members), MAX_ASKED):
            part = members[at : at + MAX_ASKED]
            query = select(*told).where(
                columns.calling_party.in_(part),
                columns.probe == alarm["probe"],
                columns.trunk == alarm["trunk"],
                columns.at_ms >= alarm["raised_ms"] - BEFORE_MS,
                columns.at_ms <= alarm["at_ms"],
            )
            with database.read() as connection:
                rows = connection.execute(query.order_by(columns.id)).mappings().all()
                met = read(connection, database.vault, part)
            for row in rows:
                is_honest = alarm["verdict"] == Said.FALSE.value or (alarm["id"], row["calling_party"]) in through
                label = HONEST if is_honest else alarm["kind"]
                place = {name: row[name] for name in ("probe", "boot", "trunk", "line", "call", "at_ms")}
                yield LabelledCall(
                    **place, calling_id=met[row["calling_party"]].pseudonym, found=row["label"], label=label, alarm_id=alarm["id"]
                )


def verdict_counts(database: Database, since_ms: int, until_ms: int) -> list[VerdictCount]:
    """Counts of the alarms raised in a time by their probes' clocks, `until_ms` not included, by kind and probe."""
    newest = select(func.max(verdicts.c.id)).where(verdicts.c.about == "alarm", verdicts.c.subject == alarms.c.id).correlate(alarms)
    last = select(verdicts.c.verdict).where(verdicts.c.id == newest.scalar_subquery()).scalar_subquery()
    said = select(alarms.c.kind, alarms.c.probe, func.coalesce(last, "").label("said"))
    said_of_each = said.where(alarms.c.raised_ms >= since_ms, alarms.c.raised_ms < until_ms).subquery()
    columns = said_of_each.c.kind, said_of_each.c.probe, said_of_each.c.said
    query = select(*columns, func.count()).group_by(*columns)
    counted: Counter[tuple[str, str, str]] = Counter()
    with database.read() as connection:
        for kind, probe, verdict, count in connection.execute(query):
            counted[kind, probe, verdict] += count
    places = sorted({(kind, probe) for kind, probe, _ in counted})
    return [VerdictCount(*place, *(counted[*place, verdict] for verdict in (Said.TRUE.value, Said.FALSE.value, ""))) for place in places]
