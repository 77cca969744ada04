"""Analogue modems: they write of rings and of caller ID, and nothing of answer or release.

caller ID "between"        ~~ring~~____[FSK]_________~~ring~~______      (China and most countries)
caller ID "before"         _[FSK]_~~ring~~_________~~ring~~________      (United Kingdom; some lines elsewhere)
DTMF                       _[keys]____~~ring~~_________~~ring~~____      (is_dtmf)
"""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from catflap_models.plan import PlannedCall
from catflap_models.simulate import layouts
from catflap_models.simulate.layouts import DLE, Layout, block
from catflap_models.simulate.said import Said, answered_after_s, line, moment, written_name

LEAST_BURST_S = 0.3
"""A burst cut off sooner is not told as a ring."""
SEIZED_S = 0.4
"""From a caller ID before the first ring to that ring (cid, UK prior-ring; cid, DTMF)."""
KEY_S = 0.14
"""From a DTMF key to the next (cid, DTMF; 70 ms on, 70 ms off)."""

CADENCES = {
    "CN": (5.0, 1.0), "US": (6.0, 2.0), "CA": (6.0, 2.0), "MX": (6.0, 2.0), "SE": (6.0, 1.0), "AT": (6.0, 1.0), "PT": (6.0, 1.0),
    "FR": (5.0, 1.5), "ES": (4.5, 1.5), "BE": (4.0, 1.0), "CL": (4.0, 1.0), "IL": (4.0, 1.0), "JP": (3.0, 1.0), "TW": (3.0, 1.0),
    "GB": (3.0, 1.0), "IN": (3.0, 1.0), "NZ": (3.0, 1.0), "SG": (3.0, 1.0), "AU": (3.0, 1.0), "ZA": (3.0, 1.0),
}  # fmt: skip
"""Period and length of the bursts in seconds (ring_cadence_by_country.csv; two bursts close to each other count as one)."""
USUAL_CADENCE = CADENCES["CN"]
BEFORE_COUNTRIES = ("GB",)
BEFORE_SHARE = 0.1  # wide prior: lines elsewhere whose exchange or PBX sends caller ID before the first ring


@dataclass(frozen=True, slots=True)
class Family:
    """One family: its name in trunk.json, and how it writes."""

    profile: str
    layouts: tuple[Layout, ...]
    setup: tuple[str, ...] = ("AT+VCID=1",)
    ring: tuple[str, ...] = ("RING",)
    """The lines of a ring."""


FAMILIES = (
    Family("usr", (layouts.SPACED,)),
    Family("conexant", (layouts.SPACED, layouts.SDMF), ("AT+VCID=1", "AT-STE=1")),
    Family("agere", (layouts.SPACED,), ("AT+VCID=1", "AT+VDR=1,0"), ("DRON={burst}", "RING")),
    Family("zoom", (layouts.UNSPACED,)),
    Family("rockwell", (layouts.SPACED, layouts.DIALABLE, layouts.MESSAGE), ("AT#CID=1",)),
    Family("ti", (layouts.COMBINED,), ("AT#CID=1",)),
    Family("si24xx", (layouts.ANNOUNCED,), ("AT+VCID=1", "AT+VCDT=1")),
    Family("hayes", (layouts.SPACED, layouts.WORDS), ("AT%CCID=3",), ("RING 1",)),
    Family("zyxel", (layouts.WORDS,), ("ATS40.2=1",)),
    Family("generic", layouts.LAYOUTS),
)


