"""Syslog: messages by the grammar of RFC 5424, and their three ways to a real receiver."""

import asyncio
import re
import shutil
import socket
import ssl
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catflap_host.deliver.events import ALARM_RAISED, Event, events_of
from catflap_host.deliver.syslog import Receiver, Sender, message, parse_receiver
from catflap_host.errors import UserError
from catflap_host.store.rows import Change
from tests.e2e.test_tls import certificate
from tests.unit.test_console_page import ALARM, call_with

CALL = replace(
    call_with("plain"), outcome="stopped", ended_ms=1_772_380_812_345, calling="13812345678", label="simbank", reasons=["a", "b"]
)
(BLOCKED,) = events_of([Change(7, "end", "demo-a", "b", 1, 0, CALL, None)])
GRAMMAR = re.compile(
    rb"<(?P<pri>\d{1,3})>1 (?P<time>\S+) (?P<host>[!-~]{1,255}) (?P<app>[!-~]{1,48}) (?P<process>[!-~]{1,128}) (?P<id>[!-~]{1,32}) "
    rb"\[(?P<sd>[!-<>-\\^-~]{1,32})(?P<data>( [!-<>-\\^-~]{1,32}=\"([^\"\\\]]|\\[\"\\\]])*\")*)\] \xef\xbb\xbf(?P<text>.*)",
    re.DOTALL,
)


def parsed(text: bytes) -> dict[str, bytes]:
    found = GRAMMAR.fullmatch(text)
    assert found, text
    return found.groupdict()


def test_a_stopped_call_as_a_message() -> None:
    parts = parsed(message(BLOCKED, "pi-1", 42))
    assert parts["pri"] == b"133", "local0, notice"
    assert datetime.fromisoformat(parts["time"].decode()).timestamp() == pytest.approx(CALL.ended_ms / 1000)
    assert (parts["host"], parts["app"], parts["process"], parts["id"]) == (b"pi-1", b"catflap", b"42", b"call.blocked")
    assert b' calling="138****5678" label="simbank"' in parts["data"]
    assert b"stopped" in parts["text"]


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_nobodys_text_breaks_the_grammar(text: str) -> None:
    alarm = replace(ALARM, trunk=text, kind=text, probe=text, reasons=[text])
    parts = parsed(message(Event("record-1", ALARM_RAISED, ALARM.at_ms, alarm), text, 1))
    assert parts["pri"] == b"132", "local0, warning"
    trunk = re.search(rb' trunk="((?:[^"\\\]]|\\["\\\]])*)"', parts["data"])
    assert trunk
    assert re.sub(rb'\\(["\\\]])', rb"\1", trunk[1]).decode() == text


def test_events_are_alarms_and_calls_that_were_stopped() -> None:
    base = Change(7, "end", "demo-a", "b", 1, 0, CALL, None)
    changes = [
        base,
        replace(base, id=8, kind="alert"),
        replace(base, id=9, call=replace(CALL, outcome="none")),
        Change(10, "alarm", "demo-a", "b", 4, 0, None, ALARM),
        Change(11, "alarm", "demo-a", "b", 5, 0, None, replace(ALARM, at_ms=ALARM.at_ms + 1)),
        Change(12, "health", "demo-a", "b", 6, 0, None, None),
    ]
    found = [(event.id, event.type) for event in events_of(changes)]
    assert found == [("record-7", "call.blocked"), ("record-10", "alarm.raised"), ("record-11", "alarm.changed")]


@pytest.mark.parametrize(
    ("text", "receiver"),
    [
        ("udp://log", Receiver("udp", "log", 514)),
        ("tcp://log", Receiver("tcp", "log", 601)),
        ("tls://[::1]:99", Receiver("tls", "::1", 99)),
    ],
)
def test_receiver(text: str, receiver: Receiver) -> None:
    assert parse_receiver(text) == receiver


@pytest.mark.parametrize("text", ["log", "http://log", "udp://", "udp://log:99999", "udp://log/x", "tcp://me@log", ""])
def test_no_receiver(text: str) -> None:
    with pytest.raises(UserError, match="is no syslog receiver"):
        parse_receiver(text)


def test_datagrams_arrive() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.settimeout(30)
        asyncio.run(Sender(Receiver("udp", "127.0.0.1", listening.getsockname()[1])).send([message(BLOCKED, "h", 1)] * 2))
        assert [listening.recv(4096) for _ in range(2)] == [message(BLOCKED, "h", 1)] * 2


async def read_counted(reader: asyncio.StreamReader) -> bytes:
    return await reader.readexactly(int(await reader.readuntil(b" ")))


async def through(scheme: str, ca_file: Path | None, context: ssl.SSLContext | None) -> list[bytes]:
    """Two messages, the receiver's departure after the first, and one to its successor."""
    heard: list[bytes] = []
    arrived: asyncio.Queue[asyncio.StreamWriter] = asyncio.Queue()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await read_counted(reader))
        await arrived.put(writer)

    server = await asyncio.start_server(listen, "127.0.0.1", 0, ssl=context)
    sender = Sender(Receiver(scheme, "127.0.0.1", server.sockets[0].getsockname()[1], ca_file))
    await sender.send([b"one"])
    first = await arrived.get()
    first.close()
    await first.wait_closed()
    while sender._reader and not sender._reader.at_eof():
        await asyncio.sleep(0)
    await sender.send(["zwei 二".encode()])
    second = await arrived.get()
    second.close()
    sender.close()
    server.close()
    await server.wait_closed()
    return heard


def test_tcp_counts_octets_and_comes_back() -> None:
    assert asyncio.run(through("tcp", None, None)) == [b"one", "zwei 二".encode()]


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
def test_tls_believes_its_own_ca_only(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path, "log")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    assert asyncio.run(through("tls", cert, context)) == [b"one", "zwei 二".encode()]

    async def refused() -> None:
        server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
        async with server:
            await Sender(Receiver("tls", "127.0.0.1", server.sockets[0].getsockname()[1])).send([b"secret"])

    with pytest.raises(ssl.SSLError, match="CERTIFICATE_VERIFY_FAILED"):
        asyncio.run(refused())
