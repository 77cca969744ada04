"""What an outgoing call may not be, by its contract and by what the called person said: the newest word counts, and silence is a no."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from catflap_host.compliance.book import Book, Contract, Range
from catflap_host.registers.entries import Entry, is_about, is_agreement, is_refusal
from catflap_host.registers.kinds import COMMERCIAL, Register

WITHHELD = "withheld"


class Violation(StrEnum):
    """What a call broke."""

    DO_NOT_CALL = "do-not-call"
    REFUSED = "refused"
    WISH = "wish"
    NO_CONSENT = "no-consent"
    CONSENT_OVER = "consent-over"
    HOURS = "hours"
    RANGE = "range"
    WITHHELD = "withheld"


class Unchecked(StrEnum):
    """What could not be looked at."""

    CALLING = "calling-not-shown"
    CALLED = "called-not-shown"
    RANGES = "no-ranges"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A call that was made, or is to be: numbers in international form, empty where they are not known."""

    at_ms: int
    calling: str
    presentation: str
    called: str
    is_to_person: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about a call; `campaign` is empty for a number that is not the contract's."""

    campaign: str
    violations: tuple[Violation, ...]
    unchecked: tuple[Unchecked, ...]


def judge(call: Outgoing, contract: Contract, book: Book, words: Sequence[Entry]) -> Finding:
    """A call under a contract; `words` are all that the called person has ever said."""
    violations: list[Violation] = []
    unchecked: list[Unchecked] = []
    presented = _presented(call, contract, book, violations, unchecked)
    industry = (presented.industry if presented else "") or contract.industry
    purpose = (presented.purpose if presented else "") or contract.purpose
    if not call.called:
        unchecked.append(Unchecked.CALLED)
    if call.is_to_person:
        if purpose == COMMERCIAL and call.called:
            violations += said(words, contract.customer, industry, call.at_ms)
        if not contract.hours_for(purpose).allow(call.at_ms, contract.zone, book.calendar):
            violations.append(Violation.HOURS)
    is_foreign = Violation.RANGE in violations
    campaign = "" if is_foreign else (presented.campaign if presented else "") or contract.name
    return Finding(campaign, tuple(violations), tuple(unchecked))


def said(words: Sequence[Entry], holder: str, industry: str, at_ms: int) -> list[Violation]:
    """Why a person may not be called by a holder about an industry at a moment, empty where he may."""
    about = [word for word in words if is_about(word, holder, industry)]
    agreed_ms = max((word.begins_ms for word in about if is_agreement(word) and word.holds(at_ms)), default=-1)
    # of a yes and a no at the same moment the no counts
    refusals = [word for word in about if is_refusal(word) and word.holds(at_ms) and word.begins_ms >= agreed_ms]
    if refusals:
        return sorted({_named(word) for word in refusals}, key=list(Violation).index)
    if agreed_ms >= 0:
        return []
    was_agreed = any(word.register is Register.CONSENT and word.begins_ms <= at_ms and word.ends_ms > word.begins_ms for word in about)
    return [Violation.CONSENT_OVER if was_agreed else Violation.NO_CONSENT]


def _named(refusal: Entry) -> Violation:
    if refusal.register is Register.WISH:
        return Violation.WISH
    return Violation.REFUSED if refusal.fields["holder"] else Violation.DO_NOT_CALL


def _presented(call: Outgoing, contract: Contract, book: Book, violations: list[Violation], unchecked: list[Unchecked]) -> Range | None:
    """The contract's range that the call presented; notes what is wrong with it."""
    if call.presentation == WITHHELD:
        violations.append(Violation.WITHHELD)
    elif not call.calling:
        unchecked.append(Unchecked.CALLING)
    elif not any(one.entry.holds(call.at_ms) for one in book.ranges_of.get(contract.name, ())):
        unchecked.append(Unchecked.RANGES)
    else:
        for one in book.ranges_with(call.calling, call.at_ms):
            if one.contract == contract.name:
                return one
        violations.append(Violation.RANGE)
    return None
