"""A board on the emulated RP2040: a client of emulator/main.mjs, which it starts and talks to in JSON lines, in virtual time."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.hil.prepare import Prepared

BOARD_ID = bytes.fromhex("e66058388343c12a")
FLASH_BYTES = 2 << 20
DISK_BYTES = 1408 << 10
"""MicroPython's file system on a Pico: the end of the flash."""


class BoardFault(AssertionError):
    """The runner broke, or the board did what would crash a real one."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command that the board sent to the modem: when its first byte left, and when the byte before it had come from the modem."""

    uart: int
    text: str
    began_us: int
    fed_us: int


class EmulatedBoard:
    """One board. Times are virtual microseconds since power-on; nothing runs between calls."""

    def __init__(self, prepared: Prepared, board_id: bytes = BOARD_ID) -> None:
        """Starts the runner with the firmware in its flash; the power is off until `power()`."""
        words = [prepared.node, "main.mjs"]
        self._process = subprocess.Popen(words, cwd=prepared.emulator, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        self.now_us = 0
        self.usb = bytearray()
        self.usb_at: list[tuple[int, int]] = []  # (length of `usb` before, virtual time) of each packet
        self.commands: list[Command] = []
        self.resets: list[tuple[int, str]] = []
        self.leds: list[tuple[int, bool]] = []
        self.ready_us: int | None = None
        self._tell(do="board", rom=str(prepared.rom), id=list(board_id))
        self._tell(do="flash", image=str(prepared.firmware), at=0)

    def close(self) -> None:
        """Ends the runner."""
        self._process.kill()
        self._process.wait()

    def __enter__(self) -> "EmulatedBoard":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def load_disk(self, image: Path) -> None:
        """Puts a littlefs image into the flash."""
        self._tell(do="flash", image=str(image), at=FLASH_BYTES - DISK_BYTES)

    def stalls(self, **times: int) -> None:
        """Sets how long the flash takes: erase_us, program_us, worst_erase_us, worst_program_us, and every how many operations the worst comes."""
        self._tell(do="stalls", **times)

    def power(self) -> None:
        """Takes the power away and gives it back."""
        self._tell(do="power")

    def modem(
        self, uart: int, baud: int, reply_us: int = 0, replies: Mapping[str, str] | None = None, otherwise: str = "\r\nOK\r\n"
    ) -> None:
        """Wires a modem to a UART that answers commands after `reply_us`."""
        self._tell(do="modem", uart=uart, baud=baud, reply_us=reply_us, replies=dict(replies or {}), otherwise=otherwise)

    def feed(self, uart: int, events: Iterable[tuple[int, str]]) -> None:
        """Has the modem say texts whose first bytes arrive at the given times."""
        self._tell(do="feed", uart=uart, events=list(events))

    def write(self, data: bytes) -> None:
        """Sends bytes over USB."""
        self._tell(do="usb", text=data.decode("latin-1"))

    def open(self, is_open: bool) -> None:
        """Has the host's program open or close the USB serial port."""
        self._tell(do="open", open=is_open)

    def show_leds(self) -> None:
        """Notes the LED's changes from now on."""
        self._tell(do="leds", show=True)

    def run(self, us: int, until: bytes | None = None) -> bool:
        """Runs for so long, or until the board has written `until` over USB; True if it has."""
        words = {} if until is None else {"text": until.decode("latin-1")}
        self._tell(do="run", until_us=self.now_us + us, **words)
        return bool(self._wait("ran")["found"])

    def stats(self) -> dict[str, Any]:
        """Counters of the runner: busy_us of the core, flash, overruns of the UARTs, errors."""
        self._tell(do="stats")
        return self._wait("stats")

    def dump(self, path: Path) -> None:
        """Writes the flash to a file."""
        self._tell(do="dump", image=str(path))
        self.stats()

    def go(self, pace: float) -> None:
        """Lets it run by itself, at most `pace` virtual seconds a real second."""
        self._tell(do="go", pace=pace)

    def halt(self) -> None:
        """Ends `go`."""
        self._tell(do="halt")
        self._wait("halted")

    def next_event(self) -> dict[str, Any]:
        """Waits for the next thing that happens while it runs by itself."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise BoardFault(f"the runner ended with status {self._process.wait()}")
        event: dict[str, Any] = json.loads(line)
        self._take(event)
        return event

    def _wait(self, kind: str) -> dict[str, Any]:
        while True:
            event = self.next_event()
            if event["event"] == kind:
                return event

    def _take(self, event: dict[str, Any]) -> None:
        kind = event["event"]
        if kind == "fault":
            raise BoardFault(event["message"])
        self.now_us = event["us"]
        if kind == "usb":
            self.usb_at.append((len(self.usb), self.now_us))
            self.usb += event["text"].encode("latin-1")
        elif kind == "command":
            self.commands.append(Command(event["uart"], event["command"], event["began_us"], event["fed_us"]))
        elif kind == "reset":
            self.resets.append((self.now_us, event["reason"]))
        elif kind == "led":
            self.leds.append((self.now_us, event["on"]))
        elif kind == "ready" and self.ready_us is None:
            self.ready_us = self.now_us

    def _tell(self, **command: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
