"""A probe that lost its flash and an aggregator that lost its disk find together again, and say what is gone."""

import asyncio
import json
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from catflap_host.store import queries
from catflap_host.store.database import open_database
from catflap_models.plan import PlannedCall
from tests.e2e import runtimes
from tests.e2e.aggregator import TIMEOUT_S, Aggregator, running
from tests.exchange.cellular import SIMCOM
from tests.exchange.exchange import Exchange
from tests.exchange.playing import LEAD_S, START_TIMEOUT_S, play_to_probe
from tests.exchange.probe_config import plugged_in, probe_config, write_json
from tests.exchange.probe_process import ProbeProcess, Runtime, modems_ready
from tests.exchange.trunk import Trunk, TrunkLine

TRUNK = Trunk("beijing", "CN", "010", "2026-03-02T08:00:00+08:00", (TrunkLine("L01", SIMCOM),))
CALL = PlannedCall(0.0, 0, "01062345678", "shown", "", 8.0, None, 0.0, "legit", "", "")
SPEED = 60


@runtimes.BOTH
def test_probe_whose_flash_was_lost_goes_on(tmp_path: Path, runtime_name: str) -> None:
    runtime = runtimes.find(runtime_name)
    with running(tmp_path / "data") as aggregator:
        aggregator.enrol("played")
        uplink = {"uplink": {"url": aggregator.ingest, "key_file": str(tmp_path / "played.key")}}
        epochs = []
        for _ in range(2):
            asyncio.run(play_to_probe(TRUNK, [CALL], runtime, uplink, tmp_path))
            shutil.rmtree(tmp_path / "state")
            epochs.append(epoch_of(aggregator.data_dir))
        (probe,) = aggregator.get("/probes")
        calls = aggregator.get("/calls")
    assert epochs[1] > epochs[0] > 0, "its second life is another"
    assert [call["outcome"] for call in calls] == ["none", "none"]
    assert calls[0]["boot"] != calls[1]["boot"]
    assert probe["dropped"] == 0


@runtimes.BOTH
def test_aggregator_restored_from_an_older_copy_is_brought_up_to_date(tmp_path: Path, runtime_name: str) -> None:
    asyncio.run(restored(tmp_path, runtimes.find(runtime_name)))


async def restored(folder: Path, runtime: Runtime) -> None:
    """A call before the copy is put back, and one after it, with the probe running all the while."""
    data_dir = folder / "data"
    with running(data_dir) as aggregator:
        aggregator.enrol("played")
        place = f"127.0.0.1:{urlsplit(aggregator.ingest).port}"
        stop(aggregator)
    shutil.copytree(data_dir, folder / "copy")
    async with Exchange(TRUNK, SPEED, origin_ms=int(time.time() * 1000)) as exchange:
        config = probe_config(TRUNK, "played", list(exchange.ports), folder / "state")
        config["uplink"] = {"url": f"http://{place}", "key_file": str(folder / "played.key")}
        path = write_json(plugged_in(config, exchange), folder / "probe.json")
        async with ProbeProcess(runtime, path, folder / "probe.log") as probe:
            await modems_ready(exchange, [probe], START_TIMEOUT_S)
            with running(data_dir, ["--listen", place]) as aggregator:
                await call_and_wait(exchange, aggregator, 1)
                before = epoch_of(data_dir)
                stop(aggregator)
            shutil.rmtree(data_dir)
            shutil.copytree(folder / "copy", data_dir)
            with running(data_dir, ["--listen", place]) as aggregator:
                await call_and_wait(exchange, aggregator, 2)
                (known,) = aggregator.get("/probes")
                stop(aggregator)
            made = await probe.stop()
    with closing(open_database(data_dir)) as database:
        stored = queries.originals(database, 0, 1_000)
    seqs = [record.seq for record in stored]
    lost = known["dropped"]
    drops = [(record.seq, json.loads(record.body)) for record in stored if record.kind == "drop"]
    assert drops == [(1, {"k": "drop", "n": lost, "alerts": 0, "why": "forgotten"})]
    assert seqs == [1, *range(lost + 1, lost + len(seqs))]
    assert seqs[-1] <= sum(made.values())
    assert epoch_of(data_dir) > before, "ahead of all that the probe has heard of"


async def call_and_wait(exchange: Exchange, aggregator: Aggregator, number: int) -> None:
    """Plays one call and waits until the aggregator has its end; `number` is its number on the line."""
    exchange.play([replace(CALL, t_s=exchange.clock.now_s() + LEAD_S)])
    await exchange.quiet(30.0)
    async with asyncio.timeout(TIMEOUT_S):
        while not any(call["call"] == number and call["ended_ms"] for call in aggregator.get("/calls")):
            await asyncio.sleep(0.05)


def stop(aggregator: Aggregator) -> None:
    """End it, everything on disk."""
    aggregator.process.send_signal(signal.SIGTERM)
    assert aggregator.process.wait(TIMEOUT_S) == 0


def epoch_of(data_dir: Path) -> int:
    """The epoch of the only probe."""
    with closing(sqlite3.connect(f"file:{data_dir / 'catflap.db'}?mode=ro", uri=True)) as connection:
        epoch: int = connection.execute("SELECT epoch FROM probes").fetchone()[0]
    return epoch
