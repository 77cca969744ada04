"""A policy tried on past calls: the probe's own rules gone through once more, and what would have come out otherwise, honest calls first.

What detection had wanted is on record where no policy changed it. Where one did, it is taken from the label and the evidence: a label with
evidence beside it was to be blocked, one without it labelled, and no label let through. Every line is taken for one that can stop calls,
unless it was told that it cannot.
"""

import heapq
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Row, Select, func, select

from catflap_host.number_form import plan_of
from catflap_host.policy.compiling import Members, compile_policy
from catflap_host.policy.document import Document
from catflap_host.policy.registered import trunks
from catflap_host.policy.registers import SOURCES, days_of_rest
from catflap_host.store import parties
from catflap_host.store.database import Database
from catflap_host.store.rows import Call as Seen
from catflap_host.store.tables import calls
from catflap_host.trace.legs import facts_of
from catflap_host.trace.source import DatabaseSource
from catflap_probe.actions import LineActions
from catflap_probe.call import ACTIONS, ALLOW, BLOCK, LABEL, LABELS, LEGIT, SPOOF, Call
from catflap_probe.exemptions import Exemptions
from catflap_probe.memory.numbers import REGULAR_AGE_S, REGULAR_CALLS
from catflap_probe.policy import CANNOT_STOP, EMERGENCY, Policy, decide
from catflap_probe.rules.budget import Budget
from catflap_probe.rules.compiled import read
from catflap_probe.trunk import EPOCH_S
from catflap_probe.verdict.judge import Finding
from catflap_probe.verdict.kinds import KINDS, UNKNOWN
from catflap_probe.verdict.numbering import check
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.plausibility import PLAUSIBLE, Numbering
from catflap_probe.verdict.trunk_plan import TrunkPlan

MOST_DAYS = 1_000
"""So far back the clocks and days of rest are known."""
CHUNK = 10_000
MOST_TEXTS = 500_000
HONEST_TALK_MS = 60_000
"""Who talks for so long is called a nuisance by few."""
LOOK_BACK_MS = 7 * parties.DAY_MS
MOST_BEFORE = 5_000
_EVIDENCE = ("pool.", "feed.", "flood.number")
_DOUBTS = ("number.", "cn.", "nanp.")
_KINDS = {word: place for place, word in enumerate(KINDS)}
_LABELS = {word: place for place, word in enumerate(LABELS)}
_ACTIONS = {word: place for place, word in enumerate(ACTIONS)}
_CALLS = calls.c
_WANTED = (
    *(_CALLS.id, _CALLS.probe, _CALLS.boot, _CALLS.trunk, _CALLS.line, _CALLS.at_ms, _CALLS.direction, _CALLS.calling_party),
    *(_CALLS.called_party, _CALLS.number_kind, _CALLS.country, _CALLS.label, _CALLS.score, _CALLS.action, _CALLS.reasons),
    _CALLS.answered_ms,
)


@dataclass(frozen=True, slots=True)
class Changed:
    """A call that would have been treated otherwise; `is_honest`: nothing was found against it, or somebody talked with it for a minute."""

    call_id: int
    probe: str
    trunk: str
    line: str
    at_ms: int
    calling: str
    label: str
    score: int
    is_honest: bool
    before: str
    after: str
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class ChangeCount:
    """How many calls would have had one action in place of another, and how many honest ones among them."""

    before: str
    after: str
    calls: int
    honest: int


@dataclass(frozen=True, slots=True)
class Trial:
    """What came out: calls gone through, those whose number is kept no more and which no list can find, and what would have changed."""

    calls: int
    numberless: int
    counts: list[ChangeCount]
    changed: list[Changed]


class _Site:
    """One trunk of one probe as it was, call by call."""

    def __init__(self, policy: Policy, plan: TrunkPlan, keys: dict[str, str]) -> None:
        """`keys` are the forms of numbers under the plan as far as they were looked up, which trunks share."""
        self.plan = plan
        self.own = OwnNumbers([], plan)
        self.exemptions = Exemptions()
        self.known: dict[int, tuple[int, int]] = {}  # by party: first second, calls
        self.keys = keys
        self.lines: dict[tuple[str, bool], LineActions] = {}
        # the budget is a trunk's, and so are the emergency numbers where the policy names none
        self.policy = copy(policy)
        if policy.budget is not None:
            self.policy.budget = Budget(policy.budget.blocks, policy.budget.window_s)
        if not policy.emergency:
            self.policy.emergency = EMERGENCY.get(plan.letters, ("112",))

    def line(self, trunk: str, line: str, can_stop: bool) -> LineActions:
        """What a line can do, whatever it is."""
        if (line, can_stop) not in self.lines:
            self.lines[line, can_stop] = LineActions(line, "3gpp" if can_stop else "q931", "generic", trunk)
        return self.lines[line, can_stop]

    def key(self, number: str) -> str:
        """A number's one form here."""
        key = self.keys.get(number)
        if key is None:
            if len(self.keys) > MOST_TEXTS:
                self.keys.clear()
            key = self.keys[number] = check(number, self.plan, self.own).key
        return key

    def is_known(self, party: int, now_s: int) -> tuple[bool, bool]:
        """Whether a number has called before, and is a regular; it is noted as having called."""
        first_s, count = self.known.get(party, (now_s, 0))
        self.known[party] = first_s, count + 1
        return count > 0, count >= REGULAR_CALLS and now_s - first_s >= REGULAR_AGE_S


