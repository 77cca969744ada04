"""The correlation in the running aggregator: fed with what was committed, asked for pools and campaigns, and it fills the feed."""

import json
import logging
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from catflap_host.correlate import state
from catflap_host.correlate.callers import FORGOTTEN_S, Callers
from catflap_host.correlate.correlator import Change, Correlator
from catflap_host.correlate.facts import PoolFacts, facts_of
from catflap_host.correlate.feed import LIFE_S, Feed
from catflap_host.correlate.heard import Heard, Reader
from catflap_host.correlate.pool import Pool
from catflap_host.correlate.state import StateError
from catflap_host.correlate.views import Complained, Group, campaign_view, pool_id, pool_view

MAX_BOOTS = 65_536

_log = logging.getLogger(__name__)


class Told(Protocol):
    """A record of a batch: the sequence numbers it covers, and what it says."""

    @property
    def seq(self) -> int: ...
    @property
    def fields(self) -> dict[str, object]: ...


class Kept(Protocol):
    """A record that was stored before: where it comes from, and what it says as JSON."""

    @property
    def probe(self) -> str: ...
    @property
    def boot(self) -> str: ...
    @property
    def seq(self) -> int: ...
    @property
    def body(self) -> str: ...


class Correlation:
    """One correlator, its feed and its reader; any thread may ask, one at a time is let in."""

    def __init__(self) -> None:
        self.feed = Feed()
        self._lock = threading.Lock()
        self._correlator = Correlator()
        self._reader = Reader()
        self._marks: dict[tuple[str, str], int] = {}
        self._complained: Mapping[str, Complained] = {}

    def warm(self, kept: Iterable[Kept]) -> int:
        """Goes once more through records that are stored, in order, before the first new one comes; how many there were."""
        count = 0
        for record in kept:
            fields = _fields(record.body)
            if record.seq <= self._marks.get((record.probe, record.boot), 0):
                # it is known what came of it, but not which call each line had last
                self._reader.read(record.probe, fields)
            else:
                self.committed(record.probe, record.boot, [_Read(record.seq, fields)])
            count += 1
        return count

    def learnt(self, most_s: int) -> bytes:
        """Everything that later records are judged by, without numbers that were silent for `most_s` or longer."""
        with self._lock:
            now_s = self._correlator.now.second
            before_s = now_s - min(most_s, FORGOTTEN_S)
            self._correlator.campaigns.forget(before_s)
            callers = self._correlator.callers
            rows = callers.rows(before_s)
            # their table is the largest by far: as rows it is written in a tenth of the time, and after the lock
            self._correlator.callers = Callers()
            try:
                correlator = state.written(self._correlator)
            finally:
                self._correlator.callers = callers
            marks, plans = dict(self._marks), self._reader.plans()
        return state.written((correlator, rows, marks, plans))

    def put_back(self, learnt: bytes) -> None:
        """Takes over what another one had `learnt`, before the first record comes, and tells the probes of its pools. Raises StateError."""
        kept: Any = state.read(learnt)
        try:
            written, rows, marks, plans = kept
            correlator = state.read(written)
            if not isinstance(correlator, Correlator):
                raise StateError("no state: no correlator is in it")
            correlator.callers.put_back(rows)
            self._reader.put_back(plans)
        except (TypeError, ValueError) as error:
            raise StateError(f"no state: {error}") from error
        self._correlator, self._marks = correlator, marks
        now_ms, now_s = time.time_ns() // 1_000_000, correlator.now.second
        for number in correlator.told:
            pool = correlator.pools.of.get(number)
            last_s = pool.members[number].last_s if pool else 0
            if last_s + LIFE_S > now_s:
                self.feed.tell(number, last_s, now_ms)

    def committed(self, probe: str, boot: str, records: Sequence[Told]) -> None:
        """Takes in the records of a committed batch, those of a repeated one once. Never raises: the records are safe already."""
        try:
            with self._lock:
                self._take(probe, boot, records)
        except Exception:
            _log.exception("records of %s could not be correlated", probe)

    def pools(self) -> list[Group]:
        """The pools that are sure, the last active first."""
        with self._lock:
            return [self._view(pool) for pool in self._correlator.known()]

    def pool(self, name: str) -> tuple[Group, PoolFacts] | None:
        """A pool that is sure, by the id that it is shown under, with what it rests on; None where there is none."""
        with self._lock:
            for pool in self._correlator.pools.pools.values():
                if pool.is_known and pool_id(pool.id) == name:
                    return self._view(pool), facts_of(pool, self._complained.get(name))
        return None

    def complained(self, pools: Mapping[str, Complained]) -> None:
        """What people's complaints about pools are worth, by the id that each is shown under, in place of what was said before."""
        with self._lock:
            self._complained = pools

    def campaigns(self) -> list[Group]:
        """The campaigns of other kinds that are sure, the last active first."""
        with self._lock:
            return [campaign_view(campaign) for campaign in self._correlator.campaigns.known()]

    def groups(self) -> list[Group]:
        """Pools and campaigns."""
        return [*self.pools(), *self.campaigns()]

    def _view(self, pool: Pool) -> Group:
        return pool_view(pool, self._correlator.callers, self._complained.get(pool_id(pool.id)))

    def _take(self, probe: str, boot: str, records: Sequence[Told]) -> None:
        mark = self._marks.pop((probe, boot), 0)
        now_ms = time.time_ns() // 1_000_000
        for record in records:
            if record.seq <= mark:
                continue
            mark = record.seq
            event = self._reader.read(probe, record.fields)
            if event is None:
                continue
            self._tell(self._correlator.take(event), now_ms)
            if isinstance(event, Heard) and event.number in self._correlator.told and self.feed.is_due(event.number, event.at_s):
                self.feed.tell(event.number, self._correlator.now.second, now_ms)
        if len(self._marks) >= MAX_BOOTS:
            del self._marks[next(iter(self._marks))]
        self._marks[probe, boot] = mark

    def _tell(self, changes: Sequence[Change], now_ms: int) -> None:
        for change in changes:
            if change.has_left:
                self.feed.untell(change.number, now_ms)
            else:
                self.feed.tell(change.number, self._correlator.now.second, now_ms)


class _Read:
    """A stored record read again."""

    def __init__(self, seq: int, fields: dict[str, object]) -> None:
        self.seq = seq
        self.fields = fields


def _fields(body: str) -> dict[str, object]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
