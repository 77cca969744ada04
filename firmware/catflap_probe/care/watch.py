"""Looks after the modem of one line, from the opening of its port on, and never gives it up.

open -> AT -> who is it -> set up: modem-ready -> every 10 s while the line is idle: is caller ID still on?
                              ^                      | off, echoing again, RESET, calls that rang without caller ID
                              +--- re-initialised ---+
                                                     | no answer, or noise: link.py brings it back
"""

import asyncio

from ..board import Board
from ..call import IN, Call
from ..clock import Clock
from ..command import Commander
from ..dialect.table import profile_of
from ..dialogue import Request
from ..events import RESET
from .door import RETRY_S
from .identity import family_of, is_of, words_of
from .keeper import Keeper
from .link import Link, PortGone
from .moderate import Moderate
from .setup import NETWORK_QUESTION, OFF, CallerId, is_on, limit_of, set_up

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..config import PortSettings

CHECK_MS = 10000
SOON_MS = 5000

SETTLE_MS = 1500
SETTLED_MS = 10000
"""A modem that starts anew has settled after so long a silence, or for good after so long."""

OWN_RESET_MS = 3000
"""What tells of a start so soon after our own ATZ tells of that."""

LONGEST_RETRY_MS = 600000

ASK_NETWORK_FIRST = 3
ASK_NETWORK_EVERY = 30
"""A question that goes on to the network is asked at the first checks and then only now and then; else the setting is sent again."""

TEXT_MODE = ("AT+CMGF=1", "AT+CSDH=1", "AT+CNMI=2,1")
"""Messages are shown as text, with its coding, and each is told of when it comes (TS 27.005 clauses 3.2.3, 3.3.3, 3.4.1)."""

MOST_MESSAGES = 8
"""So many may wait to be read; further ones stay in the modem."""

UNNAMED_CALLS = 2
UNNAMED_WEDGE = 4
"""After so many calls without caller ID in a row it is set up anew; after so many it must lose its power: it answers, but is deaf."""


