"""Where things are killed: probes, their way to the aggregator and its database."""

import random
import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from boards.linux.board import LinuxBoard
from catflap_host.store.enrolment import enrol
from catflap_probe.uplink.http import HttpClient
from catflap_probe.uplink.mqtt import MqttClient
from catflap_probe.uplink.stream import StreamClient
from tests import postgres
from tests.crash.kept import Kept, compared
from tests.crash.load import Load
from tests.crash.victims import Broker, Pair, Victim, Worker
from tests.e2e.brokers import NatsNode, free_port, nats_servers
from tests.e2e.test_tls import certificate
from tests.probe_side import BOOT

PROBES = 8
LONGEST_PAUSE_S = 0.5
SITES = ("sqlite.https", "sqlite.mqtt", "postgres.https", "postgres.mqtt")


@dataclass(frozen=True, slots=True)
class Found:
    """What came of a site: kills by kind, what was kept, and the longest that any probe was not acknowledged anything new."""

    kills: Mapping[str, int]
    acknowledged: int
    kept: Kept
    longest_s: float


@dataclass(frozen=True, slots=True)
class _Site:
    data_dir: Path
    database: str
    victims: Mapping[str, Victim]
    client: Callable[[str], StreamClient]


def killed(name: str, folder: Path, kills: int) -> Found:
    """Kill the parts of one of `SITES` in turn, so many times together, each time at any moment once all probes are served again."""
    with _opened(name, folder) as site:
        return _killed(site, folder, kills)


def nats_killed(folder: Path, kills: int, is_cluster: bool) -> Found:
    """Kill one of three NATS nodes and one of two workers at once, so many times; they share a PostgreSQL."""
    with ExitStack() as ended:
        database = ended.enter_context(postgres.killable()).address
        nodes = ended.enter_context(nats_servers(folder, is_cluster=is_cluster))
        options = ["--database", database, "--nats", ",".join(f"nats://127.0.0.1:{node.nats_port}" for node in nodes)]
        ports = [free_port() for _ in range(2)]
        workers = [Worker(ended, folder / "data", port, options, "nats ") for port in ports]
        pairs = {f"node {n % 3} and worker {n % 2}": Pair(nodes[n % 3], workers[n % 2]) for n in range(6)}
        return _killed(_Site(folder / "data", database, pairs, _cluster_client(nodes, ports)), folder, kills)


def _killed(site: _Site, folder: Path, kills: int) -> Found:
    rng = random.Random(1)
    keys = {f"probe-{number}": _enrolled(folder, f"probe-{number}", site) for number in range(PROBES)}
    counts: Counter[str] = Counter()
    with Load(folder, keys, site.client) as load:
        load.until_heard()
        for number in range(kills):
            name = list(site.victims)[number % len(site.victims)]
            time.sleep(rng.uniform(0.0, LONGEST_PAUSE_S))
            site.victims[name].kill()
            site.victims[name].start()
            counts[name] += 1
            waited_s = load.until_heard()
            print(f"crash: {name} killed, all probes served again {waited_s:.1f} s after its start", flush=True)
        load.finish()
    made = {probe: spool.made for probe, spool in load.spools.items()}
    longest_s = max(spool.longest_s for spool in load.spools.values())
    return Found(counts, sum(made.values()), compared(site.data_dir, site.database, BOOT, made), longest_s)


@contextmanager
def _opened(name: str, folder: Path) -> Iterator[_Site]:
    store, way = name.split(".")
    data_dir = folder / "data"
    with ExitStack() as ended:
        victims: dict[str, Victim] = {}
        database = ""
        options: list[str] = []
        if store == "postgres":
            victims["database"] = server = ended.enter_context(postgres.killable())
            database = server.address
            options += ["--database", database]
        port = free_port()
        if way == "https":
            cert, key = certificate(folder, "aggregator")
            victims["worker"] = Worker(ended, data_dir, port, [*options, "--tls-cert", str(cert), "--tls-key", str(key)])
            tls = ssl.create_default_context(cafile=str(cert))
            yield _Site(data_dir, database, victims, lambda _: HttpClient([("127.0.0.1", port)], tls))
            return
        victims["broker"] = Broker(ended, folder, port)
        options += ["--mqtt", f"mqtt://127.0.0.1:{port}"]
        victims["worker"] = Worker(ended, data_dir, free_port(), options, "mqtt ")
        yield _Site(data_dir, database, victims, lambda probe: MqttClient(LinuxBoard(), probe, b"", [("127.0.0.1", port)], None))


def _enrolled(folder: Path, probe: str, site: _Site) -> bytes:
    key_file = folder / f"{probe}.key"
    enrol(probe, site.data_dir, key_file, site.database)
    return bytes.fromhex(key_file.read_text())


def _cluster_client(nodes: list[NatsNode], ports: list[int]) -> Callable[[str], StreamClient]:
    """Probes of even numbers speak MQTT to the nodes, the others HTTP to the workers, each beginning with another one."""
    by_mqtt = [("127.0.0.1", node.mqtt_port) for node in nodes]
    by_http = [("127.0.0.1", port) for port in ports]

    def client(probe: str) -> StreamClient:
        number = int(probe.rpartition("-")[2])
        if number % 2:
            first = number // 2 % len(by_http)
            return HttpClient(by_http[first:] + by_http[:first], None)
        first = number // 2 % len(by_mqtt)
        return MqttClient(LinuxBoard(), probe, b"", by_mqtt[first:] + by_mqtt[:first], None)

    return client
