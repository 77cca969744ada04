"""What we found ourselves of numbers, and on what evidence: pools and campaigns, audits that were followed up, complaints that were upheld.

What partners told us is never among it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from catflap_host.complaints import details, evidence
from catflap_host.complaints.tables import complaints
from catflap_host.complaints.terms import Finding, Kind, Match, label_of
from catflap_host.correlate.views import Group
from catflap_host.judged import appeals
from catflap_host.reputation.document import DAY_MS, LIFE_MS, MAX_ENTRIES, MAX_MODEL_CHARS, NUMBER, Appeal, Class, Entry, Evidence
from catflap_host.store import queries
from catflap_host.store.database import Database
from catflap_host.trunk_audit import findings
from catflap_host.trunk_audit.search import Kind as Audited

HUMAN_LIFE_MS = 30 * DAY_MS
"""For so long counts what people found; a card changes hands sooner, hence LIFE_MS for what was only heard."""
COMPLAINERS = 2
"""One person alone puts nobody on a list, even where he is right."""
MAX_COMPLAINTS = 5_000
MAX_COMPLAINED_OF = 200
MAX_FINDINGS = 5_000
AUDIT_CONFIDENCE = 6_000
_SHOWN_FALSELY = (Audited.OUTSIDE_RANGE, Audited.RESOURCE_UNLISTED, Audited.RESOURCE_HOLDER, Audited.RESOURCE_USE)
_STANDINGS = {appeals.State.OPEN: Appeal.OPEN, appeals.State.REJECTED: Appeal.REJECTED}


@dataclass(frozen=True, slots=True)
class _Claim:
    number: str
    kind: str
    confidence: int
    first_ms: int
    last_ms: int
    expires_ms: int
    evidence: Evidence


def entries(database: Database, groups: Iterable[Group], appealed: Mapping[str, appeals.Appeal], now_ms: int) -> list[Entry]:
    """Every number once, under the kind that it is surest of, with all the evidence for that kind; none whose appeal was upheld.

    Raises SealError.
    """
    claims: dict[str, list[_Claim]] = {}
    for claim in [*_heard(database, groups), *_complained(database, now_ms), *_audited(database, now_ms)]:
        if NUMBER.fullmatch(claim.number) and claim.expires_ms > now_ms:
            claims.setdefault(claim.number, []).append(claim)
    found = []
    for number, held in claims.items():
        appeal = appealed.get(number)
        if appeal is None or appeal.state is not appeals.State.UPHELD:
            found.append(_entry(held, _STANDINGS[appeal.state] if appeal else Appeal.NONE))
    return sorted(found, key=lambda entry: (-entry.confidence, -entry.last_ms, entry.number))[:MAX_ENTRIES]


def _entry(held: list[_Claim], appeal: Appeal) -> Entry:
    surest = max(held, key=lambda claim: claim.confidence)
    same = [claim for claim in held if claim.kind == surest.kind]
    best: dict[Class, Evidence] = {}
    for claim in same:
        known = best.get(claim.evidence.what)
        if known is None or known.count < claim.evidence.count:
            best[claim.evidence.what] = claim.evidence
    first_ms = min((claim.first_ms for claim in same if claim.first_ms), default=0)
    last_ms, expires_ms = max(claim.last_ms for claim in same), max(claim.expires_ms for claim in same)
    return Entry(surest.number, surest.kind, surest.confidence, first_ms, last_ms, expires_ms, appeal, tuple(best.values()))


def _heard(database: Database, groups: Iterable[Group]) -> Iterator[_Claim]:
    models = queries.models(database)
    for group in groups:
        for member in group.members:
            sites = member.sites or group.sites
            model = " ".join(sorted({models[site] for site in sites if site in models}))[:MAX_MODEL_CHARS]
            why = Evidence(Class.POOL, member.calls, model)
            yield _Claim(member.number, group.kind, group.confidence, member.first_ms, member.last_ms, member.last_ms + LIFE_MS, why)


def _complained(database: Database, now_ms: int) -> Iterator[_Claim]:
    """Numbers of which several people complained with cause, each about a call that a line of ours had."""
    c = complaints.c
    is_proven = (c.finding == str(Finding.UPHELD), c.match.in_([str(Match.CALL), str(Match.TIME)]), c.received_ms > now_ms - HUMAN_LIFE_MS)
    query = select(c.code, c.sealed, c.kind, c.complainer, c.received_ms).where(*is_proven, c.sealed.is_not(None))
    held: dict[tuple[str, str], list[tuple[int, int]]] = {}
    with database.read() as connection:
        for row in connection.execute(query.order_by(c.received_ms.desc()).limit(MAX_COMPLAINTS)):
            number, kind = details.opened(database.vault, row.code, row.sealed).number, label_of(Kind(row.kind))
            if number and kind:
                held.setdefault((number, kind), []).append((row.complainer, row.received_ms))
    several = {key: told for key, told in held.items() if len({complainer for complainer, _ in told}) >= COMPLAINERS}
    for number, kind in sorted(several, key=lambda key: -len(several[key]))[:MAX_COMPLAINED_OF]:
        moments = [moment for _, moment in several[number, kind]]
        score = evidence.about(database, [number], now_ms).score
        why = Evidence(Class.COMPLAINT, len({complainer for complainer, _ in several[number, kind]}), "")
        yield _Claim(number, kind, score, min(moments), max(moments), max(moments) + HUMAN_LIFE_MS, why)


def _audited(database: Database, now_ms: int) -> Iterator[_Claim]:
    """Numbers that a trunk presented without right, once a person has taken that up: who bears such a number is wronged, not at fault."""
    for state in (findings.State.SENT, findings.State.ANSWERED):
        for found in findings.listed(database, 0, MAX_FINDINGS, state=state.value):
            if found.kind in _SHOWN_FALSELY and found.last_ms > now_ms - HUMAN_LIFE_MS:
                why = Evidence(Class.AUDIT, max(found.calls, 1), "")
                yield _Claim(found.subject, "spoof", AUDIT_CONFIDENCE, found.first_ms, found.last_ms, found.last_ms + HUMAN_LIFE_MS, why)
