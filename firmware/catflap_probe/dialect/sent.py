"""What is sent to a modem, as far as it makes calls: a dialling command, and the hanging up after it (V.250 clauses 6.3.1, 6.3.6).

probe, or whoever shares the port:  ATX3DT01062345678;   -> DIALLED
                                    ATH                  -> RELEASED
"""

from ..call import SHOWN
from ..events import DIALLED, RELEASED
from .text import Listener

MAX_COMMAND = 64
_DIALS = "0123456789*#+"


class Sent:
    """Reads the commands of one line; only lines on which somebody dials ever tell anything."""

    def __init__(self, listener: Listener) -> None:
        self.listener = listener
        self._typed = ""
        self._typed_ms = 0
        self._has_dialled = False

    def feed(self, now_ms: int, data: bytes) -> None:
        """Takes bytes that were sent at `now_ms`."""
        for byte in data:
            if byte in b"\r\n":
                command, self._typed = self._typed, ""
                self._command(now_ms, command)
            elif 32 < byte < 127 and len(self._typed) < MAX_COMMAND:
                if not self._typed:
                    self._typed_ms = now_ms
                self._typed += chr(byte).upper()

    def _command(self, now_ms: int, command: str) -> None:
        if command[:2] != "AT":
            return
        place = 2
        while place < len(command):
            letter = command[place]
            if letter == "D":
                if command.rstrip(";")[-1:] == "#":
                    # a code for the network, or packet data (TS 22.030): no call
                    return
                self._has_dialled = True
                called = "".join([digit for digit in command[place + 1 :] if digit in _DIALS])
                self.listener.heard(DIALLED, self._typed_ms, now_ms, called, SHOWN)
                return
            if letter in "HZ" and self._has_dialled and command[place + 1 : place + 2] != "1":
                self._has_dialled = False
                self.listener.heard(RELEASED, self._typed_ms, now_ms, "", 0)
                return
            if letter == "&":
                place += 1
            elif not "A" <= letter <= "Z":
                # +CHUP and its like: what they do, the modem tells
                return
            place += 1
            while command[place : place + 1].isdigit():
                place += 1
