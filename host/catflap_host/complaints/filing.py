"""A complaint taken in: checked, matched to the calls that probes saw, routed, given its deadline and its code, all in one transaction."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update

from catflap_host.access.credentials import digest
from catflap_host.complaints import details, matching, people, routing, steps, tables
from catflap_host.complaints.details import Details
from catflap_host.complaints.number import Reported, own_number, reported
from catflap_host.complaints.terms import Finding, Kind, Source, State, Way
from catflap_host.errors import UserError
from catflap_host.industries import Industry
from catflap_host.store.database import Database

MAX_CONTENT_CHARS = 2_000
MAX_COMPANY_CHARS = 120
MAX_CONTACT_CHARS = 40
MAX_TALK_S = 86_400
OLDEST_MS = 400 * 86_400_000
"""A call longer ago is complained of in vain: nothing is known of it any more."""

AHEAD_MS = 600_000
_CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is read or heard as another
_CODE_GROUPS, _CODE_GROUP = 4, 4


@dataclass(frozen=True, slots=True)
class Filing:
    """What a complainer says. `number` as he writes it; `at_ms` 0 and `talk_s` -1 where he does not say; `contact` is his own number.

    `complainer` is who he is as far as that is known (a line, a user, a number), `origin` the line or network that it came from: complaints
    of one origin count as one voice. `call_id` is the call where the line itself, or a link made for it, says which.
    """

    source: Source
    number: str
    kind: Kind = Kind.OTHER
    industry: Industry = Industry.OTHER
    way: Way = Way.UNKNOWN
    at_ms: int = 0
    talk_s: int = -1
    company: str = ""
    content: str = ""
    contact: str = ""
    country: str = "CN"
    complainer: str = ""
    origin: str = ""
    call_id: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the complainer is given: by the code he can look up what has become of it."""

    id: int
    code: str


def file(database: Database, filing: Filing, who: str, now_ms: int) -> Receipt:
    """Take a complaint in; `who` did it, for the history. It is on disk on return. Raises UserError for what cannot be one."""
    number = check(filing, now_ms)
    matched = matched_call(database, filing, number, now_ms)
    with database.write() as connection:
        return add(connection, database, filing, number, matched, who, now_ms)


def matched_call(database: Database, filing: Filing, number: Reported, now_ms: int) -> matching.Matched:
    """The call that a checked complaint is about."""
    contact = own_number(filing.contact, filing.country)
    return matching.match(database, number.international, filing.at_ms or now_ms, filing.at_ms > 0, contact, filing.call_id)


def add(
    connection: Connection, database: Database, filing: Filing, number: Reported, matched: matching.Matched, who: str, now_ms: int
) -> Receipt:
    """Take a checked and matched complaint in, inside the caller's transaction."""
    code = draw_code()
    vault = database.vault
    person = people.met(connection, vault, filing.complainer or filing.contact or filing.origin or code, now_ms)
    team = routing.team_for(routing.rules_of(connection), filing.kind, filing.industry, number.holder, number.international)
    # a call that was matched says which line it rang: one line is one voice, however many write for it
    origin = matched.line or filing.origin or filing.complainer or filing.contact or code
    kept = Details(number.international or number.written, filing.company, filing.contact, filing.content, "", origin)
    row: Mapping[str, object] = {
        "code": digest(code),
        "received_ms": now_ms,
        "at_ms": matched.at_ms or filing.at_ms,
        **{name: str(getattr(filing, name)) for name in ("source", "kind", "industry", "way")},
        "talk_s": filing.talk_s,
        "number_id": details.number_id(vault, number.international),
        "number_range": number.range,
        "number_kind": number.kind,
        "country": number.country,
        "holder": number.holder,
        "place": number.place,
        "complainer": person,
        "origin": details.origin_id(vault, origin),
        "match": str(matched.how),
        "site": matched.site,
        "call_id": matched.call_id,
        "team": team,
        "state": str(State.RECEIVED),
        "finding": str(Finding.NONE),
        "due_ms": routing.due_ms(connection, filing.kind, State.RECEIVED, now_ms),
        "changed_ms": now_ms,
        "sealed": details.sealed(vault, digest(code), kept),
    }
    (complaint,) = connection.execute(insert(tables.complaints).returning(tables.complaints.c.id), row).one()
    connection.execute(update(tables.people).where(tables.people.c.id == person).values(filed=tables.people.c.filed + 1))
    steps.tell(connection, vault, complaint, who, f"received by {filing.source}", State.RECEIVED, Finding.NONE, team, "", now_ms)
    return Receipt(complaint, code)


def check(filing: Filing, now_ms: int) -> Reported:
    """The number complained of, looked up. Raises UserError: what is wrong, and what to do."""
    for name, most in (("company", MAX_COMPANY_CHARS), ("contact", MAX_CONTACT_CHARS), ("content", MAX_CONTENT_CHARS)):
        length = len(getattr(filing, name))
        if length > most:
            raise UserError(f"{name} has {length} characters; use at most {most}")
    if filing.at_ms and not now_ms - OLDEST_MS <= filing.at_ms <= now_ms + AHEAD_MS:
        raise UserError(f"the call's time is in the future, or over {OLDEST_MS // 86_400_000} days ago; write when it rang")
    if not -1 <= filing.talk_s <= MAX_TALK_S:
        raise UserError(f"a call of {filing.talk_s} s; write how long it was, 0 to {MAX_TALK_S}, or -1 if that is not known")
    # whose number was withheld can be complained of by who knows the very call
    return reported(filing.number, filing.country, is_needed=not filing.call_id)


def draw_code() -> str:
    """A complainer's code: 78 bits in four groups that can be read out over the telephone."""
    groups = ("".join(secrets.choice(_CODE_LETTERS) for _ in range(_CODE_GROUP)) for _ in range(_CODE_GROUPS))
    return "-".join(groups)


def find_code(connection: Connection, code: str) -> int | None:
    """The complaint of a code, however it is typed, or None."""
    plain = "".join(char for char in code.upper() if char.isascii() and char.isalnum())
    groups = [plain[at : at + _CODE_GROUP] for at in range(0, len(plain), _CODE_GROUP)]
    columns = tables.complaints.c
    found: int | None = connection.execute(select(columns.id).where(columns.code == digest("-".join(groups)))).scalar()
    return found
