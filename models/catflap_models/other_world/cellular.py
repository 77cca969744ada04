"""Cellular modems: rings of their own period, the number with each, and in most makes a word on answer and end."""

from random import Random

from .modems import Report, Ringing, dialogue
from .steps import WITHHELD, Identity
from .tape import Tape

REST_S = 2.5
"""The network offers no second call sooner after the first."""

MAKES = ("generic", "huawei", "quectel", "simcom", "ublox")


class CellularModem:
    """A cellular modem that its users answer with a command."""

    dialect = "3gpp"

    def __init__(self, rng: Random, has_plus: bool) -> None:
        """`has_plus`: this network shows domestic mobiles in international form."""
        self.profile = rng.choice(MAKES)
        self._has_plus = has_plus
        self._period_s = rng.choice((3.0, 4.0, 5.0, 6.0))
        self._word = rng.choice(("RING", "+CRING: VOICE"))
        self._is_number_first = rng.random() < 0.2
        self._lag_s = rng.uniform(0.004, 0.15)

    def set_up(self, tape: Tape) -> None:
        """Writes the dialogue that switches caller ID on."""
        own = {"huawei": ("AT^CURC=1",), "quectel": ("AT^DSCI=1",), "simcom": ("AT+CLCC=1",), "ublox": ("AT+UCALLSTAT=1",)}
        form = ("AT+CRC=1",) if self._word != "RING" else ()
        dialogue(tape, ("ATZ", "ATE0", "AT+CLIP=1", *form, *own.get(self.profile, ())))

    def ring(self, tape: Tape, call: Ringing, rng: Random) -> Report:
        """Writes a call that came in."""
        digits, kind = self._shown(call.who)
        validity = 0 if digits else 1 if call.who.hidden == WITHHELD else 2
        clip = f'\r\n+CLIP: "{digits}",{kind},"",,"",{validity}\r\n'
        ring = f"\r\n{self._word}\r\n"
        first_s = call.t_s + rng.uniform(0.05, 0.3)
        at_s = first_s
        pair = (clip, ring) if self._is_number_first else (ring, clip)
        while True:
            tape.said(at_s, pair[0])
            tape.said(at_s + self._lag_s, pair[1])
            if at_s == first_s:
                self._state(tape, at_s + self._lag_s + 0.01, 4, digits, kind)
            at_s += self._period_s
            if at_s >= call.stops_s:
                break
        stops_s = max(call.stops_s, tape.last_s + 0.05)
        over_s = max(call.over_s, stops_s)
        if call.is_answered:
            tape.told(stops_s, "ATA\r")
            tape.said(stops_s + 0.04, "\r\nOK\r\n")
            self._answered(tape, stops_s + 0.06, digits, kind)
            over_s = max(over_s, stops_s + 0.4)
        self._ended(tape, over_s, int(over_s - stops_s), call, digits, kind)
        return Report(first_s, digits, tape.last_s + REST_S)

    def dial(self, tape: Tape, call: Ringing, /) -> Report | None:
        """Only Huawei's tells of every call; of the others' nothing is known that the probe was not there to hear."""
        if self.profile != "huawei":
            return None
        digits = ("00" if call.who.is_international else "") + call.who.digits
        tape.told(call.t_s, f"ATD{digits};\r")
        tape.said(call.t_s + 0.03, "\r\nOK\r\n")
        tape.said(call.t_s + 0.12, "\r\n^ORIG:1,0\r\n")
        if call.is_answered:
            tape.said(call.stops_s, "\r\n^CONN:1,0\r\n")
        tape.said(call.over_s, f"\r\n^CEND:1,{int(call.over_s - call.stops_s)},29,16\r\n")
        return Report(call.t_s, "", tape.last_s + REST_S)

    def _shown(self, who: Identity) -> tuple[str, int]:
        if who.hidden:
            return "", 128
        if who.is_international:
            return "+" + who.digits, 145
        if self._has_plus and len(who.digits) == 11 and who.digits[0] == "1":
            return "+86" + who.digits, 145
        return who.digits, 161 if self.profile == "huawei" else 129

    def _state(self, tape: Tape, t_s: float, state: int, digits: str, kind: int) -> None:
        """Tells a call's state as TS 27.007 +CLCC counts it: 0 active, 4 incoming, 6 over."""
        if self.profile == "quectel":
            tape.said(t_s, f"\r\n^DSCI: 1,1,{state or 3},0,{digits},{kind},0\r\n")
        elif self.profile == "simcom":
            tape.said(t_s, f'\r\n+CLCC: 1,1,{state},0,0,"{digits}",{kind},""\r\n')
        elif self.profile == "ublox":
            tape.said(t_s, f"\r\n+UCALLSTAT: 1,{state}\r\n")

    def _answered(self, tape: Tape, t_s: float, digits: str, kind: int) -> None:
        if self.profile == "huawei":
            tape.said(t_s, "\r\n^CONN:1,0\r\n")
        elif self.profile == "simcom":
            tape.said(t_s, "\r\nVOICE CALL: BEGIN\r\n")
        self._state(tape, t_s + 0.01, 0, digits, kind)

    def _ended(self, tape: Tape, t_s: float, talk_s: int, call: Ringing, digits: str, kind: int) -> None:
        self._state(tape, t_s, 6, digits, kind)
        if self.profile == "huawei":
            tape.said(t_s, f"\r\n^CEND:1,{talk_s},{29 if call.is_answered else 104},16\r\n")
        elif self.profile == "simcom" and not call.is_answered:
            hour = int(call.clock[4:6])
            tape.said(t_s + 0.01, f"\r\nMISSED_CALL: {hour % 12 or 12:02d}:{call.clock[6:]}{'PM' if hour > 11 else 'AM'} {digits}\r\n")
        else:
            if self.profile == "simcom":
                tape.said(t_s + 0.01, f"\r\nVOICE CALL: END: {talk_s:06d}\r\n")
            tape.said(t_s + 0.02, "\r\nNO CARRIER\r\n")