def try_out(
    database: Database,
    document: Document,
    members: Members,
    since_ms: int,
    until_ms: int,
    most: int,
    went_on: Callable[[int], object] = lambda _: None,
) -> Trial:
    """Go through the calls that began in a time; `most` of those that would have changed are given.

    `went_on` is told, now and then, how many calls were gone through. Raises ListError and SealError, and what `went_on` does.
    """
    policy = _compiled(database, document, members, since_ms, until_ms)
    sites: dict[tuple[str, str], _Site] = {}
    keys: dict[TrunkPlan, dict[str, str]] = {}
    source = DatabaseSource(database)
    counts: Counter[tuple[int, int, bool]] = Counter()
    worst: list[tuple[tuple[int, ...], Changed]] = []
    total = numberless = through = 0
    finding, call = Finding(), Call(0, 0, 0)
    for rows, texts in _chunks(database, since_ms, until_ms):
        for row in rows:
            site = sites.get((row.probe, row.trunk))
            if site is None:
                facts = facts_of(source, row.probe, row.boot, row.trunk, document.country)
                plan = plan_of(facts.country or document.country, facts.area_code, facts.role)
                site = sites[row.probe, row.trunk] = _Site(policy, plan, keys.setdefault(plan, {}))
            now_s = row.at_ms // 1000 - EPOCH_S
            if row.direction == "out":
                _called_out(site, texts[row.called_party], now_s)
                continue
            total += 1
            calling = texts[row.calling_party]
            numberless += not calling and row.calling_party != parties.NOBODY
            after = _decided(site, row, calling, texts[row.called_party], now_s, finding, call)
            before = _ACTIONS.get(row.action, ALLOW)
            if after != before:
                is_honest = _LABELS.get(row.label, LEGIT) == LEGIT or row.answered_ms >= HONEST_TALK_MS
                counts[before, after, is_honest] += 1
                # honest ones first, those that would be stopped before all others, the least suspect first
                rank = (after > before and is_honest, after > before, after, -row.score, row.answered_ms, row.id)
                if len(worst) < most or rank > worst[0][0]:
                    changed = _changed(row, calling, is_honest, before, after, finding.reasons)
                    (heapq.heappush if len(worst) < most else heapq.heapreplace)(worst, (rank, changed))
        through += len(rows)
        went_on(through)
    pairs = sorted({(before, after) for before, after, _ in counts}, key=lambda pair: (pair[0] - pair[1], pair))
    told = [ChangeCount(ACTIONS[a], ACTIONS[b], counts[a, b, True] + counts[a, b, False], counts[a, b, True]) for a, b in pairs]
    return Trial(total, numberless, told, [changed for _, changed in sorted(worst, key=lambda item: item[0], reverse=True)])


def try_one(database: Database, document: Document, members: Members, asked: Seen) -> Changed | None:
    """How one incoming call would have been treated, by what the trunk had seen before: MOST_BEFORE calls, of LOOK_BACK_MS at most.

    None for a call that is kept no more. Raises ListError and SealError.
    """
    since_ms = asked.at_ms - LOOK_BACK_MS
    policy = _compiled(database, document, members, since_ms, asked.at_ms + 1)
    facts = facts_of(DatabaseSource(database), asked.probe, asked.boot, asked.trunk, document.country)
    site = _Site(policy, plan_of(facts.country or document.country, facts.area_code, facts.role), {})
    columns = calls.c
    of_trunk = columns.probe == asked.probe, columns.trunk == asked.trunk, columns.id <= asked.id, columns.at_ms >= since_ms
    query = select(*_WANTED).where(*of_trunk).order_by(columns.id.desc()).limit(MOST_BEFORE)
    with database.read() as connection:
        rows: list[Row[Any]] = [*connection.execute(query)][::-1]
        parties_asked = {party for row in rows for party in (row.calling_party, row.called_party)}
        texts = {row_id: party.text for row_id, party in parties.read(connection, database.vault, parties_asked).items()}
    finding, call = Finding(), Call(0, 0, 0)
    for row in rows:
        now_s = row.at_ms // 1000 - EPOCH_S
        if row.direction == "out":
            _called_out(site, texts[row.called_party], now_s)
            continue
        after = _decided(site, row, texts[row.calling_party], texts[row.called_party], now_s, finding, call)
        if row.id == asked.id:
            before = _ACTIONS.get(row.action, ALLOW)
            return _changed(row, texts[row.calling_party], False, before, after, finding.reasons)
    return None


