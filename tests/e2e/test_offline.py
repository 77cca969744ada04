"""A probe whose aggregator is away keeps its records on disk and delivers each once when it is back."""

import asyncio
from pathlib import Path

from catflap_models.plan import PlannedCall
from tests.e2e import runtimes
from tests.e2e.aggregator import enrol, running
from tests.exchange.cellular import SIMCOM
from tests.exchange.playing import play_to_probe
from tests.exchange.trunk import Trunk, TrunkLine

TRUNK = Trunk("beijing", "CN", "010", "2026-03-02T08:00:00+08:00", (TrunkLine("L01", SIMCOM),))
CALLS = 20


def plan(first: int) -> list[PlannedCall]:
    return [PlannedCall(30.0 * n, 0, f"0106234{first + n:04d}", "shown", "", 8.0, None, 0.0, "legit", "", "") for n in range(CALLS)]


@runtimes.BOTH
def test_records_made_while_the_aggregator_was_away_arrive_once(tmp_path: Path, runtime_name: str) -> None:
    runtime = runtimes.find(runtime_name)
    enrol(tmp_path / "data", "played")
    # a closed port of our own machine: nobody answers there
    away = {"uplink": {"url": "http://127.0.0.1:1", "key_file": str(tmp_path / "played.key")}}
    _, made_away = asyncio.run(play_to_probe(TRUNK, plan(0), runtime, away, tmp_path, speed=60))
    with running(tmp_path / "data") as aggregator:
        back = {"uplink": {"url": aggregator.ingest, "key_file": str(tmp_path / "played.key")}}
        _, made_back = asyncio.run(play_to_probe(TRUNK, plan(CALLS), runtime, back, tmp_path, speed=60))
        stored = aggregator.get("/summary")["records"]
        rows = aggregator.get("/calls?limit=200")
    for kind in ("alert", "call", "end", "alarm"):
        assert stored.get(kind, 0) == made_away[kind] + made_back[kind]
    assert stored["end"] == 2 * CALLS
    assert sorted(row["calling"] for row in rows) == [f"010****{n:04d}" for n in range(2 * CALLS)], "masked"
    assert not list((tmp_path / "state" / "spool").glob("*.log"))