class Watch:
    """Looks after one modem."""

    def __init__(
        self, board: Board, clock: Clock, keeper: Keeper, commander: Commander, where: "PortSettings", dialect: str, country: int
    ) -> None:
        """`country` is the T.35 code of the country that the modem is used in, or -1."""
        keeper = Moderate(keeper, clock)
        self.clock = clock
        self.keeper = keeper
        self.commander = commander
        self.dialect = dialect
        self.country = country
        self.link = Link(board, clock, keeper, commander, where)
        self._caller_id = CallerId()
        self._told: dict[str, str] = {}  # by code: what was told last, where it is told again only when it changes
        self._is_ready = False
        self._is_setting_up = False
        self._was_reset = False
        self._is_in_doubt = False
        self._own_reset_ms = -OWN_RESET_MS
        self._checks = 0
        self._retry_ms = CHECK_MS
        self._again_ms = 0  # when a set-up that did not go well is tried again
        self._unnamed = 0  # calls in a row that rang twice and showed no caller ID
        self._is_suspect = False
        self._shows_messages = False  # it was told to
        self._messages: list[str] = []  # where those lie that are to be read
        self._is_spent = False  # the message that was read last was a mark

    async def run(self) -> None:
        """Opens the port and looks after the modem until it is cancelled."""
        self.link.switch_on()
        while True:
            try:
                await self.link.open()
                await self._attend()
            except PortGone:
                pass
            finally:
                self.link.close()
            self.keeper.unplugged()
            self.link.door.unplugged()
            await asyncio.sleep(RETRY_S)

    def is_ready(self) -> bool:
        """Whether the modem is there and has taken its set-up."""
        return self._is_ready and self.commander.dialogue.port is not None

    def heard(self, kind: int, now_ms: int) -> None:
        """A line event came."""
        self.link.heard(kind, now_ms)
        if kind == RESET:
            if self._is_setting_up or now_ms - self._own_reset_ms < OWN_RESET_MS:
                self._is_in_doubt = True
            elif not self._was_reset:
                self._was_reset = True
                self.keeper.tell("modem-reset", "it has started anew")
            self.link.woken.set()

    def stored(self, place: str) -> None:
        """A message lies in the modem's memory."""
        if self.keeper.takes_messages() and len(self._messages) < MOST_MESSAGES:
            self._messages.append(place)
            self.link.woken.set()

    def marked(self) -> None:
        """The message that came last was a mark: it need not be kept."""
        self._is_spent = True

    def ended(self, call: Call) -> None:
        """A call of the line is over: did it show a caller ID?"""
        self.link.sign_ms = call.ended_ms
        if call.direction != IN or call.waited:
            return
        if call.number_ms >= 0:
            self._unnamed = 0
        elif call.rings >= 2:
            self._unnamed += 1
            count = self._unnamed
            # 2, 4, 8 ...: a line without the service must not fill the spool
            if count >= UNNAMED_CALLS and count & (count - 1) == 0:
                self.keeper.tell("rings-without-caller-id", "%d calls in a row" % count)
                self._is_suspect = True
                self.link.woken.set()

    async def _attend(self) -> None:
        """Until the port is gone."""
        self._was_reset = False
        if not await self.link.answers():
            await self.link.bring_back("no answer to AT")
        await self._begin()
        due_ms = self.clock.now_ms() + CHECK_MS
        while True:
            now_ms = self.clock.now_ms()
            if now_ms < due_ms:
                await self.link.pause(due_ms - now_ms)
            now_ms = self.clock.now_ms()
            if self._was_reset:
                await self._settle()
                await self._set_up("re-initialised", "after its reset")
            elif now_ms < due_ms and not (self._is_suspect or self._is_in_doubt or self._messages or self.link.is_noisy):
                continue
            elif self.link.is_idle():
                await self._check()
            else:
                due_ms = now_ms + SOON_MS
                continue
            due_ms = self.clock.now_ms() + CHECK_MS

    async def _begin(self) -> None:
        await self._identify()
        await self._set_up("modem-ready", "")

    async def _check(self) -> None:
        """Asks whether all is as it was set up, and sees to it."""
        await self.link.door.others()
        self._is_in_doubt = False
        if self.link.is_noisy:
            self.link.is_noisy = False
            if not await self.link.answers():
                await self._bring_back("noise that is no text")
        elif self._is_suspect:
            self._is_suspect = False
            await self._examine()
        elif not self._is_ready:
            await self._try_again()
        elif self.dialect == "3gpp" and self.keeper.takes_messages() and not self._shows_messages:
            await self._show_messages()
        elif self._messages:
            await self._read(self._messages.pop(0))
        else:
            await self._ask()

    async def _show_messages(self) -> None:
        self._shows_messages = True
        for command in TEXT_MODE:
            request = await self.link.ask(command, self.commander.profile.reply_ms)
            if request.final != "OK":
                self._tell("messages-refused", "%s: %s" % (command, request.final or "no answer"))
                return

    async def _read(self, place: str) -> None:
        """Reads a message; of a mark nothing is left in the modem's small memory."""
        self._is_spent = False
        await self.link.ask("AT+CMGR=%s" % place, self.commander.profile.reply_ms)
        if self._is_spent:
            await self.link.ask("AT+CMGD=%s" % place, self.commander.profile.reply_ms)

    async def _ask(self) -> None:
        caller_id = self._caller_id
        self._checks += 1
        asks = caller_id.question != ""
        if caller_id.question == NETWORK_QUESTION:
            asks = self._checks <= ASK_NETWORK_FIRST or self._checks % ASK_NETWORK_EVERY == 0
        command = caller_id.question if asks else caller_id.command
        request = await self.link.ask(command, limit_of(command, self.commander.profile))
        if not request.final:
            if not self.link.is_idle():
                # a call has come meanwhile: nothing is asked until it is over
                return
            await self.link.door.others()
            if await self.link.answers():
                await self._set_up("re-initialised", "no answer to %s" % command)
            else:
                await self._bring_back("no answer to %s, nor to AT" % command)
        elif request.is_echoed and self._is_mute():
            self.keeper.tell("modem-reset", "it echoes commands again")
            await self._set_up("re-initialised", "after its reset")
        elif asks and is_on(request) == OFF:
            self.keeper.tell("caller-id-off", "%s: %s" % (command, words_of(request.lines)))
            await self._set_up("re-initialised", "caller ID was off")
        elif not asks and request.final != "OK":
            await self._set_up("re-initialised", "%s: %s" % (command, request.final))

    def _is_mute(self) -> bool:
        """Whether it was told to echo nothing (V.250 clause 6.2.4)."""
        return any(["E0" in command for command in self.commander.profile.initialise])

    async def _bring_back(self, why: str) -> None:
        await self.link.bring_back(why)
        await self._begin()

    async def _examine(self) -> None:
        """Calls rang without caller ID."""
        if self._unnamed == UNNAMED_WEDGE:
            if await self.link.cycle_power():
                await self._begin()
                return
            if self.link.where.power is None:
                self._tell("needs-power-cycle", "%d calls in a row without caller ID, set up anew in between" % self._unnamed)
        await self._set_up("re-initialised", "%d calls in a row without caller ID" % self._unnamed)

    async def _try_again(self) -> None:
        """The last set-up did not go well; the next ones come in growing pauses."""
        if self.clock.now_ms() >= self._again_ms:
            if await self.link.answers():
                await self._set_up("modem-ready", "")
            else:
                await self._bring_back("no answer to AT")

    async def _settle(self) -> None:
        """Waits until a modem that starts anew has said what it has to say."""
        until_ms = self.clock.now_ms() + SETTLED_MS
        while True:
            now_ms = self.clock.now_ms()
            quiet_ms = now_ms - self.link.byte_ms
            if now_ms >= until_ms or quiet_ms >= SETTLE_MS:
                return
            await self.link.pause(SETTLE_MS - quiet_ms)

    async def _set_up(self, what: str, why: str) -> None:
        """Sets the modem up; where a call is there, caller ID alone is switched on first, and the rest when the line is free."""
        is_on_already = False
        while not self.link.is_free() or await self._is_talking():
            if not is_on_already:
                is_on_already = True
                await set_up(self.commander.dialogue, self.commander.profile, self.country, False)
            await self.link.pause(SOON_MS)
        self._is_setting_up = True
        self._shows_messages = False
        self._was_reset = self._is_in_doubt = False
        try:
            outcome = await set_up(self.commander.dialogue, self.commander.profile, self.country, True)
        finally:
            self._is_setting_up = False
        self.link.check()
        self._own_reset_ms = self.clock.now_ms()
        self._caller_id = outcome.caller_id
        self._checks = 0
        self._is_ready = not outcome.faults
        if outcome.refused:
            self._tell("country-refused", outcome.refused)
        if not outcome.caller_id.is_provisioned:
            self._tell("caller-id-not-provisioned", "the network shows no caller ID on this SIM: order it from the operator")
        if self._is_ready:
            self._told.pop("modem-not-ready", "")
            self._told.pop("needs-power-cycle", "")
            self._retry_ms = CHECK_MS
            self.keeper.tell(what, why)
        else:
            self._again_ms = self.clock.now_ms() + self._retry_ms
            self._retry_ms = min(2 * self._retry_ms, LONGEST_RETRY_MS)
            self._tell("modem-not-ready", "; ".join(outcome.faults))
            await self.link.door.others()

    async def _is_talking(self) -> bool:
        """Whether a cellular modem has a call that we know nothing of: ATZ would end it (TS 27.007 clause 8.1)."""
        if self.dialect != "3gpp":
            return False
        request = await self.link.ask("AT+CPAS", self.commander.profile.reply_ms)
        return any([line.replace(" ", "") in ("+CPAS:3", "+CPAS:4") for line in request.lines])

    async def _identify(self) -> None:
        """Asks who it is; a family that was not configured is used if it is known, or told."""
        lines: list[str] = []
        for command in self.commander.profile.identify:
            request: Request = await self.link.ask(command, self.commander.profile.reply_ms)
            lines += request.lines
        words = words_of(lines)
        if not words:
            return
        self._tell("modem-is", words)
        family = family_of(self.dialect, words)
        profile = self.commander.profile
        if not family or is_of(profile, words):
            return
        if profile.name == "generic":
            self.commander.profile = profile_of(self.dialect, family)
            self.keeper.recognised(family)
            self._tell("modem-recognised", family)
        else:
            self._tell("modem-differs", "configured as %s, answers as %s" % (profile.name, family))

    def _tell(self, what: str, detail: str) -> None:
        """Tells what has not been told yet."""
        if self._told.get(what) != detail:
            self._told[what] = detail
            self.keeper.tell(what, detail)