def calls_within(database: Database, since_ms: int, until_ms: int) -> int:
    """How many calls `try_out` has to go through."""
    query = select(func.count()).where(calls.c.at_ms >= since_ms, calls.c.at_ms < until_ms)
    with database.read() as connection:
        return int(connection.execute(query).scalar_one())


def _compiled(database: Database, document: Document, members: Members, since_ms: int, until_ms: int) -> Policy:
    """The policy as a probe reads it."""
    more = chain.from_iterable(source.entries(database, document) for source in SOURCES)
    # as if it had been published before the first of the calls
    then = datetime.fromtimestamp(max(since_ms, until_ms - MOST_DAYS * parties.DAY_MS, 0) / 1000, UTC)
    days, under = days_of_rest(database, document.country), trunks(database, document)
    compiled = compile_policy(document, "trial", members, more, then, days, under).with_serial(1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "policy"
        path.write_bytes(compiled)
        policy = read(str(path), "")
    policy.emergency = document.emergency
    return policy


def _decided(site: _Site, row: Row[Any], calling: str, called: str, now_s: int, finding: Finding, call: Call) -> int:
    """The action by the policy tried; `finding.reasons` are the policy's own."""
    reasons = row.reasons.split(";") if row.reasons else []
    label = _LABELS.get(row.label, LEGIT)
    finding.label, finding.score, finding.reasons = label, row.score, []
    finding.action = _wanted(label, _ACTIONS.get(row.action, ALLOW), reasons)
    has_called, is_regular = site.is_known(row.calling_party, now_s) if row.calling_party else (False, False)
    finding.may_stop = has_called and not is_regular and not any(reason.startswith(_DOUBTS) for reason in reasons)
    key = site.key(calling) if calling else ""
    call.calling, call.called, call.decision = calling, called, None
    call.numbering = Numbering(PLAUSIBLE, "", _KINDS.get(row.number_kind, UNKNOWN), key, row.country)
    return decide(site.policy, site.exemptions, call, key, finding, now_s, site.line(row.trunk, row.line, CANNOT_STOP not in reasons))


def _wanted(label: int, action: int, reasons: list[str]) -> int:
    """What detection had wanted."""
    if not any(reason.startswith("policy.") for reason in reasons):
        return BLOCK if CANNOT_STOP in reasons else action
    if label == LEGIT:
        return ALLOW
    return BLOCK if label == SPOOF or any(reason.startswith(_EVIDENCE) for reason in reasons) else LABEL


def _called_out(site: _Site, called: str, now_s: int) -> None:
    if called:
        key = site.key(called)
        site.exemptions.dialled_out(key, called in site.policy.emergency or key in site.policy.emergency, now_s)
    else:
        site.exemptions.off_hook(now_s)


def _changed(row: Row[Any], calling: str, is_honest: bool, before: int, after: int, reasons: list[str]) -> Changed:
    make = partial(Changed, row.id, row.probe, row.trunk, row.line, row.at_ms, calling, row.label, row.score)
    return make(is_honest, ACTIONS[before], ACTIONS[after], list(reasons))


def _chunks(database: Database, since_ms: int, until_ms: int) -> Iterator[tuple[list[Row[Any]], Mapping[int, str]]]:
    """Calls in the order in which they were told of, a chunk at a time, with the texts of their numbers by row."""
    columns = calls.c
    texts: dict[int, str] = {}
    after = 0
    while True:
        query: Select[Any] = select(*_WANTED).where(columns.id > after, columns.at_ms >= since_ms, columns.at_ms < until_ms)
        with database.read() as connection:
            rows: list[Row[Any]] = list(connection.execute(query.order_by(columns.id).limit(CHUNK)).all())
            if not rows:
                return
            asked = {row.calling_party for row in rows} | {row.called_party for row in rows}
            if len(texts) > MOST_TEXTS:
                texts.clear()
            found = parties.read(connection, database.vault, asked - texts.keys())
            texts.update((row_id, party.text) for row_id, party in found.items())
        yield rows, texts
        after = rows[-1].id
