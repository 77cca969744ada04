"""Analogue modems: rings at the exchange's cadence, caller ID once, no word of answer or end."""

from collections.abc import Callable
from random import Random

from .modems import Report, Ringing, dialogue
from .steps import UNAVAILABLE, WITHHELD, Identity
from .tape import Tape

QUIET_S = 14.5
"""After the last ring nothing tells that a call is over but this silence."""


def shown(who: Identity, area_code: str) -> str:
    """The digits as an analogue line has them: 00 before foreign ones, no area code where `area_code` is the caller's."""
    if who.hidden:
        return ""
    if who.is_international:
        return "00" + who.digits
    if area_code and who.digits.startswith(area_code) and len(who.digits) == len(area_code) + 8:
        return who.digits[len(area_code) :]
    return who.digits


def spaced(digits: str, why: str, clock: str) -> str:
    """Blanks around the =, a line a field."""
    return f"\r\nDATE = {clock[:4]}\r\nTIME = {clock[4:]}\r\nNMBR = {digits or why}\r\n"


def tight(digits: str, why: str, clock: str) -> str:
    """No blanks, and a name where no name was sent."""
    return f"\r\nDATE={clock[:4]}\r\nTIME={clock[4:]}\r\nNAME=O\r\nNMBR={digits or why}\r\n"


def number_first(digits: str, why: str, clock: str) -> str:
    """The number before the moment."""
    return f"\r\nNMBR = {digits or why}\r\n\r\nDATE TIME={clock[:2]}/{clock[2:4]} {clock[4:6]}:{clock[6:]}\r\n"


def worded(digits: str, why: str, clock: str) -> str:
    """Whole words."""
    reason = "PRIVATE" if why == WITHHELD else "OUT OF AREA"
    number = f"CALLER NUMBER: {digits}" if digits else f"REASON FOR NO CALLER NUMBER: {reason}"
    return f"\r\nTIME: {clock[:2]}-{clock[2:4]} {clock[4:6]}:{clock[6:]}\r\n{number}\r\n"


def in_hex(digits: str, why: str, clock: str) -> str:
    """The whole multiple data message in hex, with its checksum (ETS 300 659-3: type, length, parameters)."""
    number = bytes([2, len(digits)]) + digits.encode() if digits else bytes([4, 1]) + why.encode()
    body = bytes([1, 8]) + clock.encode() + number
    message = bytes([0x80, len(body)]) + body
    return f"\r\nMESG = {(message + bytes([-sum(message) & 255])).hex().upper()}\r\n"


WORDINGS: tuple[tuple[str, Callable[[str, str, str], str]], ...] = (
    ("usr", spaced),
    ("conexant", spaced),
    ("zoom", tight),
    ("generic", number_first),
    ("zyxel", worded),
    ("rockwell", in_hex),
)
"""Profile, and how it words a caller ID."""


class AnalogueModem:
    """Beside a telephone on an analogue line."""

    dialect = "v253"

    def __init__(self, rng: Random, area_code: str, is_number_first: bool) -> None:
        """`area_code` is left out before local callers' numbers; `is_number_first`: caller ID comes before the first ring."""
        self.profile, self._wording = WORDINGS[rng.randrange(len(WORDINGS))]
        self._area_code = area_code
        self._is_number_first = is_number_first
        self._period_s = rng.choice((4.0, 5.0, 5.0, 6.0))
        self._delay_s = rng.uniform(0.15, 0.9)

    def set_up(self, tape: Tape) -> None:
        """Writes the dialogue that switches caller ID on."""
        dialogue(tape, ("ATZ", "ATE0Q0V1S0=0", "AT#CID=1" if self.profile == "rockwell" else "AT+VCID=1"))

    def ring(self, tape: Tape, call: Ringing, rng: Random) -> Report:
        """A caller who gives up before the caller ID is through is never named."""
        digits = shown(call.who, self._area_code)
        block = self._wording(digits, call.who.hidden or UNAVAILABLE, call.clock)
        ring_s = first_s = call.t_s + self._delay_s
        if self._is_number_first:
            tape.said(first_s, block)
            ring_s += rng.uniform(0.3, 0.6)
            tape.said(ring_s, "\r\nRING\r\n")
        else:
            tape.said(first_s, "\r\nRING\r\n")
            named_s = first_s + rng.uniform(1.3, 2.1)
            if named_s < call.stops_s:
                tape.said(named_s, block)
            else:
                digits = ""
        ring_s += self._period_s
        while ring_s < call.stops_s:
            tape.said(ring_s, "\r\nRING\r\n")
            ring_s += self._period_s
        return Report(first_s, digits, max(call.over_s + 1.0, tape.last_s + QUIET_S))

    def dial(self, _tape: Tape, _call: Ringing, /) -> Report | None:
        """A telephone beside the modem calls unseen."""
        return None
