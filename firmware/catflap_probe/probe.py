"""A live probe: ports, lines, decisions, commands and spool of one trunk, in one event loop."""

import asyncio
import logging
import sys
from binascii import hexlify

from . import VERSION, records
from .board import BLOCKING, FAULT, IDLE, NO_MODEM, RINGING, Board
from .call import BLOCK, SHADOWED, Call
from .care.keeper import Keeper
from .care.watch import Watch
from .clock import Clock
from .command import Commander
from .config import Config, ConfigError, read_key
from .dialect.country import t35_code
from .dialect.table import find_profile
from .ear import Ear
from .evidence import release
from .feed import PoolFeed
from .gateway import Gateway
from .line import Line
from .lines import Lines
from .mark import SMS
from .memory.keep import restore, save, save_between_calls
from .memory.trunk import Sight
from .policy import Policy, PolicyError
from .recording import rfc3339
from .replay import load_policy
from .rules.delivery import FRAME_BYTES, PolicyFetch
from .spool import Spool, make_folder
from .tape import Tape
from .trunk import EVIDENCE_MS, Observer, SettingsError, Trunk, line_action
from .uplink.sender import Sender
from .uplink.serial_link import SerialLink
from .verdict.bundle import Bundle, BundleError, load

TICK_MS = 250
"""How often it is looked whether something fell due, in the trunk's time, at least."""

FAULT_SHOWN_MS = 60000
CONDITION_EVERY = 6
"""The machine's condition is put on record each time that the memory has been saved so often."""

SAVE_EVERY_MS = 600000
SAVE_AGAIN_MS = 2000
"""So long after a call came in the way."""

AGAIN_S = 2
SYNC_S = 1
DRAIN_S = 5
SPOOL_BYTES = {"linux": (67108864, 32768), "board": (262144, 8192)}
"""Of the whole spool, and of one of its files."""


log = logging.getLogger("catflap.probe")


class LineKeeper(Keeper):
    """A line's side of the care of its modem."""

    def __init__(self, probe: "Probe", place: int) -> None:
        self.probe = probe
        self.place = place

    async def older_first(self, read_us: int) -> None:
        """See Keeper."""
        await self.probe.older_first(self.place, read_us)

    def take(self, data: bytes, read_us: int) -> None:
        """See Keeper."""
        probe = self.probe
        try:
            probe.lines.feed(self.place, probe.clock.at_ms(read_us) if read_us >= 0 else probe.clock.now_ms(), data)
        except Exception as fault:
            probe.lines.dialects[self.place].unplugged()
            probe.broken(self.place, fault)

    def sent(self, data: bytes) -> None:
        """Bytes were sent to the modem: the dialect reads its answers by them."""
        probe = self.probe
        probe.lines.note(self.place, probe.heard_up_to_ms(), "i", data)
        probe.lines.dialects[self.place].sent(probe.clock.now_ms(), data)

    def unplugged(self) -> None:
        """See Keeper."""
        self.probe.lines.unplugged(self.place, self.probe.clock.now_ms())

    def takes_messages(self) -> bool:
        """See Keeper."""
        rule = self.probe.policy.mark
        return rule is not None and len(rule.senders) > 0

    def recognised(self, family: str) -> None:
        """See Keeper."""
        trunk = self.probe.trunk
        trunk.actions[self.place] = line_action(trunk.settings, self.place, family)

    def tell(self, what: str, detail: str) -> None:
        """See Keeper."""
        self.probe.health(self.probe.config.trunk.lines[self.place].id, what, detail)


