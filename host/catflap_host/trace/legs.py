"""A leg: one call as one trunk saw it, its time put right by what is known of that probe's clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from catflap_host.number_form import international, plan_of, shown_forms
from catflap_host.store.rows import Call

UNKNOWN_ROLE = "unknown"


@dataclass(frozen=True, slots=True)
class TrunkFacts:
    """What a probe said of its trunk when it started."""

    country: str
    area_code: str
    role: str


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as it came from a probe, by which a leg is known."""

    probe: str
    boot: str
    seq: int
    received_ms: int
    body: str


@dataclass(frozen=True, slots=True)
class Leg:
    """A call on one trunk. `at_ms` is Unix time by the aggregator's clock: the probe's own reading is `at_ms + clock_error_ms`.

    `calling` and `called` are as the line showed them, `number` and `called_number` their international forms, empty where there is none.
    """

    probe: str
    boot: str
    trunk: str
    role: str
    line: str
    call: int
    call_id: int
    at_ms: int
    clock_error_ms: int
    calling: str
    number: str
    called: str
    called_number: str
    label: str
    score: int
    action: str
    reasons: tuple[str, ...]
    ended_ms: int
    answered_ms: int
    outcome: str
    received_ms: int


class Source(Protocol):
    """Where legs come from."""

    def calls(self, shown: Sequence[str], since_ms: int, until_ms: int) -> Iterable[Call]:
        """Every call that a line showed with one of these calling numbers, in just that form, and that may have begun then by our clock."""

    def facts(self, probe: str) -> Mapping[tuple[str, str], TrunkFacts]:
        """What a probe said of its trunks, by boot and trunk; under an empty boot what it said last."""

    def clock_error_ms(self, probe: str, boot: str) -> int:
        """How far ahead of ours a probe's wall clock was when a boot of it was last heard."""

    def records(self, leg: Leg) -> list[StoredRecord]:
        """The stored records that tell of a leg, in order."""


def legs_of(number: str, since_ms: int, until_ms: int, source: Source) -> list[Leg]:
    """The legs of an international number's calls that began in the window by our clock, `until_ms` not included, in order of time.

    Raises ValueError for what is no international number.
    """
    return legs_of_all([number], since_ms, until_ms, source)[number]


def legs_of_all(numbers: Iterable[str], since_ms: int, until_ms: int, source: Source) -> dict[str, list[Leg]]:
    """The same of each of several numbers. Raises ValueError for what is no international number."""
    found: dict[str, dict[int, Leg]] = {number: {} for number in numbers}
    forms = dict.fromkeys(form for number in found for form in shown_forms(number))
    for call in source.calls(list(forms), since_ms, until_ms):
        if call.direction == "out":
            continue
        leg = _leg(call, source)
        # what is written alike may be another country's or another area's number
        if leg.number in found and since_ms <= leg.at_ms < until_ms:
            found[leg.number][call.id] = leg
    return {number: sorted(legs.values(), key=_in_time) for number, legs in found.items()}


def _in_time(leg: Leg) -> tuple[int, str, str, str, int]:
    return leg.at_ms, leg.probe, leg.trunk, leg.line, leg.call


def facts_of(source: Source, probe: str, boot: str, trunk: str, country: str = "") -> TrunkFacts:
    """What a boot of a probe said of its trunk, or what the probe said last, or what is known without it."""
    told = source.facts(probe)
    return told.get((boot, trunk)) or told.get(("", trunk)) or TrunkFacts(country, "", UNKNOWN_ROLE)


def _leg(call: Call, source: Source) -> Leg:
    facts = facts_of(source, call.probe, call.boot, call.trunk, call.country)
    plan = plan_of(facts.country, facts.area_code, facts.role)
    error_ms = source.clock_error_ms(call.probe, call.boot)
    return Leg(
        probe=call.probe,
        boot=call.boot,
        trunk=call.trunk,
        role=facts.role,
        line=call.line,
        call=call.call,
        call_id=call.id,
        at_ms=call.at_ms - error_ms,
        clock_error_ms=error_ms,
        calling=call.calling,
        number=international(call.calling, plan),
        called=call.called,
        called_number=international(call.called, plan),
        label=call.label,
        score=call.score,
        action=call.action,
        reasons=tuple(call.reasons),
        ended_ms=call.ended_ms - error_ms if call.ended_ms else 0,
        answered_ms=call.answered_ms,
        outcome=call.outcome,
        received_ms=call.received_ms,
    )
