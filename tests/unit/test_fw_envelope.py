"""The probe's side of the envelope against the golden vectors, on both runtimes, and its stand-in for hmac."""

import hmac
import importlib.util
import json
import subprocess
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from catflap_host import micropython
from catflap_probe.uplink.envelope import EnvelopeError, batch, read_answer

FIRMWARE = Path(__file__).parents[2] / "firmware"
PATH = FIRMWARE / "vectors" / "envelope.json"
VECTORS: dict[str, Any] = json.loads(PATH.read_text(encoding="utf-8"))
KEY = bytes.fromhex(VECTORS["key"])
ANSWER = VECTORS["answers"][0]


def answer_of(vector: dict[str, Any]) -> list[object]:
    fields = vector["fields"]
    feed = fields.get("feed", {})
    common = [fields["ack"], fields.get("error", ""), fields["retry_after_ms"], fields.get("epoch", 0)]
    return [*common, fields.get("poll_ms", 0), feed.get("at", 0), feed.get("pool", "")]


def read(body: bytes, key: bytes = KEY, probe: str = "demo-a", boot: str = ANSWER["fields"]["boot"]) -> list[object]:
    answer = read_answer(key, probe, boot, body)
    return [answer.ack, answer.error, answer.retry_after_ms, answer.epoch, answer.poll_ms, answer.feed_at, answer.feed]


@pytest.mark.parametrize("vector", VECTORS["batches"], ids=lambda vector: vector["name"])
def test_golden_batch_is_built(vector: dict[str, Any]) -> None:
    records = [record.encode() for record in vector["records"]]
    stamps = vector["mono_ms"], vector["wall_ms"]
    covers = vector["first"], vector["next"]
    assert (
        batch(KEY, vector["probe"], vector["boot"], vector["epoch"], *covers, *stamps, records, vector.get("feed", ""))
        == vector["body"].encode()
    )


@pytest.mark.parametrize("vector", VECTORS["answers"], ids=lambda vector: vector["name"])
def test_golden_answer_is_read(vector: dict[str, Any]) -> None:
    assert read(vector["body"].encode()) == answer_of(vector)


@pytest.mark.skipif(micropython.find() is None, reason="no MicroPython for this machine")
def test_golden_vectors_on_micropython() -> None:
    program = micropython.find()
    assert program is not None
    script = Path(__file__).with_name("envelope_on_board.py")
    words = [program, str(script), str(PATH)]
    output = subprocess.run(words, env=micropython.environment(), check=True, timeout=60, stdout=subprocess.PIPE).stdout
    expected = [vector["body"] for vector in VECTORS["batches"]] + [answer_of(vector) for vector in VECTORS["answers"]]
    assert [json.loads(line) for line in output.decode().splitlines()] == expected


def test_an_answer_under_another_key_is_not_believed() -> None:
    with pytest.raises(EnvelopeError, match="no valid MAC"):
        read(ANSWER["body"].encode(), key=bytes(32))


@pytest.mark.parametrize("body", [b"", b"\n", b"{}", ANSWER["body"].encode()[:-3], ANSWER["body"].replace("104", "105").encode()])
def test_an_answer_without_its_mac_is_not_believed(body: bytes) -> None:
    with pytest.raises(EnvelopeError, match="no valid MAC"):
        read(body)


@pytest.mark.parametrize(("probe", "boot"), [("demo-b", ANSWER["fields"]["boot"]), ("demo-a", "0" * 16)])
def test_an_answer_to_somebody_else_is_not_believed(probe: str, boot: str) -> None:
    with pytest.raises(EnvelopeError, match="another probe or boot"):
        read(ANSWER["body"].encode(), probe=probe, boot=boot)


@pytest.mark.parametrize("line", [b"7", b"{", b"{}", b'{"v":1,"probe":"demo-a","boot":"%s"}' % ANSWER["fields"]["boot"].encode()])
def test_a_signed_answer_that_makes_no_sense_is_an_envelope_error(line: bytes) -> None:
    mac = hmac.digest(KEY, b"catflap-answer-1\n" + line + b"\n", "sha256").hex().encode()
    with pytest.raises(EnvelopeError, match="cannot be read"):
        read(line + b"\n" + mac + b"\n")


@pytest.fixture(scope="module")
def stand_in() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hmac_stand_in", FIRMWARE / "lib" / "hmac.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("key_bytes", [0, 1, 32, 63, 64, 65, 200])
def test_the_hmac_stand_in_equals_the_standard_library(stand_in: ModuleType, key_bytes: int) -> None:
    key = bytes(index % 256 for index in range(key_bytes))
    for message in (b"", b"catflap", bytes(1000)):
        theirs = hmac.new(key, message, "sha256")
        assert stand_in.new(key, message, "sha256").digest() == theirs.digest()
        assert stand_in.new(key, message, "sha256").hexdigest() == theirs.hexdigest()
        in_pieces = stand_in.new(key)
        in_pieces.update(message[:3])
        in_pieces.update(message[3:])
        assert in_pieces.digest() == theirs.digest()


@pytest.mark.parametrize(("one", "other"), [(b"ab", b"ab"), ("ab", "ab"), (b"ab", b"ac"), (b"ab", b"abc"), (b"", b"")])
def test_the_stand_in_compares_as_the_standard_library_does(stand_in: ModuleType, one: Any, other: Any) -> None:
    assert stand_in.compare_digest(one, other) == hmac.compare_digest(one, other)
