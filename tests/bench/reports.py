"""How long a report over a million calls takes, on a store that was filled for it."""

import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from random import Random
from statistics import median

from sqlalchemy import insert

from catflap_host.bench.measure import own_schema
from catflap_host.complaints.filing import Filing, file
from catflap_host.complaints.terms import Kind, Source
from catflap_host.industries import Industry
from catflap_host.judged.verdicts import About, Said, give
from catflap_host.registers import entries
from catflap_host.registers.entries import Author, Draft
from catflap_host.registers.kinds import Register
from catflap_host.reports.gather import gather
from catflap_host.reports.period import DEFAULT_ZONE, Every, around, zone_of
from catflap_host.store.database import Database, open_database
from catflap_host.store.parties import seal_text
from catflap_host.store.tables import alarms, calls, parties
from catflap_models.court.figures import Figure

CALLS = 1_000_000
NUMBERS = 300_000
PROBES = 200
COMPLAINTS = 2_000
PIECE = 20_000
RUNS = 3
BAR_S = 20.0
WEEK = around(Every.WEEKLY, date(2026, 3, 4))
KINDS = ("mobile", "mobile", "mobile", "landline", "service", "call-centre", "shared-cost")
FIRST = {"mobile": 13_000_000_000, "landline": 1_060_000_000, "service": 95_500, "call-centre": 9_500_000, "shared-cost": 4_000_000_000}
HOLDERS = ("中国移动", "中国联通", "中国电信", "中国广电")


def figures(folder: Path, address: str) -> Iterator[Figure]:
    """Of both databases, the median of some runs each: a third of the calls nuisance, all in the week of the report."""
    for kind, where in (("sqlite", ""), ("postgres", address)):
        taken = []
        if where:
            with own_schema(where) as schema, closing(open_database(folder / kind, schema)) as database:
                taken = _measured(database)
        else:
            with closing(open_database(folder / kind)) as database:
                taken = _measured(database)
        how = f"{CALLS} calls of one week by {NUMBERS} numbers at {PROBES} probes, {COMPLAINTS} complaints, 100 ranges in registers"
        how += f"; 8 weeks before without calls; median of {RUNS}"
        yield Figure(f"host.report.{kind}", round(median(taken), 1), "s", BAR_S, "lower", how)


def fill(database: Database) -> None:
    """A store with CALLS calls in WEEK, straight into its tables."""
    random = Random(1)
    since_ms, until_ms = WEEK.bounds_ms(zone_of(DEFAULT_ZONE))
    vault, kinds = database.vault, [random.choice(KINDS) for _ in range(NUMBERS)]
    for at in range(0, NUMBERS, PIECE):
        rows = []
        for number in range(at, at + PIECE):
            text = str(FIRST[kinds[number]] + number)
            text = f"0{text}" if kinds[number] == "landline" else text
            pseudonym = vault.pseudonym(text)
            rows.append({"id": number + 1, "pseudonym": pseudonym, "sealed": seal_text(vault, pseudonym, text), "last_day": 20_000})
        with database.write() as connection:
            connection.execute(insert(parties), rows)
    for at in range(0, CALLS, PIECE):
        rows = [_call(random, call, since_ms, until_ms, kinds) for call in range(at, at + PIECE)]
        with database.write() as connection:
            connection.execute(insert(calls), rows)
    with database.write() as connection:
        connection.execute(
            insert(alarms),
            [
                {
                    "id": alarm,
                    "probe": "p0",
                    "boot": "b",
                    "trunk": "t0",
                    "alarm": f"a{alarm}",
                    "raised_ms": since_ms + alarm,
                    "at_ms": since_ms,
                }
                | {"received_ms": since_ms, "kind": "simbank", "members": f"{alarm};{alarm + 1}", "score": 9_000, "reasons": ""}
                for alarm in range(1, 2_001)
            ],
        )
    _enter_and_complain(database, since_ms)
    for alarm in range(1, 201):
        give(database, About.ALARM, alarm, Said.FALSE if alarm % 10 == 0 else Said.TRUE, "", "bench")


def _enter_and_complain(database: Database, since_ms: int) -> None:
    """Registers that have some of the numbers, so that all have to be read, and complaints about others."""
    about = {"source": "", "note": ""}
    resource = about | {"uses": "inbound", "licence": ""}
    held = [resource | {"range": f"+86{FIRST['shared-cost'] + at}-+86{FIRST['shared-cost'] + at + 99}"} for at in range(0, 10_000, 100)]
    drafts = [Draft(fields | {"holder": f"公司{place}"}, since_ms) for place, fields in enumerate(held)]
    entries.add(database, Register.RESOURCE, drafts, Author("bench", "filled"))
    kinds, industries = tuple(Kind), tuple(Industry)
    for place in range(COMPLAINTS):
        number = str(FIRST["mobile"] + place * 3)
        kind, industry = kinds[place % len(kinds)], industries[place % len(industries)]
        filing = Filing(Source.CSV, number, kind, industry, company=f"公司{place % 90}", complainer=str(place))
        file(database, filing, "bench", since_ms + place * 60_000)


def _measured(database: Database) -> list[float]:
    fill(database)
    taken = []
    for _ in range(RUNS):
        begun_s = time.perf_counter()
        report = gather(database, WEEK, zone_of(DEFAULT_ZONE), "bench")
        taken.append(time.perf_counter() - begun_s)
        if report.total.counts.calls != CALLS:
            sys.exit(f"bench: {report.total.counts.calls} calls were counted of {CALLS}")
    return taken


def _call(random: Random, call: int, since_ms: int, until_ms: int, kinds: list[str]) -> dict[str, object]:
    number = random.randrange(NUMBERS)
    is_bad = number % 3 == 0
    label = random.choice(("simbank", "telemarketing", "spoof", "wangiri")) if is_bad else "legit"
    at_ms = since_ms + (until_ms - since_ms) * call // CALLS
    is_stopped = is_bad and call % 2 == 0
    return {
        "probe": f"p{call % PROBES}",
        "boot": "b",
        "trunk": f"t{call % 3}",
        "line": f"L{call % 16}",
        "call": call,
        "received_ms": at_ms + 2_000,
        "at_ms": at_ms,
        "ended_ms": at_ms + 30_000,
        "direction": "in",
        "calling_party": 0 if call % 50 == 0 else number + 1,
        "number_kind": "unknown" if call % 50 == 0 else kinds[number],
        "country": "CN",
        "holder": HOLDERS[number % 4],
        "place": f"市{number % 340}",
        "label": label,
        "final_label": label,
        "action": "block" if is_stopped else "allow",
        "outcome": "stopped" if is_stopped else "none",
        "score": 9_000,
    }
