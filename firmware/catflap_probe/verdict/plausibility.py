"""What the numbering check finds about one number."""

from .kinds import CALL_CENTRE, IOT, KINDS, MOBILE, SATELLITE, SERVICE, SHARED_COST, TOLL_FREE, UNKNOWN

VERDICTS = ("plausible", "implausible", "impossible", "not-shown")
PLAUSIBLE, IMPLAUSIBLE, IMPOSSIBLE, NOT_SHOWN = 0, 1, 2, 3


class Numbering:
    """A number as the plans have it.

    verdict, reason: whether it can be true, and a code why not (empty if plausible; PROTOCOL.md section 8); kind: one of kinds.KINDS;
    country: two letters, empty where unknown; is_foreign: of another country than the trunk's; is_neighbour: differs from a number of the
    line itself in its last digits only; key: its one form for the memory and for lists.
    """

    # what most numbers have stands in the class: on a board each attribute of an object costs time
    reason = ""
    is_foreign = False
    is_neighbour = False

    def __init__(self, verdict: int, reason: str, kind: int, key: str, country: str, is_foreign: bool = False) -> None:
        self.verdict = verdict
        self.kind = kind
        self.key = key
        self.country = country
        if reason:
            self.reason = reason
        if is_foreign:
            self.is_foreign = True

    def doubt(self, verdict: int, reason: str) -> "Numbering":
        """The same with a graver verdict; one at least as grave stays, and the first of two reasons."""
        if verdict > self.verdict:
            self.verdict = verdict
            self.reason = reason
        return self

    def is_mobile(self) -> bool:
        """True for the numbers that this country's SIM cards have."""
        return not self.is_foreign and self.kind in (MOBILE, IOT, SATELLITE)

    def is_service(self) -> bool:
        """True for this country's short codes and numbers of firms and the state."""
        return not self.is_foreign and self.kind in (SERVICE, CALL_CENTRE, SHARED_COST, TOLL_FREE)

    def is_false(self) -> bool:
        """True where the number itself speaks against it; that a neighbour's number is seldom true says nothing against a colleague."""
        return self.verdict == IMPOSSIBLE or (self.verdict == IMPLAUSIBLE and not self.is_neighbour)

    def kind_word(self) -> str:
        """The kind as records name it."""
        return KINDS[self.kind]


def not_shown() -> Numbering:
    """What is found where no number is shown: nothing for or against."""
    return Numbering(NOT_SHOWN, "", UNKNOWN, "", "")
