"""What many complaints about one number are worth together: a person's mark is evidence, not proof, and brigades are measured and damped.

    honest                                            a brigade
    complaints follow calls, days apart               all within one hour, the calls (if any) lie days apart
    each from another line                            many from few lines or one network
    some complainers are known to be right            all are new
    a good part of the lines that were rung           a handful of thousands

Whole numbers only, so that the same complaints give the same figure everywhere. What comes out is a figure and reasons, never an action.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from catflap_host.complaints.terms import Finding, Match

PER_MILLE = 1_000
HOUR_MS = 3_600_000
MAX_SCORE = 10_000
ENOUGH = 5
"""Fewer complaints are no crowd: each of them is weak enough by itself."""

HALF_VOICES = 3 * PER_MILLE
"""So many full voices give half of what voices can give."""

HALF_RATE = 20
"""Where two of a hundred lines that were rung complain, in full voices, half of what the share can give; honest callers stay far below."""

SURENESS = {Match.CALL: 1_000, Match.TIME: 600, Match.NUMBER: 200, Match.NONE: 80}
"""Per mille of a voice: who was called for certain, probably, perhaps, or by all that is known not at all."""

NEWCOMER = 500
"""Per mille: what is left of the word of one who has never complained before, and whom no line of ours vouches for."""

FEW_LINES, ONE_MOMENT, NEW_PEOPLE, RARE, UPHELD, UNFOUNDED = (
    "complaints.few-lines",
    "complaints.one-moment",
    "complaints.new-people",
    "complaints.rare",
    "complaints.upheld",
    "complaints.unfounded",
)
TOLD_FROM = 300
"""Per mille of a measure from which on it is named as a reason."""


@dataclass(frozen=True, slots=True)
class Voice:
    """One complaint: `origin` is the line or network it came from, `call_ms` the time of the call it was matched to or 0.

    `is_new`: the complainer's first one came no longer ago than a week before, and no line vouches for him. `upheld` and `unfounded` count
    what was found of his other complaints.
    """

    complainer: str
    origin: str
    received_ms: int
    call_ms: int
    match: Match
    finding: Finding
    is_new: bool
    upheld: int
    unfounded: int


@dataclass(frozen=True, slots=True)
class Weighed:
    """What complaints are worth: `score` 0 ... 10000, `voices` and `brigade` per mille; so many lines were rung by the number meanwhile."""

    score: int
    complaints: int
    complainers: int
    origins: int
    called_lines: int
    voices: int
    brigade: int
    reasons: list[str]


def weigh(voices: Sequence[Voice], called_lines: int) -> Weighed:
    """Weigh the complaints about one number, or about numbers that act as one."""
    complainers = {voice.complainer for voice in voices}
    best: dict[str, int] = {}
    for voice in voices:
        best[voice.origin] = max(best.get(voice.origin, 0), weight(voice))
    crowding, moment, newness = few_lines(voices), one_moment(voices), new_people(voices)
    # that people are new says nothing by itself, with the rest it says much
    pushed = moment * (PER_MILLE + newness) // (2 * PER_MILLE)
    brigade = PER_MILLE - (PER_MILLE - crowding) * (PER_MILLE - pushed) // PER_MILLE
    heard = sum(best.values()) * (PER_MILLE - brigade) // PER_MILLE
    rung = max(called_lines, len(best), 1)
    rate = heard // rung
    findings = Counter(voice.finding for voice in voices)
    score = MAX_SCORE * heard // (heard + HALF_VOICES) * rate // (rate + HALF_RATE)
    # what people found out by looking into it weighs more than any number of complaints
    score = score * (findings[Finding.UPHELD] + 1) // (findings[Finding.UPHELD] + 2 * findings[Finding.UNFOUNDED] + 1)
    measures = {FEW_LINES: crowding, ONE_MOMENT: moment, NEW_PEOPLE: newness * (moment >= TOLD_FROM)}
    reasons = [name for name, measure in measures.items() if measure >= TOLD_FROM]
    if voices and rate < HALF_RATE // 2:
        reasons.append(RARE)
    reasons += [name for name, finding in ((UPHELD, Finding.UPHELD), (UNFOUNDED, Finding.UNFOUNDED)) if findings[finding]]
    return Weighed(score, len(voices), len(complainers), len(best), called_lines, heard, brigade, reasons)


def weight(voice: Voice) -> int:
    """Per mille of a full voice that one complaint is."""
    if voice.finding is Finding.UPHELD:
        return PER_MILLE
    if voice.finding is Finding.UNFOUNDED:
        return 0
    trusted = PER_MILLE * (voice.upheld + 2) // (voice.upheld + 2 * voice.unfounded + 3)
    newcomer = NEWCOMER if voice.is_new and not voice.upheld else PER_MILLE
    return SURENESS[voice.match] * trusted * newcomer // (PER_MILLE * PER_MILLE)


def few_lines(voices: Sequence[Voice]) -> int:
    """Per mille of the complaints that are more than one of their origin."""
    if len(voices) < ENOUGH:
        return 0
    return PER_MILLE * (len(voices) - len({voice.origin for voice in voices})) // len(voices)


def one_moment(voices: Sequence[Voice]) -> int:
    """Per mille of the complaints that came within one hour, less those whose calls did: a bank of SIM cards calls many at once."""
    if len(voices) < ENOUGH:
        return 0
    came = _densest([voice.received_ms for voice in voices])
    called = _densest([voice.call_ms for voice in voices if voice.call_ms])
    # five spread over a month are not dense because two of them are
    return max(0, PER_MILLE * (came - called - 1) // len(voices))


def new_people(voices: Sequence[Voice]) -> int:
    """Per mille of the complainers that are new."""
    newcomers = {voice.complainer: voice.is_new for voice in voices}
    return PER_MILLE * sum(newcomers.values()) // len(newcomers) if newcomers else 0


def _densest(moments_ms: list[int]) -> int:
    """The most of the moments that lie within one hour."""
    moments = sorted(moments_ms)
    first, most = 0, 0
    for last, moment_ms in enumerate(moments):
        while moment_ms - moments[first] > HOUR_MS:
            first += 1
        most = max(most, last - first + 1)
    return most
