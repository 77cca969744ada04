"""Cellular modems: RING and +CLIP again and again, and by family what becomes of the call (3GPP TS 27.007 and makers' additions).

    RING +CLIP   RING +CLIP   answered: ^CONN | VOICE CALL: BEGIN | ...   over: ^CEND | NO CARRIER | MISSED_CALL | ...
    ATD...; OK   ^ORIG        ^CONF: it rings there    ^CONN              ^CEND

A modem has one call at a time, so its number is always 1.
"""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from catflap_models.plan import PlannedCall
from catflap_models.simulate.said import Said, answered_after_s, line, moment, written_name

VALIDITY = {"shown": "0", "withheld": "1", "unavailable": "2"}
"""CLI validity, TS 27.007 clause 7.11."""
ALERTING_S = 3.6
"""From dialling to the other side's ringing (setup, GSM call set-up)."""


@dataclass(frozen=True, slots=True)
class Family:
    """One family: its name in trunk.json, and how it writes. All but `clips` are templates of lines."""

    profile: str
    ring_s: tuple[float, ...]
    """Periods of RING that occur (modem, Quectel EC25 RING period; modem, Huawei MU509 +CLIP period; users' reports)."""
    clips: tuple[str, ...]
    """Layouts of +CLIP."""
    setup: tuple[str, ...] = ("AT+CLIP=1",)
    incoming: tuple[str, ...] = ()
    shows_number: bool = False
    """`incoming` shows the number."""
    answered: tuple[str, ...] = ()
    ended: tuple[str, ...] = ("NO CARRIER",)
    missed: tuple[str, ...] = ("NO CARRIER",)
    dialled: tuple[str, ...] = ()
    alerting: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    """The called party has answered."""
    left: tuple[str, ...] = ("NO CARRIER",)
    """An outgoing call is over."""
    ok_when_answered: bool = False
    """A dialling command is answered only when the called party answers."""


_BARE = '+CLIP: "{number}",{type}'
_LONG = '+CLIP: "{number}",{type},"",0,"",{validity}'
_BLANK = '+CLIP: "{number}",{type},,,,{validity}'
_QUOTED = '+CLIP: "{number}",{type},"",,"",{validity}'
_LIST = '"{number}",{type}'

