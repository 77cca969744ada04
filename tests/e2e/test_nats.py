"""Many workers behind NATS servers: whatever is killed, all that was acknowledged is stored, once and without a gap."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from boards.linux.board import LinuxBoard
from catflap_models.plan import PlannedCall
from catflap_probe.spool import Spool
from catflap_probe.uplink.http import HttpClient
from catflap_probe.uplink.mqtt import MqttClient
from catflap_probe.uplink.sender import Sender
from catflap_probe.uplink.stream import StreamClient
from tests import postgres
from tests.e2e import runtimes
from tests.e2e.aggregator import TIMEOUT_S, Aggregator, enrol, running
from tests.e2e.brokers import NatsNode, nats_servers
from tests.e2e.stored import sequences
from tests.exchange.cellular import SIMCOM
from tests.exchange.playing import play_to_probe
from tests.exchange.trunk import Trunk, TrunkLine
from tests.probe_side import alert, batch

TRUNK = Trunk("beijing", "CN", "010", "2026-03-02T08:00:00+08:00", (TrunkLine("L01", SIMCOM),))
PLAN = [PlannedCall(30.0 * n, 0, f"0106234{n:04d}", "shown", "", 8.0, None, 0.0, "legit", "", "") for n in range(3)]
BOOT = "9f0c41d2a7b3e658"
RECORDS = 3_000


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[NatsNode]]:
    with nats_servers(tmp_path_factory.mktemp("cluster")) as nodes:
        yield nodes


def options(nodes: list[NatsNode]) -> list[str]:
    """What tells a worker of its cluster."""
    return ["--nats", ",".join(f"nats://127.0.0.1:{node.nats_port}" for node in nodes)]


def until_heard(worker: Aggregator) -> None:
    """Return once the worker takes its share of what is said at the cluster."""
    assert worker.process.stdout is not None
    while not worker.process.stdout.readline().startswith("nats "):
        assert worker.process.poll() is None


def places(nodes: list[NatsNode], first: int) -> list[tuple[str, int]]:
    """Where a probe finds the cluster, the one that it begins with in front."""
    found = [("127.0.0.1", node.mqtt_port) for node in nodes]
    return found[first:] + found[:first]


@runtimes.BOTH
def test_probe_reports_to_a_cluster(tmp_path: Path, runtime_name: str, cluster: list[NatsNode]) -> None:
    runtime = runtimes.find(runtime_name)
    with running(tmp_path / "data", options(cluster)) as aggregator:
        aggregator.enrol("played")
        until_heard(aggregator)
        uplink = {"url": [f"mqtt://127.0.0.1:{node.mqtt_port}" for node in cluster], "key_file": str(tmp_path / "played.key")}
        _, made = asyncio.run(play_to_probe(TRUNK, PLAN, runtime, {"uplink": uplink}, tmp_path))
        stored = aggregator.get("/summary")["records"]
    assert made["end"] == len(PLAN)
    assert {kind: count for kind, count in stored.items() if count} == {kind: count for kind, count in made.items() if count}


def test_each_batch_is_heard_by_one_worker(tmp_path: Path, cluster: list[NatsNode]) -> None:
    keys = {probe: enrol(tmp_path / "data", probe) for probe in ("demo.a", ".b", "c..d")}
    with ExitStack() as all_ended:
        workers = [all_ended.enter_context(running(tmp_path / "data", options(cluster))) for _ in range(2)]
        for each in workers:
            until_heard(each)
        asyncio.run(sent(cluster, keys))
    for probe in keys:
        assert sequences(tmp_path / "data", probe) == [(BOOT, list(range(1, 51)))]


async def sent(cluster: list[NatsNode], keys: dict[str, bytes]) -> None:
    """Fifty batches of each probe, every answer being 200 and the only one."""
    for probe, key in keys.items():
        client = MqttClient(LinuxBoard(), probe, b"", places(cluster, 1), None)
        for first in range(1, 51):
            status, answer = await client.post("", "", batch(key, probe, first, [alert(first)]))
            assert status == 200, answer
        client.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_node_and_worker_killed_under_load(tmp_path: Path, kind: str, request: pytest.FixtureRequest) -> None:
    if kind == "sqlite":
        kill_under_load(tmp_path, "")
        return
    with postgres.fresh_schema(request.getfixturevalue("postgres_server")) as address:
        kill_under_load(tmp_path, address)


def kill_under_load(tmp_path: Path, address: str) -> None:
    """Two workers over the database at `address` behind a cluster, or over that of their folder behind servers that are none."""
    place = ["--database", address] if address else []
    probes = [f"demo-{number}" for number in range(6)]
    keys = {probe: enrol(tmp_path / "data", probe, place) for probe in probes}
    spools = {probe: Spool(LinuxBoard(), str(tmp_path / probe), BOOT, 1 << 24) for probe in probes}
    for spool in spools.values():
        for number in range(1, RECORDS + 1):
            spool.append(alert(number))
    with ExitStack() as all_ended:
        nodes = all_ended.enter_context(nats_servers(tmp_path, is_cluster=bool(address)))
        workers = [all_ended.enter_context(running(tmp_path / "data", [*options(nodes), *place], with_user=False)) for _ in range(2)]
        for each in workers:
            until_heard(each)
        asyncio.run(killed_under_load(nodes, workers, keys, spools))
    for probe in probes:
        assert sequences(tmp_path / "data", probe, address) == [(BOOT, list(range(1, RECORDS + 1)))]


async def killed_under_load(nodes: list[NatsNode], workers: list[Aggregator], keys: dict[str, bytes], spools: dict[str, Spool]) -> None:
    """Send every spool, two by HTTPS and the others by all nodes; a worker and a node die in the middle of it."""
    by_https = [("127.0.0.1", urlsplit(each.ingest).port or 0) for each in workers]
    clients: dict[str, StreamClient] = {}
    for number, probe in enumerate(spools):
        if number < 2:
            clients[probe] = HttpClient(by_https[number:] + by_https[:number], None)
        else:
            clients[probe] = MqttClient(LinuxBoard(), probe, b"", places(nodes, number % len(nodes)), None)
    sending = [asyncio.create_task(Sender(LinuxBoard(), clients[probe], keys[probe], probe, spools[probe]).run()) for probe in spools]
    try:
        async with asyncio.timeout(4 * TIMEOUT_S):
            while not all(spool.is_empty() or spool.segments[0].first > 1 for spool in spools.values()):
                await asyncio.sleep(0.005)
            workers[1].process.kill()
            nodes[0].process.kill()
            while not all(spool.is_empty() for spool in spools.values()):
                await asyncio.sleep(0.01)
    finally:
        for task in sending:
            task.cancel()
        await asyncio.gather(*sending, return_exceptions=True)
        for client in clients.values():
            client.close()
        await asyncio.sleep(0)
