"""The gateway: its configuration, whom it lends its memory to, and what that is fed by."""

import json
import logging
import time
from pathlib import Path
from typing import Any

import pytest

from catflap_host.cli import main
from catflap_host.errors import UserError
from catflap_host.gateway.memory import WideMemory
from catflap_host.gateway.relay import Relay
from catflap_host.gateway.session import Counts, Session, Site
from catflap_host.gateway.settings import read_settings
from catflap_probe.evidence import read, release
from catflap_probe.trunk import EPOCH_S, TrunkSettings
from catflap_probe.uplink.frames import FrameReader, frame

TRUNK: dict[str, Any] = {
    "id": "t",
    "country": "CN",
    "area_code": "010",
    "lines": [{"id": "L1", "dialect": "3gpp"}, {"id": "L 2", "dialect": "v253"}],
}
CONFIG: dict[str, Any] = {
    "catflap_gateway": 1,
    "state": "/nowhere",
    "ports": ["/dev/serial/by-id/usb-*Catflap*"],
    "trunk": TRUNK,
    "uplink": {"url": "http://127.0.0.1:8750"},
}
HELLO = {"v": 1, "probe": "a", "boot": "00", "unit": "e6", "firmware": "0", "runtime": "", "trunk": "t", "evidence": release()}
NUMBER = "13812345678"


class Bench:
    """A session whose frames are read as its board would."""

    def __init__(self, folder: Path, tells_time: bool = False) -> None:
        self.frames: list[bytes] = []
        self.memory = WideMemory(TrunkSettings(TRUNK), folder / "memory")
        self.counts = Counts()
        reader = FrameReader(self.frames.append)
        self.session = Session("usb", reader.feed, Site("t", self.memory, self.counts, tells_time), Relay("http://127.0.0.1:1", ""))

    def says(self, content: str) -> list[bytes]:
        """What comes back for one frame."""
        self.frames.clear()
        self.session.feed(frame(content.encode()))
        return list(self.frames)

    def hello(self, **changed: object) -> list[bytes]:
        return self.says("H " + json.dumps(HELLO | changed))


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"catflap_gateway": 2}, "not a gateway's configuration"),
        ({"ports": []}, "ports: a list"),
        ({"ports": ["usb0"]}, "ports: a list"),
        ({"baud": "fast"}, "baud: a whole number"),
        ({"trunk": None}, "trunk: an object"),
        ({"trunk": TRUNK | {"lines": []}}, "trunk.lines: a list"),
        ({"uplink": {"url": "aggregator"}}, "is no http://"),
        ({"uplink": {}}, "uplink.url: a string"),
        ({"tells_time": 1}, "tells_time: true or false"),
    ],
)
def test_a_configuration_is_refused_with_its_place_and_fault(tmp_path: Path, changed: dict[str, Any], fault: str) -> None:
    path = tmp_path / "gateway.json"
    path.write_text(json.dumps(CONFIG | changed))
    with pytest.raises(UserError, match=fault):
        read_settings(path)


def test_a_state_folder_that_cannot_be_made_ends_the_command_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / "gateway.json"
    path.write_text(json.dumps(CONFIG | {"state": str(tmp_path / "file" / "state")}))
    assert main(["gateway", "--config", str(path)]) == 2
    assert capsys.readouterr().err == f"catflap: {tmp_path}/file/state: Not a directory\n"