GENERIC = Family("generic", (5.0, 3.0, 6.0), (_BARE, _LONG, _BLANK))
SIMCOM = Family(
    "simcom",
    (3.0,),
    (_LONG,),
    ("AT+CLIP=1", "AT+CLCC=1"),
    incoming=("+CLCC: 1,1,4,0,0," + _LIST,),
    shows_number=True,
    answered=("VOICE CALL: BEGIN", "+CLCC: 1,1,0,0,0," + _LIST),
    ended=("+CLCC: 1,1,6,0,0," + _LIST, "VOICE CALL: END: {duration:06d}", "NO CARRIER"),
    missed=("+CLCC: 1,1,6,0,0," + _LIST, "MISSED_CALL: {half_day} {number}"),
    dialled=('+CLCC: 1,0,2,0,0,"{called}",{called_type}',),
    alerting=('+CLCC: 1,0,3,0,0,"{called}",{called_type}',),
    reached=("VOICE CALL: BEGIN", '+CLCC: 1,0,0,0,0,"{called}",{called_type}'),
    left=('+CLCC: 1,0,6,0,0,"{called}",{called_type}', "VOICE CALL: END: {duration:06d}", "NO CARRIER"),
)
SIM800 = Family("sim800", (3.0, 4.0, 5.0), (_LONG,))
HUAWEI = Family(
    "huawei",
    (5.0,),
    (_BLANK,),
    ("AT+CLIP=1", "AT^CURC=1"),
    answered=("^CONN:1,0",),
    ended=("^CEND:1,{duration},29,16",),
    missed=("^CEND:1,0,104,16",),
    dialled=("^ORIG:1,0",),
    alerting=("^CONF:1",),
    reached=("^CONN:1,0",),
    left=("^CEND:1,{duration},29,16",),
)
QUECTEL = Family(
    "quectel",
    (6.0,),
    (_QUOTED,),
    ("AT+CLIP=1", "AT^DSCI=1"),
    incoming=("^DSCI: 1,1,4,0,{number},{type},0",),
    shows_number=True,
    answered=("^DSCI: 1,1,3,0,{number},{type},0",),
    ended=("^DSCI: 1,1,6,0,{number},{type},0", "NO CARRIER"),
    missed=("^DSCI: 1,1,6,0,{number},{type},0", "NO CARRIER"),
    dialled=("^DSCI: 1,0,2,0,{called},{called_type},0",),
    alerting=("^DSCI: 1,0,7,0,{called},{called_type},0",),
    reached=("^DSCI: 1,0,3,0,{called},{called_type},0",),
    left=("^DSCI: 1,0,6,0,{called},{called_type},0", "NO CARRIER"),
)
UBLOX = Family(
    "ublox",
    (4.0, 5.0),
    (_QUOTED,),
    ("AT+CLIP=1", "AT+UCALLSTAT=1"),
    incoming=("+UCALLSTAT: 1,4",),
    answered=("+UCALLSTAT: 1,7", "+UCALLSTAT: 1,0"),
    ended=("+UCALLSTAT: 1,6", "NO CARRIER"),
    missed=("+UCALLSTAT: 1,6", "NO CARRIER"),
    dialled=("+UCALLSTAT: 1,2",),
    alerting=("+UCALLSTAT: 1,3",),
    reached=("+UCALLSTAT: 1,7", "+UCALLSTAT: 1,0"),
    left=("+UCALLSTAT: 1,6", "NO CARRIER"),
)
TELIT = Family(
    "telit",
    (5.0,),
    ('+CLIP: "{number}",{type},"",128,"",{validity}',),
    ("AT+CLIP=1", "AT#ECAM=1"),
    incoming=("#ECAM: 0,6,1,,,",),
    answered=("#ECAM: 0,3,1,,,",),
    ended=("#ECAM: 0,0,1,,,", "NO CARRIER"),
    missed=("#ECAM: 0,0,1,,,", "NO CARRIER"),
    dialled=('#ECAM: 0,1,1,,,"{called}",{called_type}',),
    alerting=("#ECAM: 0,2,1,,,",),
    reached=("#ECAM: 0,3,1,,,",),
    left=("#ECAM: 0,0,1,,,", "NO CARRIER"),
)
WAVECOM = Family(
    "wavecom",
    (5.0, 6.0),
    (_BARE,),
    ("AT+CLIP=1", "AT+WIND=63"),
    ended=("NO CARRIER", "+WIND: 6,1"),
    missed=("NO CARRIER", "+WIND: 6,1"),
    alerting=("+WIND: 2",),
    left=("NO CARRIER", "+WIND: 6,1"),
    ok_when_answered=True,
)
SIERRA = Family("sierra", (5.0,), (_BLANK,))
FAMILIES = (GENERIC, SIMCOM, SIM800, HUAWEI, QUECTEL, UBLOX, TELIT, WAVECOM, SIERRA)


