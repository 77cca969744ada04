"""What can be done to a call, by its line's dialect and the call's state: the one table that the policy asks.

            ringing                          waiting behind another     answered
    v253    take it and hang up              nothing                    nothing
    3gpp    reject it                        reject it                  nothing
    q931    nothing: a tap listens           nothing                    nothing
    smdr    nothing: a record port tells     nothing                    nothing
            what is over

Nothing is ever done to an answered call. An analogue line can only be taken and left again: the exchange takes that for an answer, so
the caller may pay, and it may hold the line until the caller clears. A cellular modem could answer and hang up too; it is never made to,
since it can reject. On a cellular line a waiting call must not be stopped by ATH or AT+CHUP, which end the call in progress (TS 27.007
clause 6.5).
"""

from .dialect.table import DIALECTS, find_profile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .call import Call

RINGING, WAITING, ANSWERED = 0, 1, 2
STATES = ("ringing", "waiting", "answered")

NOTHING, REJECT, ANSWER = 0, 1, 2
KINDS = ("do nothing about it", "reject it", "answer it and hang up (the caller may pay)")


class Means:
    """What can be done to a call in one state.

    `origin` names the field of the modem family's Profile that holds the command; `caller_may_pay` and `may_hold` (the line, until the
    caller clears) are what it costs; `source` is where that is written, or what shows it.
    """

    __slots__ = ("caller_may_pay", "kind", "may_hold", "origin", "source")

    def __init__(self, kind: int, origin: str, caller_may_pay: bool, may_hold: bool, source: str) -> None:
        self.kind = kind
        self.origin = origin
        self.caller_may_pay = caller_may_pay
        self.may_hold = may_hold
        self.source = source


def _nothing(source: str) -> Means:
    return Means(NOTHING, "", False, False, source)


_HANDS_OFF = _nothing("people are talking; TS 27.007 clause 6.5 and V.250 clause 6.3.6 would cut them off")
_TAP = _nothing("a monitored D-channel (Q.921, Q.931) has no transmitter")
_RECORDS = _nothing("a record comes when the call is over")

TABLE = {
    "v253": (
        Means(
            ANSWER,
            "stop",
            True,
            True,
            "no command of V.250 or V.253 refuses a call; off-hook (ATH1 of the makers, AT+VLS of V.253) is an answer; the exchange "
            "gives a caller who has not cleared a minute or two (Q.118); tests/e2e/test_actions.py",
        ),
        _nothing("off-hook would be a second handset in the talk (V.250 clause 6.3.6)"),
        _HANDS_OFF,
    ),
    "3gpp": (
        Means(REJECT, "stop", False, False, "ATH (V.250 clause 6.3.6) or AT+CHUP (TS 27.007 clause 6.5), whichever the family obeys"),
        Means(
            REJECT, "stop_waiting", False, False, "AT+CHLD=0 (TS 27.007 clause 7.13): user determined user busy (TS 22.030 clause 6.5.5.1)"
        ),
        _HANDS_OFF,
    ),
    "q931": (_TAP, _TAP, _TAP),
    "smdr": (_RECORDS, _RECORDS, _RECORDS),
}
"""By dialect, then by state of the call."""

_UNKNOWN = _nothing("nobody knows this dialect")
_NO_COMMAND = _nothing("this family has no command for it")


class LineActions:
    """What one line can do to its calls; `id` and `dialect` are the line's, `trunk` its trunk's id, `number` its own where it has one."""

    __slots__ = ("_means", "dialect", "id", "number", "trunk")

    def __init__(self, line: str, dialect: str, profile: str, trunk: str = "", number: str = "") -> None:
        """`profile` is the name of the modem's family."""
        self.id = line
        self.dialect = dialect
        self.trunk = trunk
        self.number = number
        family = find_profile(dialect, profile)[0] if dialect in DIALECTS else None
        self._means = [
            means if not means.origin or getattr(family, means.origin) else _NO_COMMAND
            for means in TABLE.get(dialect, (_UNKNOWN, _UNKNOWN, _UNKNOWN))
        ]

    def to(self, state: int) -> Means:
        """What it can do to a call in a state, an index of STATES."""
        return self._means[state]


def state_of(call: "Call") -> int:
    """The state that a call is in, an index of STATES."""
    if call.answered_ms >= 0:
        return ANSWERED
    return WAITING if call.waited else RINGING
