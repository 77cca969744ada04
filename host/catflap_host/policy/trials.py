"""Dry runs in the background, one after the other in this process; how far each is, and what came of it, is in the database."""

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Row, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from catflap_host.language.marking import N_
from catflap_host.policy import kept, tables
from catflap_host.policy.document import DocumentError
from catflap_host.policy.lists import ListError
from catflap_host.policy.trial import ChangeCount, calls_within, try_out
from catflap_host.store.database import Database
from catflap_host.store.parties import DAY_MS
from catflap_host.store.unmask import note
from catflap_host.store.vault import SealError

MOST_CALLS = 100
STALE_MS = 120_000
"""A dry run that has not gone on for so long was broken off, with its process."""
WAIT_S = 30.0
MOST_WAITING = 20
TOO_MANY, BROKEN_OFF = "too-many-prefixes", "broken-off"

_log = logging.getLogger(__name__)


class TrialError(kept.StateError):
    """No dry run can be begun now."""


@dataclass(frozen=True, slots=True)
class ChangedCall:
    """A call that would have been treated otherwise, by its id; as `trial.Changed`."""

    call_id: int
    is_honest: bool
    before: str
    after: str
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Found:
    """What came out of a dry run: as `trial.Trial`, with the calls by their ids, in its order."""

    calls: int
    numberless: int
    counts: list[ChangeCount]
    changed: list[ChangedCall]


@dataclass(frozen=True, slots=True)
class DryRun:
    """A version tried on the calls of so many days; `found` is None while it goes on, and where it came to nothing.

    Then `error` is TOO_MANY (it cannot be compiled) or BROKEN_OFF.
    """

    id: int
    version: int
    who: str
    at_ms: int
    days: int
    seen_ms: int
    total: int
    done: int
    error: str
    found: Found | None

    def is_going(self, now_ms: int) -> bool:
        """Whether it still goes on."""
        return self.found is None and not self.error and now_ms - self.seen_ms < STALE_MS


class DryRuns:
    """Begins them; used in any thread."""

    def __init__(self, database: Database, members: Callable[[], Mapping[str, Sequence[str]]]) -> None:
        self._database, self._members = database, members
        self._one_at_a_time, self._counting = threading.Lock(), threading.Lock()
        self._waiting = 0

    def begin(self, version: int, days: int, who: str) -> int:
        """Try a version on the calls of so many days past; gives the dry run's id. Raises StateError."""
        kept.version_of(self._database, version)
        with self._counting:
            if self._waiting >= MOST_WAITING:
                raise TrialError(N_("%(n)s dry runs wait already; let them come to their end first"), n=self._waiting)
            self._waiting += 1
        now_ms = _now_ms()
        row = {"version": version, "who": who, "at_ms": now_ms, "days": days, "seen_ms": now_ms}
        with self._database.write() as connection:
            added = connection.execute(insert(tables.trials).values(**row, total=0, done=0, error="", found=""))
            trial = int((added.inserted_primary_key or (0,))[0])
            note(connection, who, "policy-try", str(version), "")
        # a process that ends does not wait for it: what is broken off is shown as such
        threading.Thread(target=self._run, args=(trial, version, days), name=f"dry-run-{trial}", daemon=True).start()
        return trial

    def _run(self, trial: int, version: int, days: int) -> None:
        try:
            while not self._one_at_a_time.acquire(timeout=WAIT_S):
                self._note(trial)
            try:
                self._try(trial, version, days)
            finally:
                self._one_at_a_time.release()
        except ListError:
            self._ended(trial, TOO_MANY)
        except (DocumentError, SealError, SQLAlchemyError):
            _log.exception("dry run %d was broken off", trial)
            self._ended(trial, BROKEN_OFF)
        finally:
            with self._counting:
                self._waiting -= 1

    def _try(self, trial: int, version: int, days: int) -> None:
        until_ms = _now_ms() + DAY_MS
        since_ms = until_ms - (days + 1) * DAY_MS
        self._note(trial, total=calls_within(self._database, since_ms, until_ms))
        pools = self._members()
        document = kept.document_of(self._database, version)

        def went_on(done: int) -> None:
            self._note(trial, done=done)

        made = try_out(self._database, document, lambda name: pools.get(name, ()), since_ms, until_ms, MOST_CALLS, went_on)
        changed = [ChangedCall(one.call_id, one.is_honest, one.before, one.after, one.reasons) for one in made.changed]
        self._note(trial, found=json.dumps(asdict(Found(made.calls, made.numberless, made.counts, changed))))

    def _note(self, trial: int, **values: object) -> None:
        with self._database.write() as connection:
            connection.execute(update(tables.trials).where(tables.trials.c.id == trial).values(seen_ms=_now_ms(), **values))

    def _ended(self, trial: int, error: str) -> None:
        try:
            self._note(trial, error=error)
        except SQLAlchemyError:
            _log.exception("what became of dry run %d is not on record", trial)


def dry_runs(database: Database, version: int, limit: int) -> list[DryRun]:
    """Those of a version, newest first."""
    rows = tables.trials.c
    query = select(tables.trials).where(rows.version == version).order_by(rows.id.desc()).limit(limit)
    with database.read() as connection:
        return [_read(row) for row in connection.execute(query)]


def dry_run(database: Database, trial: int) -> DryRun | None:
    """One by its id."""
    with database.read() as connection:
        row = connection.execute(select(tables.trials).where(tables.trials.c.id == trial)).first()
    return _read(row) if row else None


def _read(row: Row[tuple[object, ...]]) -> DryRun:
    told = row._mapping
    found = None
    if told["found"]:
        tree = json.loads(told["found"])
        counts, changed = [ChangeCount(**one) for one in tree["counts"]], [ChangedCall(**one) for one in tree["changed"]]
        found = Found(tree["calls"], tree["numberless"], counts, changed)
    return DryRun(**{**told, "found": found})


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
