"""What is sent to a modem: dialling and hanging up again, nothing else."""

import pytest

from catflap_probe.call import SHOWN
from catflap_probe.dialect.sent import Sent
from catflap_probe.dialect.text import Listener
from catflap_probe.events import DIALLED, RELEASED


class Heard(Listener):
    def __init__(self) -> None:
        self.events: list[tuple[int, int, str, int]] = []

    def heard(self, kind: int, t_ms: int, now_ms: int, text: str, detail: int) -> None:
        self.events.append((kind, t_ms, text, detail))


def events_of(*pieces: bytes) -> list[tuple[int, int, str, int]]:
    heard = Heard()
    sent = Sent(heard)
    for now_ms, piece in enumerate(pieces):
        sent.feed(now_ms, piece)
    return heard.events


@pytest.mark.parametrize(
    ("command", "called"),
    [
        (b"ATD13812345678;\r", "13812345678"),
        (b"ATDT01062345678\r", "01062345678"),
        (b"atdp 010-6234 5678\r", "01062345678"),
        (b"ATX3DT9,01062345678\r", "901062345678"),
        (b"AT&F1E0D+8613812345678;\r", "+8613812345678"),
        (b"ATDL\r", ""),
    ],
)
def test_a_dialling_command_tells_the_number_called(command: bytes, called: str) -> None:
    assert events_of(command) == [(DIALLED, 0, called, SHOWN)]


@pytest.mark.parametrize(
    "command",
    [
        b"AT+VCID=1\r",
        b"AT&D2\r",
        b"ATH\r",
        b"ATZ\r",
        b"AT+CDIP=1\r",
        b"ATD*99***1#\r",
        b"ATD*100#;\r",
        b"D13812345678\r",
        b"\xff\x00\r",
        b"AT",
    ],
)
def test_other_commands_tell_nothing(command: bytes) -> None:
    assert events_of(command) == []


def test_hanging_up_releases_what_was_dialled_once() -> None:
    assert [event[:3] for event in events_of(b"ATD110;\r", b"ATH", b"\r", b"ATH\r")] == [(DIALLED, 0, "110"), (RELEASED, 1, "")]


def test_a_command_without_end_is_bounded() -> None:
    assert events_of(b"ATD" + b"1" * 10_000, b"\r") == [(DIALLED, 0, "1" * 61, SHOWN)]


@pytest.mark.parametrize("command", [b"ATD*99***1#\r", b"ATD*100#;\r"])
def test_a_code_for_the_network_and_packet_data_are_no_calls(command: bytes) -> None:
    assert events_of(command) == []
