"""Thousands of probes that come all at once, and again when what they were connected to is killed."""

import asyncio
import json
import logging
import multiprocessing
import secrets
import ssl
import sys
import time
from asyncio import sslproto
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from boards.linux.board import LinuxBoard
from catflap_host.accepting import TLS_READ_BYTES
from catflap_host.store.database import open_database
from catflap_host.store.places import probe_place
from catflap_host.store.tables import probes
from catflap_models.court.figures import Figure
from catflap_probe.spool import Spool
from catflap_probe.uplink.http import HttpClient
from catflap_probe.uplink.mqtt import MqttClient
from catflap_probe.uplink.sender import Sender
from catflap_probe.uplink.stream import StreamClient
from tests import postgres
from tests.crash.kept import compared
from tests.crash.victims import Broker, Victim, Worker
from tests.e2e.brokers import free_port
from tests.e2e.test_tls import certificate
from tests.probe_side import BOOT, alert

PROBES = 5_000
RECORDS = 5
"""Of each probe, each time."""
BAR_S = 60.0
GIVE_UP_S = 300.0
STORMS = ("sqlite.https", "postgres.https", "sqlite.mqtt")
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class _Way:
    """How the probes reach the aggregator: `cert` vouches for it over TLS, None: by MQTT."""

    port: int
    cert: Path | None


class _Pocket(Spool):
    """A spool of a few records that are kept in memory, since it is not the disk of thousands of probes that is looked at."""

    def __init__(self) -> None:
        self.boot = BOOT
        self.news: asyncio.Event | None = None
        self.lines: list[bytes] = []
        self.first = 1

    def put(self, count: int) -> None:
        """Add so many records."""
        for number in range(self.next(), self.next() + count):
            self.lines.append(json.dumps(alert(number), separators=(",", ":")).encode())
        if self.news is not None:
            self.news.set()

    def next(self) -> int:
        return self.first + len(self.lines)

    def is_empty(self) -> bool:
        return not self.lines

    async def sync(self) -> None:
        return

    def oldest(self, max_records: int, max_bytes: int) -> tuple[str, int, int, list[bytes]]:
        return self.boot, self.first, self.first + len(self.lines[:max_records]), self.lines[:max_records]

    def committed(self, boot: str, ack: int) -> None:
        if boot == self.boot and ack >= self.first:
            del self.lines[: ack + 1 - self.first]
            self.first = ack + 1

    def forgotten(self, boot: str, ack: int, why: str = "forgotten") -> None:
        raise AssertionError(f"{boot} is told that it has forgotten what is past {ack} ({why})")

    def refused(self, boot: str, number: int, after: int, why: str) -> None:
        raise AssertionError(f"{boot}: records {number} to {after} are refused as {why}")


def figures(name: str, folder: Path, count: int) -> Iterator[Figure]:
    """The time until every probe was acknowledged, from their start and from the restart of what was killed."""
    store, way = name.split(".")
    with ExitStack() as ended:
        database = ended.enter_context(postgres.killable()).address if store == "postgres" else ""
        keys = _enrolled(folder / "data", database, count)
        options = ["--database", database] if database else []
        port = free_port()
        victim: Victim
        if way == "https":
            cert, key = certificate(folder, "aggregator")
            found = _Way(port, cert)
            victim = Worker(ended, folder / "data", port, [*options, "--tls-cert", str(cert), "--tls-key", str(key)])
        else:
            found = _Way(port, None)
            victim = Broker(ended, folder, port)
            Worker(ended, folder / "data", free_port(), [*options, "--mqtt", f"mqtt://127.0.0.1:{port}"], "mqtt ")
        at_once_s, again_s = _run(found, keys, victim)
        kept = compared(folder / "data", database, BOOT, dict.fromkeys(keys, 2 * RECORDS))
    how = f"{count} probes' own senders and clients in one process beside the aggregator, a connection and {RECORDS} records each"
    yield Figure(f"storm.{name}.at_once", _rounded(at_once_s), "s", BAR_S, "lower", f"until all are acknowledged; {how}, begun at one time")
    killed = f"from the restart of the killed {'broker' if way == 'mqtt' else 'worker'} until all are acknowledged; {how}"
    yield Figure(f"storm.{name}.back", _rounded(again_s), "s", BAR_S, "lower", killed)
    yield Figure(f"storm.{name}.faults", kept.faults, "records", 0, "lower", f"records lost, twice or altered of {kept.stored}")


def _rounded(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 1)


def _run(way: _Way, keys: Mapping[str, bytes], victim: Victim) -> tuple[float | None, float | None]:
    """Seconds until all are acknowledged at first, and again after the kill; None where some never were."""
    ours, theirs = _SPAWN.Pipe()
    probing = _SPAWN.Process(target=_probe, args=(way, keys, theirs), daemon=True)
    probing.start()
    try:
        assert ours.recv() == "ready"
        begun_s = time.monotonic()
        ours.send("go")
        at_once_s = _told(ours, begun_s)
        victim.kill()
        ours.send("go")
        victim.start()
        begun_s = time.monotonic()
        return at_once_s, _told(ours, begun_s)
    finally:
        probing.kill()
        probing.join()


def _told(ours: Connection, begun_s: float) -> float | None:
    is_done = ours.poll(GIVE_UP_S) and ours.recv() == "done"
    return time.monotonic() - begun_s if is_done else None


def _enrolled(data_dir: Path, database: str, count: int) -> dict[str, bytes]:
    keys = {f"probe-{number}": secrets.token_bytes(32) for number in range(count)}
    with closing(open_database(data_dir, database)) as opened, opened.write() as connection:
        rows = [{"probe": probe, "key": opened.vault.seal(key, probe_place(probe)), "enrolled_ms": 1} for probe, key in keys.items()]
        connection.execute(probes.insert(), rows)
    return keys


def _probe(way: _Way, keys: Mapping[str, bytes], told: Connection) -> None:
    """What the probes' process does: each time that it is told, every probe has records to send, and it tells when all are taken."""
    logging.disable(logging.CRITICAL)
    # thousands of probes are elsewhere one in each process
    sslproto.SSLProtocol.max_size = TLS_READ_BYTES
    asyncio.run(_probe_all(way, keys, told))
    sys.exit()


async def _probe_all(way: _Way, keys: Mapping[str, bytes], told: Connection) -> None:
    tls = ssl.create_default_context(cafile=str(way.cert)) if way.cert else None
    spools = {probe: _Pocket() for probe in keys}

    def client(probe: str) -> StreamClient:
        place = [("127.0.0.1", way.port)]
        return HttpClient(place, tls) if way.cert else MqttClient(LinuxBoard(), probe, b"", place, None)

    sending = [asyncio.create_task(Sender(LinuxBoard(), client(probe), key, probe, spools[probe]).run()) for probe, key in keys.items()]
    await asyncio.sleep(0)
    told.send("ready")
    while sending:
        await asyncio.to_thread(told.recv)
        for spool in spools.values():
            spool.put(RECORDS)
        while not all(spool.is_empty() for spool in spools.values()):
            await asyncio.sleep(0.05)
        told.send("done")
