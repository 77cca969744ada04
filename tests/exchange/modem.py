"""A modem of a given family: hears the line and writes about it, reads AT commands and acts on the line, with its faults."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from tests.exchange.at import Command, parse
from tests.exchange.clock import Clock, Timer
from tests.exchange.families import Family
from tests.exchange.faults import Faults, garble
from tests.exchange.line import Line
from tests.exchange.truth import CallTruth

CHARACTER_S = 0.001
"""A character at 9600 baud, start and stop bit included."""
CLIP_AFTER_RING_S = 0.005
"""A cellular modem's +CLIP follows its RING as a text of its own."""
CALLER_ID_VALIDITY = {"shown": "0", "withheld": "1", "unavailable": "2"}
"""CLI validity, TS 27.007 clause 7.11."""


class Modem:
    """One modem on one line. `write` puts bytes on the wire to the probe; `receive` takes those that come back."""

    def __init__(
        self,
        family: Family,
        line: Line,
        clock: Clock,
        start: datetime,
        write: Callable[[bytes], None],
        faults: Faults,
        rng: random.Random,
    ) -> None:
        self._family = family
        self._line = line
        line.subscriber = self
        self._clock = clock
        self._start = start
        self._write = write
        self._faults = faults
        self._rng = rng
        self._reply_s = family.reply_s + faults.answers_late_s
        self._settings = dict(family.settings)
        self._echo = True
        self._typed = b""
        self._typed_since_ns = 0
        self._busy_until_s = 0.0
        self._wire_free_s = 0.0
        self._relay: Timer | None = None
        self._caller_id_lost = False

    @property
    def shows_caller_id(self) -> bool:
        """Whether the probe has switched caller ID on since the last reset."""
        return self._settings[self._family.caller_id_command].startswith(("1", "2"))

    # what the line says

    def heard_ring(self, call: CallTruth) -> None:
        """Writes RING, and on a cellular modem +CLIP after it."""
        if call.rings == 1:
            self._caller_id_lost = self._rng.random() < self._faults.caller_id_lost
        extended = self._settings.get("+CRC") == "1"
        self._report(call, "\r\n+CRING: VOICE\r\n" if extended else "\r\nRING\r\n")
        if self._family.ringing is not None:
            self._clock.at(self._clock.now_s() + CLIP_AFTER_RING_S, lambda: self._write_clip(call))

    def heard_caller_id(self, call: CallTruth) -> None:
        """Writes what the line has sent about the caller."""
        if call.rings == 0:
            self._caller_id_lost = self._rng.random() < self._faults.caller_id_lost
        self._write_caller_id(call)

    def answered(self, call: CallTruth) -> None:
        """Writes what this family says when the call is answered."""
        self._send(self._fill(self._family.answered, call))

    def ended(self, call: CallTruth) -> None:
        """Writes what this family says when the call is over."""
        template = {"answered": self._family.ended, "blocked": self._family.rejected}.get(call.outcome, self._family.missed)
        self._send(self._fill(template, call))

    def _write_clip(self, call: CallTruth) -> None:
        if self._line.call is call and self._line.state == "ringing":
            self._write_caller_id(call)

    def _write_caller_id(self, call: CallTruth) -> None:
        if not self.shows_caller_id or self._caller_id_lost:
            return
        head = self._fill(self._family.number_head, call)
        tail = self._family.number_tail + (self._family.name_line if call.planned.name else "")
        call.shown = call.planned.calling
        self._report(call, head + self._fill(tail, call), number_end=len(head))

    def _fill(self, template: str, call: CallTruth) -> str:
        planned = call.planned
        wall = self._start + timedelta(seconds=self._clock.now_s())
        hidden = {"withheld": self._family.withheld, "unavailable": self._family.unavailable}
        return template.format(
            number=hidden.get(planned.presentation, planned.calling),
            name=planned.name,
            date=f"{wall:%m%d}",
            time=f"{wall:%H%M}",
            clock=f"{wall:%I:%M%p}",
            type="128" if planned.presentation != "shown" else "145" if planned.calling.startswith("+") else "129",
            validity=CALLER_ID_VALIDITY[planned.presentation],
            duration=int(self._clock.now_s() - (self._clock.now_s() if call.answered_s is None else call.answered_s)),
        )

    def _report(self, call: CallTruth, text: str, number_end: int = 0) -> None:
        if call.reported_s is None:
            call.reported_s = self._clock.now_s()
        self._busy_until_s = self._clock.now_s() + self._faults.busy_after_report_s
        self._send(text, call, number_end)

    # the wire to the probe

    def _send(self, text: str, call: CallTruth | None = None, number_end: int = 0) -> None:
        """Puts text on the wire, faults and all; the piece that completes the number stamps the call."""
        if not text:
            return
        for piece, completes_number in garble(text.encode(), number_end, self._faults, self._rng):
            stamped = call if completes_number else None
            if self._faults.split_bytes:
                self._wire_free_s = max(self._wire_free_s, self._clock.now_s()) + CHARACTER_S
                self._clock.at(self._wire_free_s, lambda piece=piece, stamped=stamped: self._put(piece, stamped))  # type: ignore[misc]
            else:
                self._put(piece, stamped)

    def _put(self, piece: bytes, call: CallTruth | None) -> None:
        if call is not None and call.number_written_ns is None:
            # before the write, so that the probe's time is never taken too short
            call.number_written_ns = self._clock.stamp_ns()
        if piece:
            self._write(piece)

    # commands

    def receive(self, data: bytes, read_ns: int) -> None:
        """Takes characters from the probe, read at `read_ns`; a command runs at its carriage return."""
        if self._clock.now_s() < self._busy_until_s:
            return
        if self._echo:
            self._send(data.decode("latin-1"))
        for byte in data:
            if byte == 13:
                typed, self._typed = self._typed.decode("latin-1").strip(), b""
                if typed:
                    self._execute(typed)
            else:
                if not self._typed:
                    self._typed_since_ns = read_ns
                self._typed += bytes([byte])

    def _execute(self, typed: str) -> None:
        try:
            commands = parse(typed)
        except ValueError:
            self._reply("\r\nERROR\r\n")
            return
        if any(self._acts_on_call(command) for command in commands) and self._ignored():
            return
        text = ""
        for command in commands:
            answer = self._run(command)
            if answer is None:
                self._reply(text + "\r\nERROR\r\n")
                return
            text += answer
        self._reply(text + "\r\nOK\r\n")

    def _reply(self, text: str) -> None:
        self._clock.at(self._clock.now_s() + self._reply_s, lambda: self._send(text))

    def _acts_on_call(self, command: Command) -> bool:
        """Whether the command takes a ringing call or rejects it."""
        if self._family.dialect == "v253":
            return (
                command.name == "A" or (command.name == "H" and command.value == "1") or (command.name == "+VLS" and command.value != "0")
            )
        return command.name == "A" or command.name in self._family.rejects

    def _ignored(self) -> bool:
        """Stamps the first such command of the call that rings; True if the modem's fault is to ignore it."""
        call = self._line.call
        if call is None or call.command_read_ns is not None:
            return False
        call.command_read_ns = self._typed_since_ns
        return self._faults.ignores_first_action

    def _run(self, command: Command) -> str | None:
        """The text before OK, or None for ERROR."""
        if command.name.startswith(("+", "^", "#", "%", "*", "$")):
            return self._run_extended(command)
        if command.name == "E":
            self._echo = command.value == "1"
        elif command.name in ("Z", "&F"):
            self._settings, self._echo = dict(self._family.settings), True
        elif command.name == "I":
            return f"\r\n{self._family.identity}\r\n"
        elif command.name == "H":
            if command.value == "1" or "H" in self._family.rejects:
                self._hook(off=command.value == "1")
        elif command.name == "A":
            self._hook(off=True)
        elif command.name not in ("Q", "V", "X", "M", "L", "S0"):
            return None
        return ""

    def _run_extended(self, command: Command) -> str | None:
        name = command.name
        if name == "+CHUP" and name in self._family.rejects:
            self._hook(off=False)
            return ""
        if name == "+CLCC" and self._family.dialect == "3gpp" and command.kind == "do":
            return self._current_calls()
        if name not in self._settings:
            return None
        if command.kind == "read":
            value = self._settings[name]
            return f"\r\n{value}\r\n" if self._family.dialect == "v253" else f"\r\n{name}: {value}\r\n"
        if command.kind == "set":
            self._settings[name] = command.value
            if name == "+VLS":
                self._hook(off=command.value != "0")
        return ""

    def _hook(self, off: bool) -> None:
        if self._relay is not None:
            self._relay.cancel()
            self._relay = None
        if off:
            self._relay = self._clock.at(self._clock.now_s() + self._family.off_hook_delay_s, self._line.off_hook)
        elif self._family.dialect == "v253" or self._line.state == "taken":
            self._line.on_hook()
        else:
            self._relay = self._clock.at(self._clock.now_s() + self._family.off_hook_delay_s, self._line.reject)

    def _current_calls(self) -> str:
        """The list of current calls, TS 27.007 clause 7.18."""
        call = self._line.call
        if call is None:
            return ""
        stat = "4" if self._line.state == "ringing" else "0"
        return self._fill(f'\r\n+CLCC: 1,1,{stat},0,0,"{{number}}",{{type}}\r\n', call)