@dataclass(frozen=True, slots=True)
class Cellular:
    """The modem of one cellular line."""

    family: Family
    clip: str
    period_s: float
    clip_late_s: float
    """From RING to its +CLIP; negative: +CLIP comes first."""
    ring: str
    national_type: str
    """Type of address of a national number: 129 or 161 (TS 24.008 table 10.5.118)."""
    shows_name: bool
    """It writes +CNAP."""
    reports_first: bool
    """Its own report of an incoming call comes before the first RING, not after it."""
    rng: Random

    dialect = "3gpp"

    @property
    def profile(self) -> str:
        """See Modem."""
        return self.family.profile

    @property
    def setup(self) -> tuple[str, ...]:
        """See Modem."""
        return ("AT+CRC=1", *self.family.setup) if self.ring != "RING" else self.family.setup

    def shown(self, call: PlannedCall) -> str:
        """See Modem."""
        return call.calling

    def said(self, call: PlannedCall, wall: datetime) -> tuple[list[Said], float]:
        """See Modem."""
        return self._outgoing(call) if call.direction == "out" else self._incoming(call, wall)

    def _incoming(self, call: PlannedCall, wall: datetime) -> tuple[list[Said], float]:
        answer_s = answered_after_s(call)
        rings_s = call.patience_s if answer_s is None else answer_s
        over_s = rings_s if answer_s is None else rings_s + call.talk_s
        shows = 0 if call.presentation == "shown" else -1
        fields: dict[str, object] = {
            "number": call.calling,
            "type": "128" if shows < 0 else self._type(call.calling),
            "validity": VALIDITY[call.presentation],
            "duration": int(call.talk_s),
            **moment(wall, over_s),
        }
        ring, clip = (line(self.ring),), (line(self.clip.format(**fields)),)
        name = (line(f'+CNAP: "{written_name(call.name)}",0'),) if call.name and self.shows_name else ()
        found: list[Said] = []
        report = self._lines(self.family.incoming, fields)
        report_shows = shows if self.family.shows_number else -1
        after_s = 0.0
        if report and self.reports_first:
            found.append(Said(call.t_s, report, "o", True, report_shows))
            after_s, report = 0.01, ()
        while after_s < rings_s:
            ring_s = call.t_s + after_s
            said = Said(ring_s + max(-self.clip_late_s, 0.0), ring, "o", True)
            is_clipped = after_s + self.clip_late_s < rings_s
            shown = Said(ring_s + max(self.clip_late_s, 0.0), clip, "o", True, shows)
            found += [said] if not is_clipped else [said, shown] if self.clip_late_s >= 0 else [shown, said]
            if report:
                found.append(Said(found[-1].t_s, report, "o", True, report_shows))
                report = ()
            if name and is_clipped:
                found.append(Said(found[-1].t_s, name))
                name = ()
            after_s += self.period_s + self.rng.uniform(-0.01, 0.01)
        if answer_s is not None and self.family.answered:
            found.append(Said(max(call.t_s + rings_s, found[-1].t_s), self._lines(self.family.answered, fields)))
        last = self.family.missed if answer_s is None else self.family.ended
        found.append(Said(max(call.t_s + over_s, found[-1].t_s), self._lines(last, fields)))
        return found, found[-1].t_s

    def _outgoing(self, call: PlannedCall) -> tuple[list[Said], float]:
        family, rng = self.family, self.rng
        answer_s = answered_after_s(call)
        waits_s = call.patience_s if answer_s is None else answer_s
        talk_s = 0.0 if answer_s is None else call.talk_s
        fields: dict[str, object] = {"called": call.called, "called_type": self._type(call.called), "duration": int(talk_s)}
        reached_s = call.t_s + waits_s
        found = [Said(call.t_s, (f"ATD{call.called};\r",), "i", is_sign=True)]
        ok = (line("OK"),)
        if not family.ok_when_answered:
            found.append(Said(call.t_s + min(0.1, waits_s / 4), ok))
        if family.dialled:
            found.append(Said(call.t_s + min(0.2, waits_s / 3), self._lines(family.dialled, fields)))
        if family.alerting:
            found.append(Said(call.t_s + min(ALERTING_S, waits_s / 2), self._lines(family.alerting, fields)))
        if answer_s is not None:
            if family.ok_when_answered:
                found.append(Said(reached_s, ok))
            if family.reached:
                found.append(Said(reached_s, self._lines(family.reached, fields)))
        end_s = reached_s + talk_s
        if answer_s is not None and rng.random() < 0.5:  # wide prior: which side hangs up
            found += [Said(end_s, ("AT+CHUP\r",), "i"), Said(end_s + 0.05, ok)]
            end_s += 0.06
        elif answer_s is None and not family.dialled and rng.random() < 0.5:
            return [*found, Said(end_s, (line("NO ANSWER"),))], end_s
        found.append(Said(end_s, self._lines(family.left, fields)))
        return found, end_s

    def _type(self, number: str) -> str:
        return "145" if number.startswith("+") else self.national_type

    @staticmethod
    def _lines(templates: tuple[str, ...], fields: dict[str, object]) -> tuple[str, ...]:
        return tuple(line(template.format(**fields)) for template in templates)


def draw_cellular(rng: Random, periods_s: tuple[float, ...]) -> Cellular:
    """A cellular modem; `periods_s` are those of RING to choose from, none: the family's own."""
    family = rng.choice(FAMILIES)
    # RING and +CLIP come milliseconds apart, in either order (python-gsmmodem#64, #83; TinyGSM#721)
    clip_late_s = rng.choice((0.0, rng.uniform(0.002, 0.02), rng.uniform(0.02, 0.4), -rng.uniform(0.002, 0.02)))
    return Cellular(
        family=family,
        clip=rng.choice(family.clips),
        period_s=rng.choice(periods_s or family.ring_s),
        clip_late_s=clip_late_s,
        ring=rng.choice(("RING", "+CRING: VOICE")),
        national_type=rng.choice(("129", "129", "161")),
        shows_name=rng.random() < 0.5,
        reports_first=rng.random() < 0.5,  # esphome#10864, for one
        rng=rng,
    )
