"""A board on the emulated RP2040: a client of emulator/main.mjs, which it starts and talks to in JSON lines, in virtual time."""

import json
import os
import select
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tests.hil.board import BoardFault, Command
from tests.hil.disk import make_disk
from tests.hil.prepare import Prepared

BOARD_ID = bytes.fromhex("e66058388343c12a")
FLASH_BYTES = 2 << 20
DISK_BYTES = 1408 << 10
"""MicroPython's file system on a Pico: the end of the flash."""

READ_BYTES = 1 << 16
SILENT_S = 120.0
"""A runner that has work to do tells every ten seconds that it is alive: one that says nothing for so long never will."""


class EmulatedBoard:
    """One board; see Board."""

    def __init__(self, prepared: Prepared, board_id: bytes = BOARD_ID, firmware: Path | None = None) -> None:
        """Starts the runner with the firmware in its flash; the power is off until `power()`."""
        words = [prepared.node, "main.mjs"]
        self._process = subprocess.Popen(words, cwd=prepared.emulator, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._lines: list[bytes] = []  # read and not yet looked at, the last one unfinished
        self.now_us = 0
        self.usb = bytearray()
        self.usb_at: list[tuple[int, int]] = []  # of each packet: the length of `usb` before it, and when it came
        self.commands: list[Command] = []
        self.late: dict[tuple[int, int, str], float] = {}  # (UART, planned time, text): when the wire was free for it
        self.resets: list[tuple[int, str]] = []
        self.leds: list[tuple[int, bool]] = []
        self._tell(do="board", rom=str(prepared.rom), id=list(board_id))
        self._tell(do="flash", image=str(firmware or prepared.firmware), at=0)

    def close(self) -> None:
        """See Board."""
        self._process.kill()
        self._process.communicate()

    def put(self, files: Mapping[str, bytes]) -> None:
        """See Board: the whole file system is made anew."""
        with tempfile.TemporaryDirectory() as folder:
            image = make_disk(Path(folder) / "disk.img", files)
            self._tell(do="flash", image=str(image), at=FLASH_BYTES - DISK_BYTES)
            self.stats()

    def stalls(self, **times: int) -> None:
        """Sets how long the flash takes: erase_us, program_us, worst_erase_us and worst_program_us every `worst_every` times."""
        self._tell(do="stalls", **times)

    def power(self) -> None:
        """See Board."""
        self._tell(do="power")

    def modem(self, uart: int, baud: int, reply_us: int = 0) -> None:
        """See Board."""
        self._tell(do="modem", uart=uart, baud=baud, reply_us=reply_us)

    def feed(self, uart: int, events: Iterable[tuple[int, str]]) -> None:
        """See Board."""
        self._tell(do="feed", uart=uart, events=list(events))

    def write(self, data: bytes) -> None:
        """See Board."""
        self._tell(do="usb", text=data.decode("latin-1"))

    def open(self, is_open: bool) -> None:
        """Has the host's program open or close the USB serial port."""
        self._tell(do="open", open=is_open)

    def show_leds(self) -> None:
        """Notes the LED's changes from now on."""
        self._tell(do="leds", show=True)

    def run(self, us: int, until: bytes | None = None) -> bool:
        """See Board."""
        words = {} if until is None else {"text": until.decode("latin-1")}
        self._tell(do="run", until_us=self.now_us + us, **words)
        return bool(self._wait("ran")["found"])

    def stats(self) -> dict[str, Any]:
        """Counters of the runner: busy_us of the core, flash, overruns of the UARTs, errors."""
        self._tell(do="stats")
        return self._wait("stats")

    def go(self, pace: float) -> None:
        """Lets it run by itself, at most `pace` virtual seconds a real second; `next_event` tells what happens."""
        self._tell(do="go", pace=pace)

    def halt(self) -> None:
        """Ends `go`; the last event is `halted`."""
        self._tell(do="halt")

    def next_event(self) -> dict[str, Any]:
        """Waits for the next thing that happens; raises BoardFault where the runner ends or stands still."""
        event: dict[str, Any] = json.loads(self._next_line())
        self._take(event)
        return event

    def _next_line(self) -> bytes:
        assert self._process.stdout is not None
        file = self._process.stdout.fileno()
        while len(self._lines) < 2:
            if not select.select([file], [], [], SILENT_S)[0]:
                self._process.kill()
                raise BoardFault(f"the runner has said nothing for {SILENT_S:g} s, at {self.now_us} us")
            data = os.read(file, READ_BYTES)
            if not data:
                raise BoardFault(f"the runner ended with status {self._process.wait()}")
            first, *others = data.split(b"\n")
            self._lines = [(self._lines or [b""])[-1] + first, *others]
        return self._lines.pop(0)

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
        elif kind == "late":
            self.late[event["uart"], event["planned_us"], event["text"]] = event["began_us"]
        elif kind == "reset":
            self.resets.append((self.now_us, event["reason"]))
        elif kind == "led":
            self.leds.append((self.now_us, event["on"]))

    def _tell(self, **command: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(command).encode() + b"\n")
        self._process.stdin.flush()
