"""Sets one modem up: its family's commands, the country, caller ID, and whether caller ID is on.

ATZ, ATE0 ...          each answered OK, or sent once more
AT+GCI=26              the country, where the family has a command for it
AT+VCID=1, AT+VCID?    the first pair that works: taken, and not said to be off
AT+CRC=1 ...           asked for, and done without where refused
"""

from ..dialogue import Dialogue, Request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..dialect.profiles import Profile

NETWORK_QUESTION = "AT+CLIP?"
NETWORK_MS = 12000
"""This one the modem passes on to its network (TS 27.007 clause 7.11), which may take its time."""

ON, OFF, UNKNOWN = 1, 0, 2
"""Whether caller ID is on."""


class CallerId:
    """How caller ID is switched on and asked after on this modem; both empty until a pair has worked."""

    __slots__ = ("command", "is_provisioned", "question")

    def __init__(self) -> None:
        self.command = ""
        self.question = ""
        self.is_provisioned = True  # the network gives it (TS 27.007 clause 7.11, <m>)


class Outcome:
    """What became of a set-up. `faults`: what went wrong, empty if all went well; `refused`: the country, where it was not taken."""

    __slots__ = ("caller_id", "faults", "refused")

    def __init__(self) -> None:
        self.caller_id = CallerId()
        self.faults: list[str] = []
        self.refused = ""


async def set_up(dialogue: Dialogue, profile: "Profile", country: int, with_reset: bool) -> Outcome:
    """Sends the family's commands; `country` is a T.35 code or -1.

    Without `with_reset` only caller ID is switched on: a command like ATZ would end a call in progress (V.250 clause 6.1.1).
    """
    outcome = Outcome()
    if with_reset:
        for command in profile.initialise:
            request = await _twice(dialogue, command, profile.reply_ms)
            if request.final != "OK":
                outcome.faults.append(_fault(request))
            if not request.final:
                # nobody is there to be told the rest
                return outcome
        if profile.country and country >= 0:
            request = await dialogue.ask(profile.country % country, profile.reply_ms)
            if request.final not in ("OK", ""):
                outcome.refused = _fault(request)
    await _switch_on(dialogue, profile, outcome)
    if with_reset:
        for command in profile.options:
            request = await dialogue.ask(command, profile.reply_ms)
            if not request.final:
                break
    return outcome


def limit_of(command: str, profile: "Profile") -> int:
    """How long an answer is waited for."""
    return NETWORK_MS if command == NETWORK_QUESTION else profile.reply_ms


def is_on(request: Request) -> int:
    """What the answer to a question says of caller ID: the first number in it, as in `1`, `+VCID: 1`, `+CLIP: 1,1`."""
    if request.final != "OK":
        return UNKNOWN
    for line in request.lines:
        state = line.split(":")[-1].split(",")[0].strip()
        if state.isdigit():
            return OFF if int(state) == 0 else ON
    return UNKNOWN


async def _switch_on(dialogue: Dialogue, profile: "Profile", outcome: Outcome) -> None:
    faults: list[str] = []
    for command, question in profile.caller_id:
        request = await _twice(dialogue, command, profile.reply_ms)
        if request.final != "OK":
            faults.append(_fault(request))
            continue
        answer = await dialogue.ask(question, limit_of(question, profile)) if question else request
        if is_on(answer) == OFF:
            faults.append("%s: OK, but %s says that it is off" % (command, question))
            continue
        outcome.caller_id.command = command
        outcome.caller_id.question = question if answer.final == "OK" else ""
        outcome.caller_id.is_provisioned = not _is_withheld_by_network(answer)
        return
    outcome.faults += faults


def _is_withheld_by_network(answer: Request) -> bool:
    return any([line.replace(" ", "") == "+CLIP:1,0" for line in answer.lines])


async def _twice(dialogue: Dialogue, command: str, limit_ms: int) -> Request:
    """A command, sent once more if it was not done: what stood half typed before it may have spoilt it."""
    request = await dialogue.ask(command, limit_ms)
    if request.final != "OK":
        request = await dialogue.ask(command, limit_ms)
    return request


def _fault(request: Request) -> str:
    return "%s: %s" % (request.command, request.final or "no answer")
