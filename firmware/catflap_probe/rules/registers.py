"""What the aggregator's registers say of a call that comes in, and what is done where it breaks that.

inbound   the number is given out to be called alone, and never calls
outside   a trunk under contract (主叫号码鉴权), and the number is none of those that its contracts may present
refused   a commercial caller, and whoever is called wants none of his calls (谢绝来电, 接收意愿)
"""

from ..call import ALLOW, Call
from .layout import AUTHORISED, FIRST_CLASS, INBOUND, person

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..actions import LineActions
    from ..policy import Policy


class Registers:
    """What is done to each of the three, an index of ACTIONS; ALLOW: nothing. `trunks`: those under contract, or TRUNK/LINE."""

    def __init__(self, refused: int, outside: int, inbound: int, trunks: "list[str]") -> None:
        self.refused = refused
        self.outside = outside
        self.inbound = inbound
        self.trunks = trunks

    def found(self, policy: "Policy", call: Call, lists: int, line: "LineActions") -> "tuple[int, str]":
        """The gravest action and its reason code, ALLOW where nothing is broken; `lists` are the calling number's. Raises OSError."""
        action, reason = ALLOW, ""
        if self.inbound > action and lists & INBOUND:
            action, reason = self.inbound, "policy.inbound-only"
        if self.outside > action and call.calling and not lists & AUTHORISED and self._is_under_contract(line):
            action, reason = self.outside, "policy.outside-range"
        if self.refused > action and lists >= FIRST_CLASS:
            called = call.called or line.number
            if called and policy.lists_of(person(called)) & lists >= FIRST_CLASS:
                action, reason = self.refused, "policy.refused"
        return action, reason

    def _is_under_contract(self, line: "LineActions") -> bool:
        return line.trunk in self.trunks or "%s/%s" % (line.trunk, line.id) in self.trunks