def test_what_one_board_asked_about_is_known_when_another_asks(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    assert bench.hello() == [b"w 0 1"]
    (first,) = bench.says(f"Q 1 500000000 1 {NUMBER} L1")
    (second,) = bench.says(f"Q 2 500000060 1 {NUMBER} L 2")
    assert [first.split()[:2], second.split()[:2]] == [[b"e", b"1"], [b"e", b"2"]]
    before, after = read(first.split()[2].decode()), read(second.split()[2].decode())
    assert not before.knows_number()
    assert after.knows_number()


def test_an_end_is_taken_in(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.hello()
    bench.says(f"Q 1 500000000 1 {NUMBER} L1")
    assert bench.says(f"X 500000020 12000 1 200 1 {NUMBER}") == []
    row = bench.memory.memory.look(NUMBER, 500000030).row
    assert bench.memory.memory.numbers.ring_ds[row] == 120
    assert bench.memory.memory.numbers.answered[row] == 1
    assert bench.memory.memory.numbers.suspicion[row] == 150
    assert bench.memory.memory.suspicion.suspects.keys == [NUMBER]
    # a call that the classifier was not asked about leaves no suspicion
    bench.says(f"X 500000040 12000 1 -1 1 {NUMBER}")
    assert bench.memory.memory.numbers.suspicion[row] == 150


def test_the_memory_is_there_after_a_restart(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.hello()
    bench.says(f"Q 1 500000000 1 {NUMBER} L1")
    bench.memory.save()
    again = Bench(tmp_path)
    again.hello()
    (answer,) = again.says(f"Q 1 500000060 1 {NUMBER} L1")
    assert read(answer.split()[2].decode()).knows_number()


@pytest.mark.parametrize("changed", [{"trunk": "other"}, {"evidence": "00000000"}])
def test_a_board_of_another_trunk_or_release_is_welcome_but_neither_asks_nor_feeds(tmp_path: Path, changed: dict[str, object]) -> None:
    bench = Bench(tmp_path)
    assert bench.hello(**changed) == [b"w 0 0"]
    assert bench.says(f"Q 1 500000000 1 {NUMBER} L1") == []
    assert bench.says(f"X 500000020 12000 1 200 1 {NUMBER}") == []
    assert bench.memory.memory.look(NUMBER, 500000030).row < 0


def test_a_line_that_is_not_configured_gets_no_evidence_and_is_named_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    bench = Bench(tmp_path)
    bench.hello()
    for number in (1, 2):
        assert bench.says(f"Q {number} 500000000 1 {NUMBER} L9") == []
    assert [record.message for record in caplog.records if "L9" in record.message] == [
        "a on usb: line L9 is not in the gateway's configuration: it gets no evidence"
    ]


def test_a_board_whose_clock_is_out_is_told_the_time_and_does_not_spoil_the_memory(tmp_path: Path) -> None:
    bench = Bench(tmp_path, tells_time=True)
    before_ms = time.time_ns() // 1_000_000
    (welcome,) = bench.hello()
    assert before_ms <= int(welcome.split()[1]) <= time.time_ns() // 1_000_000
    (again,) = bench.says(f"Q 1 {int(time.time()) - EPOCH_S + 86400} 1 {NUMBER} L1")
    assert again.startswith(b"w ")
    assert bench.memory.memory.since_s == 0
    (answer,) = bench.says(f"Q 2 {int(time.time()) - EPOCH_S} 1 {NUMBER} L1")
    assert answer.startswith(b"e 2 ")


def test_a_board_that_was_there_before_the_gateway_is_asked_who_it_is(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    assert bench.says(f"Q 1 500000000 1 {NUMBER} L1") == [b"h"]


@pytest.mark.parametrize(
    "content",
    [
        "H",
        "H []",
        "H {}",
        "H 7",
        "B",
        "B 1 0 0 x",
        "B 1 0 99999999 x",
        "B a b c d",
        "Q",
        "Q 1 2",
        "Q x 1 1 1 L1",
        "Q 1 -5 1 138 L1",
        "X",
        "X 99999999999 1 1 1 1 1",
        "?",
    ],
)
def test_a_frame_without_sense_is_passed_over(tmp_path: Path, content: str) -> None:
    bench = Bench(tmp_path)
    bench.hello()
    bench.says(content)
    assert bench.hello()[-1].startswith(b"w ")
    assert bench.memory.memory.since_s == 0


def test_what_a_board_prints_is_in_the_log(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    bench = Bench(tmp_path)
    bench.hello()
    bench.session.feed(b"INFO:catflap.probe: L1: modem-ready\r\n\x00\x01\n")
    assert caplog.records[-1].message == "a on usb says: INFO:catflap.probe: L1: modem-ready"
