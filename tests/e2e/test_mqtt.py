"""Batches by MQTT: the same meaning as by HTTPS, through a real broker that may lose whatever it has."""

import asyncio
import json
import shutil
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from boards.linux.board import LinuxBoard
from catflap_models.plan import PlannedCall
from catflap_probe.uplink.mqtt import MqttClient
from catflap_probe.uplink.stream import StreamError
from tests.e2e import runtimes
from tests.e2e.aggregator import TIMEOUT_S, Aggregator, running
from tests.e2e.brokers import free_port, mosquitto
from tests.e2e.test_tls import certificate
from tests.exchange.cellular import SIMCOM
from tests.exchange.playing import play_to_probe
from tests.exchange.trunk import Trunk, TrunkLine
from tests.probe_side import alert, batch, post

TRUNK = Trunk("beijing", "CN", "010", "2026-03-02T08:00:00+08:00", (TrunkLine("L01", SIMCOM),))
PLAN = [PlannedCall(30.0 * n, 0, f"0106234{n:04d}", "shown", "", 8.0, None, 0.0, "legit", "", "") for n in range(3)]
OPEN = ("allow_anonymous true", "set_tcp_nodelay true")


def client(port: int, probe: str = "demo-a", password: bytes = b"") -> MqttClient:
    """The probe's own."""
    return MqttClient(LinuxBoard(), probe, password, [("127.0.0.1", port)], None)


def until_heard(aggregator: Aggregator) -> None:
    """Return once the aggregator hears what is said at its broker."""
    assert aggregator.process.stdout is not None
    while not aggregator.process.stdout.readline().startswith("mqtt "):
        assert aggregator.process.poll() is None


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
@pytest.mark.parametrize("is_secured", [False, True])
@runtimes.BOTH
def test_probe_reports_by_a_broker(tmp_path: Path, runtime_name: str, is_secured: bool) -> None:
    runtime = runtimes.find(runtime_name)
    port = free_port()
    settings, options = list(OPEN), ["--mqtt", f"mqtt://127.0.0.1:{port}"]
    uplink: dict[str, Any] = {"url": f"mqtt://127.0.0.1:{port}", "key_file": str(tmp_path / "played.key")}
    if is_secured:
        cert, key = certificate(tmp_path, "broker")
        settings, extra = secured(tmp_path, cert, key)
        options = ["--mqtt", f"mqtts://aggregator@127.0.0.1:{port}", "--broker-ca", str(cert), *extra]
        uplink |= {"url": f"mqtts://127.0.0.1:{port}", "ca_file": str(cert), "password_file": str(tmp_path / "played.password")}
    with mosquitto(tmp_path, port, settings), running(tmp_path / "data", options) as aggregator:
        aggregator.enrol("played")
        until_heard(aggregator)
        _, made = asyncio.run(play_to_probe(TRUNK, PLAN, runtime, {"uplink": uplink}, tmp_path))
        stored = aggregator.get("/summary")["records"]
    assert made["end"] == len(PLAN)
    assert {kind: count for kind, count in stored.items() if count} == {kind: count for kind, count in made.items() if count}
    assert not list((tmp_path / "state" / "spool").glob("*.log"))


def secured(folder: Path, cert: Path, key: Path) -> tuple[list[str], list[str]]:
    """Settings of a broker with TLS, users and each user's own topics; options of the aggregator. Passwords are in files of `folder`."""
    users = folder / "users"
    users.touch(0o600)
    for user in ("aggregator", "played"):
        path = folder / f"{user}.password"
        path.touch(0o600)
        path.write_text(f"secret of {user}\n")
        words = ["mosquitto_passwd", "-b", str(users), user, f"secret of {user}"]
        subprocess.run(words, check=True, capture_output=True, timeout=TIMEOUT_S)
    access = folder / "access"
    access.touch(0o600)
    access.write_text(
        "user aggregator\ntopic read catflap/v1/batch/#\ntopic write catflap/v1/answer/#\n"
        "pattern write catflap/v1/batch/%u/+\npattern read catflap/v1/answer/%u/+\n"
    )
    settings = ["allow_anonymous false", f"password_file {users}", f"acl_file {access}", f"certfile {cert}", f"keyfile {key}"]
    return [*settings, "set_tcp_nodelay true"], ["--broker-password-file", str(folder / "aggregator.password")]


def test_answers_are_those_of_https(tmp_path: Path) -> None:
    port = free_port()
    with mosquitto(tmp_path, port, OPEN), running(tmp_path / "data", ["--mqtt", f"mqtt://127.0.0.1:{port}"]) as aggregator:
        keys = [aggregator.enrol(probe) for probe in ("demo.a", "demo.b")]
        until_heard(aggregator)

        def bodies(probe: str, key: bytes) -> list[bytes]:
            return [
                batch(key, probe, 1, [alert(1)]),
                batch(key, probe, 1, [alert(1)]),
                batch(key, probe, 3, [alert(3)]),
                batch(key, probe, 2, [alert(2)], epoch=7),
                batch(key, probe, 2, [{"k": "call", "x": "y" * 5_000}]),
                batch(key, probe, 2, [{"k": "call", "x": [json.loads("[" * 20 + "]" * 20)]}]),
                batch(bytes(32), probe, 2, [alert(2)]),
                b"hello",
                b"x" * 262_145,
            ]

        with closing(aggregator.connect_ingest()) as connection:
            by_https = [post(connection, body) for body in bodies("demo.a", keys[0])]
        by_mqtt = asyncio.run(posted(client(port, "demo.b"), bodies("demo.b", keys[1])))
    assert [sense(answer, "demo.a") for answer in by_https] == [sense(answer, "demo.b") for answer in by_mqtt]
    assert [status for status, _ in by_mqtt] == [200, 200, 409, 409, 413, 422, 401, 400, 413]


async def posted(client: MqttClient, bodies: list[bytes]) -> list[tuple[int, bytes]]:
    """The answers to bodies, one after the other."""
    answers = [await client.post("", "", body) for body in bodies]
    client.close()
    return answers


def sense(answer: tuple[int, bytes], probe: str) -> tuple[int, object]:
    """What an answer says, but for times, names and sizes."""
    status, content = answer
    fields = json.loads(content.split(b"\n")[0])
    assert fields.pop("probe", probe) == probe
    fields.pop("wall_ms", None)
    fields.pop("detail", None)
    return status, fields | {"epoch": bool(fields.get("epoch"))} | {"signed": content.count(b"\n") == 2}


def test_batch_by_another_ones_topic_is_refused(tmp_path: Path) -> None:
    port = free_port()
    with mosquitto(tmp_path, port, OPEN), running(tmp_path / "data", ["--mqtt", f"mqtt://127.0.0.1:{port}"]) as aggregator:
        key = aggregator.enrol("demo-a")
        until_heard(aggregator)
        ((status, answer),) = asyncio.run(posted(client(port, "demo-b"), [batch(key, "demo-a", 1, [alert(1)])]))
    assert (status, json.loads(answer)["error"]) == (400, "malformed")


def test_wrong_password_is_named(tmp_path: Path) -> None:
    port = free_port()
    users = tmp_path / "users"
    users.touch(0o600)
    with mosquitto(tmp_path, port, ["allow_anonymous false", f"password_file {users}"]), pytest.raises(StreamError, match="not allowed"):
        asyncio.run(posted(client(port, password=b"guess"), [b""]))
