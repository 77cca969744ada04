"""The AT commands of an emulated modem: echo, settings, identification, and what it does to calls."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.exchange.at import Command, parse
from tests.exchange.clock import Clock, Timer
from tests.exchange.faults import Faults

if TYPE_CHECKING:
    from tests.exchange.modem import Modem

_PLAIN = ("Q", "V", "X", "M", "L", "B", "P", "T", "S0", "&C", "&D", "&K", "&W")
"""Basic commands that change nothing here."""

_ACTIVITY = {"ringing": 3, "talk": 4, "taken": 4}
"""+CPAS, TS 27.007 clause 8.1; 0: ready."""


class Refused(Exception):
    """A command that ends its line with another result than OK."""


class Commands:
    """Reads what the probe types and acts on it."""

    def __init__(self, modem: "Modem", clock: Clock, faults: Faults) -> None:
        self.is_deaf = False
        """It neither echoes nor answers."""
        self.busy_until_s = 0.0
        self._modem = modem
        self._clock = clock
        self._faults = faults
        self._reply_s = modem.family.reply_s + faults.answers_late_s
        self._act_s = modem.family.off_hook_delay_s + faults.acts_late_s
        self._relay: Timer | None = None
        self.start()

    def start(self) -> None:
        """As after power-up or ATZ."""
        self._echo = True
        self._typed = b""
        self._typed_since_ns = 0

    def receive(self, data: bytes, read_ns: int) -> None:
        """Takes characters from the probe, read at `read_ns`; a command runs at its carriage return."""
        if self.is_deaf or self._clock.now_s() < self.busy_until_s:
            return
        if self._echo:
            self._modem.wire.send(data.decode("latin-1"))
        for byte in data:
            if byte == 13:
                typed, self._typed = self._typed.decode("latin-1").strip(), b""
                if typed:
                    self._execute(typed)
            else:
                if not self._typed:
                    self._typed_since_ns = read_ns
                self._typed += bytes([byte])

    def drop_line(self) -> None:
        """The line is left at once, as when power fails."""
        if self._relay is not None:
            self._relay.cancel()
            self._relay = None
        line = self._modem.line
        if line.state in ("taken", "seized"):
            line.on_hook()

    def _execute(self, typed: str) -> None:
        try:
            commands = parse(typed)
        except ValueError:
            # line noise is no command
            if typed[:2].upper() == "AT":
                self._reply("\r\nERROR\r\n")
            return
        if any(self._acts_on_call(command) for command in commands) and self._ignored():
            return
        text = ""
        try:
            for command in commands:
                text += self._run(command)
        except Refused as refusal:
            self._reply(f"{text}\r\n{refusal}\r\n")
            return
        self._reply(text + "\r\nOK\r\n")

    def _reply(self, text: str) -> None:
        self._clock.at(self._clock.now_s() + self._reply_s, lambda: self._modem.wire.send(text))

    def _acts_on_call(self, command: Command) -> bool:
        """Whether the command takes a call or rejects it."""
        if self._modem.family.is_cellular:
            return command.name in ("A", "+CHLD") or command.name in self._modem.family.rejects
        return command.name == "A" or (command.name == "H" and command.value == "1") or (command.name == "+VLS" and command.value != "0")

    def _ignored(self) -> bool:
        """Stamps the first such command of the call that rings or waits; True if the modem's fault is to ignore it."""
        call = self._modem.line.waiting or self._modem.line.call
        if call is None or call.command_read_ns is not None:
            return False
        call.command_read_ns = self._typed_since_ns
        return self._faults.ignores_first_action

    def _run(self, command: Command) -> str:
        """The text before OK; raises Refused."""
        family = self._modem.family
        if command.kind == "do" and command.name + command.value in family.identity:
            return f"\r\n{family.identity[command.name + command.value]}\r\n"
        if command.name in self._modem.settings.values:
            return self._set_or_read(command)
        if command.name == "E":
            self._echo = command.value == "1"
        elif command.name in ("Z", "&F"):
            self._modem.settings.reset()
            self._echo = True
            if command.name == "Z":
                self._end_calls()
        elif command.name == "I" and "I" in family.identity:
            return f"\r\n{family.identity['I']}\r\n"
        elif self._acts_on_call(command) or command.name == "H":
            self._act(command)
        elif command.name == "+CLCC" and command.kind == "do" and family.is_cellular:
            return self._current_calls()
        elif command.name == "+CPAS" and family.is_cellular:
            return f"\r\n+CPAS: {_ACTIVITY.get(self._modem.line.state, 0)}\r\n"
        elif command.name not in _PLAIN:
            raise Refused(family.unknown)
        return ""

    def _set_or_read(self, command: Command) -> str:
        modem, name = self._modem, command.name
        if command.kind == "read":
            value = modem.settings.values[name]
            return f"\r\n{name}: {value}\r\n" if modem.family.is_cellular or name in ("+GCI", "-STE") else f"\r\n{value}\r\n"
        if command.kind == "do" and name == "+CLCC":
            return self._current_calls()
        if command.kind == "set":
            shown_by = [setting.partition("=")[2] for setting in modem.family.caller_id if setting.startswith(f"{name}=")]
            if name != "+FCLASS" and shown_by and command.value.partition(",")[0] not in ("0", *shown_by):
                raise Refused("ERROR")
            modem.settings.values[name] = command.value
            if name == "+VLS":
                self._take_line() if command.value not in ("", "0") else self._leave_line()
        return ""

    def _act(self, command: Command) -> None:
        modem = self._modem
        if command.name == "+CHLD":
            self._hold(command.value)
        elif command.name == "A" or (command.value == "1" and not modem.family.is_cellular):
            self._take_line()
        elif not modem.family.is_cellular:
            self._leave_line()
        elif modem.settings.holds(modem.family.rejects.get(command.name, "never=1")):
            self._reject()

    def _end_calls(self) -> None:
        """ATZ leaves the line, whatever is on it (V.250 clause 6.1.1)."""
        if self._modem.family.is_cellular and self._modem.line.state in ("ringing", "talk"):
            self._modem.line.reject()
        self.drop_line()

    def _hold(self, value: str) -> None:
        """+CHLD (TS 22.030 clause 6.5.5): 0 refuses the call that waits, 1 drops the talk and takes it."""
        line = self._modem.line
        if line.waiting is None or value not in ("0", "1"):
            raise Refused("+CME ERROR: 3" if self._modem.settings.holds("+CMEE=1") else "ERROR")
        self._later(line.reject_waiting if value == "0" else line.take_waiting)

    def _take_line(self) -> None:
        modem = self._modem
        if modem.line.is_in_use and modem.family.in_use_setting and modem.settings.holds(modem.family.in_use_setting):
            raise Refused("LINE-IN-USE")
        self._later(modem.line.off_hook)

    def _leave_line(self) -> None:
        if self._faults.acts_late_s:
            self._later(self._modem.line.on_hook)
        else:
            self._later(None)
            self._modem.line.on_hook()

    def _reject(self) -> None:
        line = self._modem.line
        if line.state == "taken":
            self._later(None)
            line.on_hook()
        else:
            self._later(line.reject)

    def _later(self, action: Callable[[], None] | None) -> None:
        """Sets the relay, or the network, going; what had not happened yet will not."""
        if self._relay is not None:
            self._relay.cancel()
            self._relay = None
        if action is not None and not self._faults.disobeys:
            self._relay = self._clock.at(self._clock.now_s() + self._act_s, action)

    def _current_calls(self) -> str:
        """The list of current calls, TS 27.007 clause 7.18."""
        line, listed = self._modem.line, ""
        for call, stat in ((line.call, "4" if line.state == "ringing" else "0"), (line.waiting, "5")):
            if call is not None:
                listed += self._modem.fill(f'\r\n+CLCC: {{id}},1,{stat},0,0,"{{number}}",{{type}}\r\n', call)
        return listed
