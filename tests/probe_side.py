"""The probe's side of the envelope, written from firmware/PROTOCOL.md alone, for tests of the aggregator."""

import hmac
import http.client
import json
from collections.abc import Sequence

BOOT = "9f0c41d2a7b3e658"
WALL_MS = 1_772_380_812_345


def sign(key: bytes, signed: bytes) -> bytes:
    """A whole body: what is signed, and the line with its MAC."""
    return signed + hmac.digest(key, b"catflap-batch-1\n" + signed, "sha256").hex().encode() + b"\n"


def batch(
    key: bytes,
    probe: str,
    first: int,
    records: Sequence[object],
    covered: int | None = None,
    boot: str = BOOT,
    epoch: int | None = None,
) -> bytes:
    """A body with records as JSON; `covered` is the count of sequence numbers where a drop covers several; None: a probe without epochs."""
    header: dict[str, object] = {
        "v": 1,
        "probe": probe,
        "boot": boot,
        "first": first,
        "next": first + (len(records) if covered is None else covered),
    }
    if epoch is not None:
        header["epoch"] = epoch
    lines = [json.dumps(line) for line in ({**header, "mono_ms": 735_012, "wall_ms": WALL_MS}, *records)]
    return sign(key, "".join(f"{line}\n" for line in lines).encode())


def read_answer(key: bytes, body: bytes) -> dict[str, object]:
    """The fields of an answer whose MAC is right; fails the test where it is not."""
    line, mac, rest = body.split(b"\n")
    assert not rest
    assert mac.decode() == hmac.digest(key, b"catflap-answer-1\n" + line + b"\n", "sha256").hex()
    fields: dict[str, object] = json.loads(line)
    return fields


def post(connection: http.client.HTTPConnection, body: bytes) -> tuple[int, bytes]:
    """Send a body to the ingest and read the status and the answer."""
    connection.request("POST", "/v1/batch", body, {"Content-Type": "application/x-catflap"})
    response = connection.getresponse()
    return response.status, response.read()


def alert(call: int, **changed: object) -> dict[str, object]:
    """An `alert` record."""
    fields = {
        "k": "alert",
        "trunk": "beijing-7",
        "line": "L01",
        "call": call,
        "at_ms": WALL_MS - 3_000,
        "decided_ms": WALL_MS - 2_000,
        "direction": "in",
        "calling": "13812345678",
        "presentation": "shown",
        "name": "",
        "number_kind": "mobile",
        "country": "CN",
        "holder": "中国移动",
        "place": "",
        "called": "01062345601",
        "channel": "",
        "label": "simbank",
        "score": 9_731,
        "action": "block",
        "shadow": False,
        "reasons": ["pool.turn-order"],
        "model": "2026-03-01",
    }
    return fields | changed


def end(call: int, **changed: object) -> dict[str, object]:
    """An `end` record."""
    fields = {
        "k": "end",
        "trunk": "beijing-7",
        "line": "L01",
        "call": call,
        "at_ms": WALL_MS - 3_000,
        "ended_ms": WALL_MS,
        "final_label": "simbank",
        "rings": 1,
        "ring_ms": 1_000,
        "answered_ms": -1,
        "outcome": "stopped",
    }
    return fields | changed


def alarm(members: Sequence[str], **changed: object) -> dict[str, object]:
    """An `alarm` record."""
    fields = {"k": "alarm", "trunk": "beijing-7", "alarm": "a1", "at_ms": WALL_MS, "kind": "simbank", "members": list(members)}
    return fields | {"score": 9_000, "reasons": ["pool.turn-order"]} | changed
