"""Recorded trunks replayed with the released bundle as if they had been heard until now, into an aggregator's store and correlation.

The probes are in shadow mode: what a recording's modems say goes on ringing whatever is decided.
"""

import json
import time
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from boards.linux.litert import open_classifier
from catflap_host.bundles import released_bundle
from catflap_host.correlate.service import Correlation
from catflap_host.ingest.envelope import Header, Record
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database
from catflap_host.store.group import Batch
from catflap_host.store.places import probe_place
from catflap_host.store.tables import probes
from catflap_models.simulate.scenario import FalseNumbers, OneRing, SimBank
from catflap_probe import records
from catflap_probe.call import BLOCK, SHADOWED, Call
from catflap_probe.replay import Writer, replay
from catflap_probe.verdict.bundle import load
from tests.planted_sites import City, record

DAYS = 13
HOUR_NOW = 16
"""What the clock shows in the pictures: a zone is chosen in which it is that late."""
BOOT = "00000000000000c1"
PIECE_MS, LATE_PIECE_MS = 600_000, 1_000
"""So long a probe waits with its records; in the last hour as real ones do."""
LATE_MS = 3_600_000
CAMPAIGNS = (
    SimBank("bank", "longest-idle", "neighbouring", 11, 2, sims=32, share=0.06, calls_per_sim_day=110.0, life_days=20.0),
    OneRing("sweep", 12, 1),
    FalseNumbers("forged", 4.0),
)
Told = tuple[int, str, dict[str, object]]
"""When (Unix ms), by which probe, what."""


def ahead_h() -> int:
    """How many hours ahead of universal time it is HOUR_NOW now."""
    return (HOUR_NOW - datetime.now(UTC).hour + 11) % 24 - 11


def replayed(folder: Path) -> list[Told]:
    """What the probes of two sites have told by now, in order."""
    now = datetime.now(timezone(timedelta(hours=ahead_h())))
    start = now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS - 1)
    city = City(seed=12, sites=2, days=DAYS, calls_a_line=8.0, campaigns=CAMPAIGNS, start=start.isoformat(timespec="seconds"))
    told: list[Told] = []
    start_ms, bundle = round(start.timestamp() * 1000), load(str(released_bundle()), open_classifier)
    folders = [str(path) for path in record(city, folder)]
    replay(folders, "linux", "", bundle, lambda *_: None, lambda _: _Teller(told, start_ms, bundle.version))
    now_ms = time.time_ns() // 1_000_000
    return sorted((one for one in told if one[0] <= now_ms), key=lambda one: one[:2])


def store(told: Sequence[Told], database: Database, correlation: Correlation) -> None:
    """Take it in as if records had come soon after they were made."""
    names = sorted({probe for _, probe, _ in told})
    with database.write() as connection:
        for name in names:
            key = database.vault.seal(bytes(32), probe_place(name))
            connection.execute(probes.insert().values(probe=name, key=key, enrolled_ms=told[0][0]))
    waiting: dict[str, list[Record]] = {name: [] for name in names}
    seqs = dict.fromkeys(names, 1)
    with closing(open_store(database)) as into:

        def send(at_ms: int) -> None:
            for name, found in waiting.items():
                if found:
                    header = Header(name, BOOT, found[0].seq, found[-1].seq + 1, 1, at_ms)
                    (taken,) = into.add([Batch(header, list(found))], at_ms)
                    assert not taken.error, taken.error
                    correlation.committed(name, BOOT, list(found))
                    found.clear()

        due_ms, late_ms = told[0][0] + PIECE_MS, told[-1][0] - LATE_MS
        for at_ms, probe, fields in told:
            if at_ms >= due_ms:
                send(due_ms)
                due_ms = at_ms + (LATE_PIECE_MS if at_ms > late_ms else PIECE_MS)
            waiting[probe].append(Record(seqs[probe], 1, fields, json.dumps(fields)))
            seqs[probe] += 1
        send(time.time_ns() // 1_000_000)


class _Teller(Writer):
    """Writes the records that a probe would."""

    def __init__(self, told: list[Told], start_ms: int, model: str) -> None:
        super().__init__(lambda *_: None)
        self._told, self._start_ms, self._model = told, start_ms, model

    def decided(self, call: Call, now_ms: int) -> None:
        """See Observer."""
        assert call.decision is not None
        if call.decision.action == BLOCK:
            call.outcome = SHADOWED
        self._tell(now_ms, records.of_decision(call, self._trunk, self._line(call), self._start_ms, True, self._model))

    def ended(self, call: Call, label: int, now_ms: int, released: bool) -> None:
        """See Observer."""
        self._tell(now_ms, records.of_end(call, self._trunk, self._line(call), self._start_ms, label))

    def alarmed(self, name: str, kind: int, members: list[str], score: int, reasons: list[str], now_ms: int) -> None:
        """See Observer."""
        self._tell(now_ms, records.of_alarm(self._trunk, name, kind, members, score, reasons, self._start_ms + now_ms))

    @property
    def _trunk(self) -> str:
        assert self.settings is not None
        return self.settings.id

    def _line(self, call: Call) -> str:
        assert self.settings is not None
        return self.settings.lines[call.line].id

    def _tell(self, now_ms: int, fields: dict[str, object]) -> None:
        self._told.append((self._start_ms + now_ms, self._trunk, fields))