class Probe(Observer):
    """Runs one trunk on one machine."""

    def __init__(self, board: Board, config: Config) -> None:
        """Opens state, memory, model and policy; raises ConfigError or OSError for what cannot be done without."""
        self.board = board
        self.config = config
        self._fault_ms = 0
        self._held: list[Call] = []  # calls whose decision is not on record yet
        self.made = {"alert": 0, "call": 0, "end": 0, "alarm": 0, "mark": 0, "health": 0, "trunk": 0}
        try:
            self.clock = Clock(board, config.clock)
        except ValueError as fault:
            raise ConfigError("the configuration's %s" % fault)
        self._key = read_key(config.key_file) if config.urls or config.gateway is not None else None
        make_folder(config.state)
        self.boot = boot = hexlify(board.random_bytes(8)).decode()
        self.spool = Spool(board, config.state + "/spool", boot, *SPOOL_BYTES[config.tables])
        self.bundle = self._load_bundle()
        self.fetch: PolicyFetch | None = None
        self.policy = self._load_policy()
        self._memory_path = config.state + "/memory"
        memory, why_not = restore(self._memory_path, config.trunk.id, config.tables)
        if why_not:
            self.health("", "memory-lost", why_not)
        try:
            self.trunk = Trunk(config.trunk, memory, self.bundle, self.policy, self)
        except SettingsError as fault:
            raise ConfigError(str(fault))
        self.trunk.start(config.trunk, self.clock.start_ms)
        self.lines = Lines(self._start_tape())
        self.gateway = Gateway(self.clock, self.lines, config.trunk, self.heard_up_to_ms, self.set_wall)
        self.feed = PoolFeed(self.lines, memory.feed.entries, self.heard_up_to_ms)
        self.commanders: list[Commander] = []
        self.watches: list[Watch] = []
        country = t35_code(config.trunk.country)
        for index, settings in enumerate(config.trunk.lines):
            profile, is_known = find_profile(settings.dialect, settings.profile)
            if not is_known:
                self.health(settings.id, "unknown-profile", "%s, read as generic" % settings.profile)
            line = Line(index, self.trunk)
            keeper = LineKeeper(self, index)
            commander = Commander(self.clock, line, profile, keeper.sent)
            watch = Watch(board, self.clock, keeper, commander, config.ports[index], settings.dialect, country)
            self.lines.add(line, settings.dialect, Ear(line, commander, watch))
            self.commanders.append(commander)
            self.watches.append(watch)
        self._record(records.of_trunk(config.trunk, self.clock.start_ms + self.clock.now_ms()))
        died_of = board.last_words()
        if died_of:
            self.health("", "crash", died_of)

    async def run(self) -> None:
        """Runs until it is cancelled."""
        tasks = [asyncio.create_task(self._look_after(place)) for place in range(len(self.watches))]
        tasks.append(asyncio.create_task(self._keep()))
        tasks.append(asyncio.create_task(self._uplink()))
        try:
            while True:
                self.board.alive()
                self.board.show(self._state())
                try:
                    self.lines.advance(self.heard_up_to_ms())
                except Exception as fault:
                    self.broken(-1, fault)
                try:
                    self.spool.tidy()
                except OSError as fault:
                    log.error("the spool finds no room: %s", fault)
                # nothing that is new falls due sooner than that
                await self.clock.sleep(min(max(self.lines.due_ms - self.clock.now_ms(), 1), TICK_MS))
        finally:
            for task in tasks:
                task.cancel()

    async def stop(self) -> None:
        """After run() has ended: lets go of the lines, keeps the memory and gives the uplink a little time for what is still unsent."""
        for commander in self.commanders:
            # an interrupt ends MicroPython's loop without a word to its tasks
            commander.let_go()
        for call in list(self._held):
            self._release(call)
        self.save()
        await self.spool.sync()
        if self._key is not None:
            task = asyncio.create_task(self._uplink())
            for _ in range(DRAIN_S * 20):
                if self.spool.is_empty():
                    break
                await asyncio.sleep(0.05)
            task.cancel()
        if self.fetch is not None:
            self.fetch.stop()
        if self.lines.tape is not None:
            self.lines.tape.close()

    def save(self) -> None:
        """Keeps the memory for the next start."""
        try:
            save(self.trunk.memory, self._memory_path)
        except OSError as fault:
            self.health("", "memory-not-saved", str(fault))

    def set_wall(self, unix_ms: int) -> None:
        """The gateway says how late it is."""
        self.board.set_unix_us(unix_ms * 1000)
        if self.clock.follow():
            self.trunk.begin(self.clock.start_ms)
            now_ms = max(self.lines.heard_ms, self.heard_up_to_ms())
            self.lines.note(0, now_ms, "m", b"wall=" + rfc3339(self.clock.start_ms + now_ms).encode())

    def arriving(self, call: Call, sight: Sight, is_mobile: bool, now_ms: int) -> None:
        """Asks the gateway about a call, before our own answer is worked out."""
        self.gateway.ask(call, sight, is_mobile, now_ms)

    def decided(self, call: Call, now_ms: int) -> None:
        """Acts on a decision, then puts it on record, at once or when no answer of the gateway can change it any more."""
        decision = call.decision
        assert decision is not None
        if decision.action != BLOCK:
            self.commanders[call.line].spare(call)
        elif self.policy.shadow:
            call.outcome = SHADOWED
        else:
            self.commanders[call.line].stop(call)
        if call in self._held:
            return
        if decision.action != BLOCK and self.gateway.awaits(call):
            # a flash may take longer to write than the answer to come
            self._held.append(call)
            asyncio.create_task(self._record_later(call))  # noqa: RUF006 - the loop ends with it or before
        else:
            self._record_decision(call)

    def ended(self, call: Call, label: int, now_ms: int, released: bool) -> None:
        """Puts a call's end on record."""
        self.commanders[call.line].over(call, now_ms, released)
        self.watches[call.line].ended(call)
        self.gateway.ended(call, self.trunk.second(now_ms))
        self._release(call)
        self._record(records.of_end(call, self.config.trunk.id, self._line_id(call), self.clock.start_ms, label))

    async def _record_later(self, call: Call) -> None:
        await self.clock.sleep(EVIDENCE_MS)
        self._release(call)

    def _release(self, call: Call) -> None:
        """Puts a decision on record that was held back."""
        if call in self._held:
            self._held.remove(call)
            self._record_decision(call)

    def _record_decision(self, call: Call) -> None:
        model = self.bundle.version if self.bundle is not None else ""
        self._record(records.of_decision(call, self.config.trunk.id, self._line_id(call), self.clock.start_ms, self.policy.shadow, model))

    def explained(self, call: Call) -> None:
        """Puts a call's end on record once more, with its cause."""
        self._record(records.of_end(call, self.config.trunk.id, self._line_id(call), self.clock.start_ms, call.final_label))

    def alarmed(self, name: str, kind: int, members: "list[str]", score: int, reasons: "list[str]", now_ms: int) -> None:
        """Puts an alarm on record."""
        self._record(records.of_alarm(self.config.trunk.id, name, kind, members, score, reasons, self.clock.start_ms + now_ms))

    def marked(self, line: int, call: "Call | None", way: int, number: str, sender: str, now_ms: int) -> None:
        """Puts a person's mark on record."""
        if way == SMS:
            self.watches[line].marked()
        trunk = self.config.trunk
        self._record(records.of_mark(call, trunk.id, trunk.lines[line].id, way, number, sender, self.clock.start_ms + now_ms))

    def failed(self, fault: Exception, call: Call, now_ms: int) -> None:
        """Says that the decision path broke; the phone rings, the probe goes on."""
        self.broken(call.line, fault)

    async def _look_after(self, place: int) -> None:
        """Serves one line for ever."""
        while True:
            try:
                await self.watches[place].run()
            except Exception as fault:
                self.broken(place, fault)
            await asyncio.sleep(AGAIN_S)

    async def older_first(self, place: int, read_us: int) -> None:
        """Lets the other lines take what came before what was just read on one, after a while in which nothing ran."""
        for _ in self.commanders:
            for other, commander in enumerate(self.commanders):
                port = commander.dialogue.port
                if other != place and port is not None and 0 <= port.unread_us() < read_us:
                    break
            else:
                return
            await asyncio.sleep(0)

    def heard_up_to_ms(self) -> int:
        """Now, or the moment at which bytes came that have not been read yet."""
        up_to_ms = self.clock.now_ms()
        for commander in self.commanders:
            port = commander.dialogue.port
            unread_us = port.unread_us() if port is not None else -1
            if unread_us >= 0:
                up_to_ms = min(up_to_ms, self.clock.at_ms(unread_us))
        return up_to_ms

    def _state(self) -> int:
        """What the machine shows."""
        if self._fault_ms and self.clock.now_ms() - self._fault_ms < FAULT_SHOWN_MS:
            return FAULT
        state = IDLE
        for place, commander in enumerate(self.commanders):
            if not self.watches[place].is_ready():
                return NO_MODEM
            if commander.is_busy():
                state = BLOCKING
            elif commander.line.is_ringing():
                state = max(state, RINGING)
        return state

    async def _keep(self) -> None:
        while True:
            for _ in range(CONDITION_EVERY):
                await self.clock.sleep(SAVE_EVERY_MS)
                try:
                    while not await save_between_calls(self.trunk.memory, self._memory_path):
                        await self.clock.sleep(SAVE_AGAIN_MS)
                except OSError as fault:
                    self.health("", "memory-not-saved", str(fault))
            condition = self.board.condition()
            if condition:
                self.health("", "condition", condition)

    async def _uplink(self) -> None:
        if self._key is None:
            while True:
                await asyncio.sleep(SYNC_S)
                await self.spool.sync()
        if self.config.gateway is None:
            # a board without a network has not even the modules
            from .uplink.choose import open_client

            client = open_client(self.board, self.config)
            try:
                await Sender(self.board, client, self._key, self.config.id, self.spool, self.feed, self.fetch).run()
            finally:
                client.close()
            return
        hello = {
            "v": 1,
            "probe": self.config.id,
            "boot": self.boot,
            "unit": self.board.unit(),
            "firmware": VERSION,
            "runtime": sys.version,
            "trunk": self.config.trunk.id,
            "evidence": release(),
        }
        link = SerialLink(self.board, self.config.gateway.path, self.config.gateway.baud, hello, self.gateway)
        self.gateway.link = link
        task = asyncio.create_task(link.run())
        try:
            await Sender(self.board, link, self._key, self.config.id, self.spool, self.feed, self.fetch).run()
        finally:
            task.cancel()

    def _start_tape(self) -> "Tape | None":
        """A recording of this run, in a folder of its own, where one is wanted."""
        if not self.config.record:
            return None
        folder = "%s/%s" % (self.config.record, self.boot)
        try:
            make_folder(folder)
            return Tape(self.board, folder, self.config.trunk, self.clock.start_ms)
        except OSError as fault:
            self.health("", "not-recording", str(fault))
            return None

    def _load_bundle(self) -> "Bundle | None":
        try:
            return load(self.config.model, self.board.open_classifier)
        except BundleError as fault:
            self.health("", "model-missing", str(fault))
            return None

    def _load_policy(self) -> Policy:
        """The policy in the file that the configuration names; without one the aggregator's, as it was fetched last."""
        country = self.config.trunk.country
        if self.config.policy:
            try:
                return load_policy(self.config.policy, self.config.trunk, True)
            except PolicyError as fault:
                self._refuse_policy(str(fault))
                return Policy(country)
        room = FRAME_BYTES if self.config.gateway is not None else 0
        self.fetch = PolicyFetch(self.board, self.config.state, self.config.tables, country, self._put_in_force, self._refuse_policy, room)
        return self.fetch.restore() or Policy(country)

    def _refuse_policy(self, why: str) -> None:
        self.health("", "policy-refused", why)

    def _put_in_force(self, policy: Policy) -> None:
        """From the next call on a fetched policy holds."""
        before = self.policy.lists
        self.policy = self.trunk.policy = policy
        if before is not None:
            before.close()
        self.lines.note(0, max(self.lines.heard_ms, self.heard_up_to_ms()), "m", ("policy=%d" % policy.serial).encode())
        self.health("", "policy-taken", "%d: %s" % (policy.serial, policy.version))

    def _line_id(self, call: Call) -> str:
        return self.config.trunk.lines[call.line].id

    def broken(self, place: int, fault: Exception) -> None:
        """A fault of our own on a line (-1: on none), told and lived with, so that the phone rings and the other lines go on."""
        self._fault_ms = self.clock.now_ms()
        line = self.config.trunk.lines[place].id if place >= 0 else ""
        self.health(line, "probe-fault", "%s: %s" % (type(fault).__name__, fault))

    def health(self, line: str, what: str, detail: str) -> None:
        """Puts the state of a line, or of the probe where `line` is empty, on record."""
        log.info("%s: %s %s", line or self.config.id, what, detail)
        self._record(records.of_health(line, self.clock.start_ms + self.clock.now_ms(), what, detail))

    def _record(self, record: "dict[str, object]") -> None:
        try:
            self.spool.append(record)
        except OSError as fault:
            # a full or broken disk must not keep the phone from ringing
            log.error("the spool cannot be written: %s", fault)
            return
        self.made[str(record["k"])] += 1
