"""The aggregator's side of the envelope against the golden vectors."""

import json
from pathlib import Path
from typing import Any

import pytest

from catflap_host.ingest import envelope
from catflap_host.ingest.envelope import RefusedError
from tests.probe_side import batch, sign

VECTORS: dict[str, Any] = json.loads((Path(__file__).parents[2] / "firmware/vectors/envelope.json").read_text())
KEY = bytes.fromhex(VECTORS["key"])


def judge(body: bytes) -> list[envelope.Record]:
    """What the ingest does with a body, the golden probe being the only one enrolled."""
    found = envelope.split(body)
    if found.header.probe != VECTORS["probe"]:
        raise RefusedError(401, "unknown-probe", "")
    envelope.verify(found, KEY)
    return envelope.read_records(found)


@pytest.mark.parametrize("vector", VECTORS["batches"], ids=lambda vector: vector["name"])
def test_golden_batch_is_read(vector: dict[str, Any]) -> None:
    body = vector["body"].encode()
    header = envelope.split(body).header
    records = judge(body)
    names = ("probe", "boot", "epoch", "first", "next", "mono_ms", "wall_ms")
    assert (header.probe, header.boot, header.epoch, header.first, header.next_seq, header.mono_ms, header.wall_ms) == tuple(
        vector[name] for name in names
    )
    assert [record.raw for record in records] == vector["records"]
    assert sum(record.count for record in records) == vector["next"] - vector["first"]


@pytest.mark.parametrize("vector", VECTORS["answers"], ids=lambda vector: vector["name"])
def test_golden_answer_is_written(vector: dict[str, Any]) -> None:
    fields = vector["fields"]
    header = envelope.Header(fields["probe"], fields["boot"], 1, 1, 0, 0)
    told = fields["ack"], fields["wall_ms"], fields["retry_after_ms"], fields.get("error", "")
    feed = {name: fields[name] for name in ("poll_ms", "feed") if name in fields}
    written = envelope.answer(header, *told, KEY, fields.get("epoch", 0), feed)
    assert written == vector["body"].encode()


@pytest.mark.parametrize("vector", VECTORS["refused"], ids=lambda vector: vector["name"])
def test_golden_refusal_has_its_name(vector: dict[str, Any]) -> None:
    with pytest.raises(RefusedError) as refused:
        judge(vector["body"].encode())
    assert (refused.value.status, refused.value.error) == (vector["status"], vector["error"])


def test_limits_are_those_of_the_protocol() -> None:
    most = [{"k": "call"}] * 500
    assert len(judge(batch(KEY, "demo-a", 1, most))) == 500
    widest = {"k": "call", "x": "y" * (4096 - len('{"k": "call", "x": ""}'))}
    assert len(judge(batch(KEY, "demo-a", 1, [widest]))) == 1
    for body in (batch(KEY, "demo-a", 1, [*most, {}]), batch(KEY, "demo-a", 1, [widest | {"x": widest["x"] + "y"}]), b"x" * 262_145):
        with pytest.raises(RefusedError, match=r"allowed|at once") as refused:
            judge(body)
        assert (refused.value.status, refused.value.error) == (413, "too-large")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("v", True),
        ("v", None),
        ("probe", 7),
        ("probe", "a" * 65),
        ("probe", "a\n"),
        ("boot", "g" * 16),
        ("first", "1"),
        ("first", 1.0),
        ("first", True),
        ("next", 0),
        ("next", 2**63),
        ("mono_ms", None),
        ("wall_ms", []),
        ("epoch", None),
        ("epoch", -1),
        ("epoch", 2**53 + 1),
    ],
)
def test_odd_header_is_malformed(field: str, value: object) -> None:
    header = {"v": 1, "probe": "demo-a", "boot": "0" * 16, "first": 1, "next": 1, "mono_ms": 0, "wall_ms": 0}
    judge(sign(KEY, json.dumps(header).encode() + b"\n"))
    with pytest.raises(RefusedError, match=field) as refused:
        judge(sign(KEY, json.dumps(header | {field: value}).encode() + b"\n"))
    assert refused.value.error == "malformed"


@pytest.mark.parametrize("line", [b"NaN", b'{"k":"call","score":Infinity}', b'"\xff"', b'\xef\xbb\xbf{"k":"call"}', b"", b"{}{}"])
def test_record_that_is_not_json_is_malformed(line: bytes) -> None:
    header = b'{"v":1,"probe":"demo-a","boot":"0000000000000000","first":1,"next":2,"mono_ms":0,"wall_ms":0}\n'
    with pytest.raises(RefusedError, match="record 1 is not JSON"):
        judge(sign(KEY, header + line + b"\n"))


@pytest.mark.parametrize("said", ['"waiting":"7"', '"release":7', '"release":"a\\u001b"', '"release":"%s"' % ("x" * 65)])
def test_what_a_probe_is_and_holds_has_its_form(said: str) -> None:
    header = '{"v":1,"probe":"demo-a","boot":"0000000000000000","first":1,"next":1,"mono_ms":0,"wall_ms":0,SAID}\n'.replace("SAID", said)
    with pytest.raises(RefusedError) as refused:
        judge(sign(KEY, header.encode()))
    assert (refused.value.status, refused.value.error) == (400, "malformed")


@pytest.mark.parametrize("line", [b"7", b"[]", b"null", b'"text"', b"[" * 16 + b"]" * 16, b"[" + b"[]," * 20 + b"{}]"])
def test_json_that_is_no_object_is_kept_as_it_came(line: bytes) -> None:
    header = b'{"v":1,"probe":"demo-a","boot":"0000000000000000","first":1,"next":2,"mono_ms":0,"wall_ms":0}\n'
    (record,) = judge(sign(KEY, header + line + b"\n"))
    assert (record.raw.encode(), record.fields) == (line, {})


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 17 + b"]" * 17,
        b"[" * 2000 + b"]" * 2000,
        b'{"k":"call","x":' * 17 + b"7" + b"}" * 17,
        b"[" * 15 + b"[],[" * 2 + b"7" + b"]" * 17,
    ],
)
def test_record_nested_too_deep_has_its_refusal(line: bytes) -> None:
    header = b'{"v":1,"probe":"demo-a","boot":"0000000000000000","first":1,"next":2,"mono_ms":0,"wall_ms":0}\n'
    with pytest.raises(RefusedError, match="record 1 is nested") as refused:
        judge(sign(KEY, header + line + b"\n"))
    assert (refused.value.status, refused.value.error) == (422, "too-deep")


def test_header_nested_too_deep_has_its_refusal() -> None:
    with pytest.raises(RefusedError, match="the header is nested") as refused:
        judge(sign(KEY, b"[" * 100_000 + b"]" * 100_000 + b"\n"))
    assert refused.value.error == "too-deep"
