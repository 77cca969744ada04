"""A person marks a call by star code, keys or message: the same record from both runtimes, and a complaint at a real aggregator."""

import json
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from catflap_host import micropython
from tests.e2e.aggregator import Aggregator, running
from tests.probe_side import BOOT, post, read_answer, sign

START = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
SCRIPT = str(Path(__file__).with_name("marks_on_board.py"))
STAFF = "+8613800138000"
POLICY = {"catflap_policy": 1, "mark": {"code": "*39", "sms": [STAFF]}}

Event = tuple[float, str, str]


def rang(at_s: float, number: str) -> list[Event]:
    """A call to an analogue line that nobody answers, as far as the modem knows."""
    return [(at_s, "o", "\r\nRING\r\n"), (at_s + 1, "o", f"NMBR = {number}\r\n"), (at_s + 5, "o", "\r\nRING\r\n")]


def pressed(at_s: float, keys: str) -> list[Event]:
    """Keys that a modem in voice mode hears."""
    return [(at_s + 0.2 * place, "o", f"\x10/\x10{key}\x10~") for place, key in enumerate(keys)]


def clip(at_s: float, number: str) -> list[Event]:
    """A call to a cellular line that its caller gives up."""
    return [(at_s, "o", f'\r\n+CRING: VOICE\r\n\r\n+CLIP: "{number}",129\r\n'), (at_s + 4, "o", "\r\nNO CARRIER\r\n")]


def message(at_s: float, sender: str, text: str, coding: int = 0) -> Event:
    """A short message that the modem passes on."""
    return at_s, "o", f'\r\n+CMT: "{sender}",,"26/03/02,08:00:00+32",145,4,0,{coding},"+8613800100500",145,11\r\n{text}\r\n'


ANALOGUE = [
    *rang(10, "13811110001"),
    (60.0, "i", "ATDT*39\r"),
    (63.0, "i", "ATH\r"),
    # pressed once more: the call is marked already
    *pressed(80, "*39"),
    *rang(100, "13811110002"),
    # a wrong one, then the code while that call may still be talked
    *pressed(107, "*38*39"),
    *rang(200, "13811110003"),
    # a pause in it, and no star
    *pressed(230, "*3"),
    *pressed(240, "9"),
    *pressed(250, "39"),
    # over ten minutes later
    (900.0, "i", "ATDT*39\r"),
]
CELLULAR = [
    *clip(12, "13911110001"),
    message(30, "+8613900000000", "spam"),
    message(40, STAFF, "meet at 10:30"),
    message(50, STAFF, "9A9A6270", 8),
    *clip(112, "13911110002"),
    message(130, STAFF, "13811110001"),
    message(140, STAFF, "*39 139 1111-0002, loans"),
]
MARKS = [
    ("L01", 1, "star-code", "13811110001", "", 60),
    ("L01", 3, "key", "13811110002", "", 108),
    ("L02", 1, "sms", "13911110001", STAFF, 50),
    ("L02", 0, "sms", "13811110001", STAFF, 130),
    ("L02", 2, "sms", "13911110002", STAFF, 140),
]
"""Line, call, way, number, sender, second of each."""


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recording")
    lines = [{"id": "L01", "file": "L01.cast", "dialect": "v253"}, {"id": "L02", "file": "L02.cast", "dialect": "3gpp"}]
    trunk = {"catflap_trunk": 1, "id": "beijing-7", "start": START.isoformat(), "country": "CN", "area_code": "010", "lines": lines}
    (folder / "trunk.json").write_text(json.dumps(trunk))
    (folder / "policy.json").write_text(json.dumps(POLICY))
    for line, events in (("L01", ANALOGUE), ("L02", CELLULAR)):
        rows = [{"version": 2, "width": 80, "height": 24}, *events]
        (folder / f"{line}.cast").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


@pytest.fixture(scope="module")
def told(recording: Path) -> bytes:
    return subprocess.run([sys.executable, SCRIPT, str(recording)], check=True, capture_output=True).stdout


def records(told: bytes) -> list[dict[str, Any]]:
    return [dict(json.loads(line)) for line in told.splitlines()]


def test_code_keys_and_messages_mark_the_call_that_is_meant(told: bytes) -> None:
    marks = [record for record in records(told) if record["k"] == "mark"]
    start_ms = int(START.timestamp() * 1000)
    assert {record["v"] for record in marks} == {1}
    seen = [
        (*(record[name] for name in ("line", "call", "way", "calling", "sender")), (record["at_ms"] - start_ms) // 1000) for record in marks
    ]
    assert sorted(seen) == sorted(MARKS)


def test_both_runtimes_record_the_same_marks(recording: Path, told: bytes) -> None:
    program = micropython.find()
    if program is None:
        pytest.skip("no MicroPython on this machine")
    words = [program, "-X", "heapsize=16m", SCRIPT, str(recording)]
    found = subprocess.run(words, check=True, capture_output=True, env=micropython.environment()).stdout
    assert found == told


def test_a_mark_is_a_complaint_at_the_aggregator_once(told: bytes, tmp_path: Path) -> None:
    """Also across a restart, which begins where it left off."""
    recorded = records(told)
    with running(tmp_path / "data") as aggregator:
        key = aggregator.enrol("demo-a")
        send(aggregator, key, 1, recorded)
        send(aggregator, key, 1, recorded)
        found = wait_for(aggregator, len(MARKS))
    with running(tmp_path / "data") as aggregator:
        calls = {call["id"]: call for call in aggregator.get("/calls?limit=100")}
        later = [record | {"call": 2} for record in recorded if record["k"] == "mark" and record["way"] == "star-code"]
        send(aggregator, key, len(recorded) + 1, later)
        assert wait_for(aggregator, len(MARKS) + 1)[1:] == found
    seen = [(case["source"], case["match"], calls[case["call_id"]]["line"], calls[case["call_id"]]["call"]) for case in found]
    assert sorted(seen) == [
        ("key", "call", "L01", 3),
        ("sms", "call", "L02", 1),
        ("sms", "call", "L02", 2),
        ("sms", "time", "L01", 1),
        ("star-code", "call", "L01", 1),
    ]
    whole = {number for _, _, _, calling, sender, _ in MARKS for number in (calling, sender[3:]) if number}
    assert not any(number in json.dumps(found) for number in whole), "numbers are masked"


def send(aggregator: Aggregator, key: bytes, first: int, told: list[dict[str, Any]]) -> None:
    """Sends records as a probe whose clock is right."""
    header = {"v": 1, "probe": "demo-a", "boot": BOOT, "first": first, "next": first + len(told), "mono_ms": 1}
    lines = (header | {"wall_ms": time.time_ns() // 10**6}, *told)
    connection = aggregator.connect_ingest()
    status, answer = post(connection, sign(key, "".join(f"{json.dumps(line)}\n" for line in lines).encode()))
    connection.close()
    assert (status, read_answer(key, answer)["ack"]) == (200, first + len(told) - 1)


def wait_for(aggregator: Aggregator, many: int) -> list[dict[str, Any]]:
    """The complaints, once there are so many."""
    for _ in range(2000):
        found: list[dict[str, Any]] = aggregator.get("/complaints")
        if len(found) >= many:
            return found
    raise AssertionError(found)