@dataclass(frozen=True, slots=True)
class Analogue:
    """The modem of one analogue line, and what its exchange does."""

    profile: str
    setup: tuple[str, ...]
    layout: Layout
    ring: tuple[str, ...]
    """A ring's lines, with their ends."""
    period_s: float
    burst_s: float
    is_before: bool
    """Caller ID comes before the first ring, not after it."""
    caller_id_s: float
    """From the end of the burst, or from the beginning of the call, to the modem's text."""
    ring_late_s: float
    """From the end of a burst to the modem's RING."""
    dtmf: str
    """Start and stop key of DTMF caller ID; empty: it is FSK."""
    rng: Random

    dialect = "v253"

    def shown(self, call: PlannedCall) -> str:
        """See Modem; DTMF has no key for +."""
        return call.calling.lstrip("+") if self.dtmf else call.calling

    def said(self, call: PlannedCall, wall: datetime) -> tuple[list[Said], float]:
        """See Modem."""
        return self._outgoing(call) if call.direction == "out" else self._incoming(call, wall)

    def _incoming(self, call: PlannedCall, wall: datetime) -> tuple[list[Said], float]:
        found = []
        first_s = call.t_s
        if self.is_before or self.dtmf:
            said = self._caller_id(call, call.t_s + self.caller_id_s, wall)
            found += said
            first_s = said[-1].t_s + SEIZED_S
        answer_s = answered_after_s(call)
        stop_s = first_s + (call.patience_s if answer_s is None else answer_s)
        ring_s = first_s
        while ring_s + LEAST_BURST_S <= stop_s:
            end_s = min(ring_s + self.burst_s, stop_s)
            found.append(Said(end_s + self.ring_late_s, self.ring, is_sign=True))
            if ring_s == first_s and first_s == call.t_s and end_s + self.caller_id_s <= stop_s:
                found += self._caller_id(call, end_s + self.caller_id_s, wall)
            ring_s += self.period_s
        free_s = stop_s + self.ring_late_s if answer_s is None else stop_s + call.talk_s
        return found, free_s

    def _caller_id(self, call: PlannedCall, t_s: float, wall: datetime) -> list[Said]:
        if self.dtmf:
            return self._keys(call, t_s)
        name = written_name(call.name)[:15]  # Telcordia GR-30: names have 15 characters
        texts, number_at = block(self.layout, call.calling, call.presentation, name, moment(wall, t_s - call.t_s))
        said = Said(t_s, texts, is_sign=True, number_at=number_at if call.presentation == "shown" else -1)
        if self.layout.before:
            return [Said(t_s - 0.3, (line(self.layout.before),), is_sign=False), said]
        return [said]

    def _keys(self, call: PlannedCall, t_s: float) -> list[Said]:
        run = layouts.keys(self.dtmf[0], self.dtmf[1], self.shown(call), call.presentation)
        shows = 0 if call.presentation == "shown" else -1
        return [Said(t_s + place * KEY_S, (key,), is_sign=True, number_at=shows, goes_on=place > 0) for place, key in enumerate(run)]

    def _outgoing(self, call: PlannedCall) -> tuple[list[Said], float]:
        """Whoever shares the modem's line dials with it and hands the line to a telephone (V.250 clause 6.3.1)."""
        answer_s = answered_after_s(call)
        end_s = call.t_s + (call.patience_s if answer_s is None else answer_s + call.talk_s)
        found = [
            Said(call.t_s, (f"ATDT{call.called.lstrip('+')};\r",), "i", is_sign=True),
            Said(call.t_s + 0.02 + 0.08 * len(call.called), (line("OK"),)),
        ]
        if answer_s is None and self.rng.random() < 0.3:  # wide prior: the called party is busy
            return [*found, Said(end_s, (line("BUSY"),))], end_s
        return [*found, Said(end_s, ("ATH\r",), "i"), Said(end_s + 0.05, (line("OK"),))], end_s + 0.05


def draw_analogue(rng: Random, country: str, periods_s: tuple[float, ...], dtmf: str) -> Analogue:
    """An analogue modem; `periods_s` are those of RING to choose from, none: the country's own."""
    family = rng.choice(FAMILIES)
    period_s, burst_s = CADENCES.get(country, USUAL_CADENCE)
    if periods_s:
        period_s = rng.choice(periods_s)
    rings = tuple(text.format(burst=round(burst_s * 10)) for text in family.ring)
    is_shielded = bool(dtmf) and rng.random() < 0.5
    return Analogue(
        profile=family.profile,
        # DTMF caller ID is heard in voice mode, where a ring may be a character behind DLE (V.253 table 14)
        setup=("AT+FCLASS=8", "AT+VLS=0") if dtmf else family.setup,
        layout=rng.choice(family.layouts),
        ring=(DLE + "R",) if is_shielded else tuple(line(text) for text in rings),
        period_s=period_s,
        burst_s=min(burst_s, period_s / 2),
        is_before=country in BEFORE_COUNTRIES or rng.random() < BEFORE_SHARE,
        caller_id_s=rng.uniform(0.9, 1.4),  # cid, FSK after first ring start
        ring_late_s=rng.uniform(0.0, 0.15),  # wide prior
        dtmf=dtmf,
        rng=rng,
    )
