"""A live probe: ports, lines, decisions, commands and spool of one trunk, in one event loop."""

import asyncio
import logging
import sys
from binascii import hexlify

from . import VERSION, records
from .board import BLOCKING, FAULT, IDLE, NO_MODEM, RINGING, Board, Port
from .call import BLOCK, SHADOWED, Call
from .clock import Clock
from .command import Commander
from .config import Config, ConfigError, read_key
from .dialect.table import find_profile
from .dialect.text import Listener
from .events import NUMBER, RELEASED, REPLY, RING
from .evidence import release
from .gateway import Gateway
from .line import Line
from .lines import Lines
from .memory.keep import restore, save
from .memory.trunk import Sight
from .policy import Policy, PolicyError
from .recording import rfc3339
from .replay import load_policy
from .spool import Spool, make_folder
from .tape import Tape
from .trunk import Observer, SettingsError, Trunk
from .uplink.http import HttpClient, split_url
from .uplink.sender import Sender
from .uplink.serial_link import SerialLink
from .verdict.bundle import Bundle, BundleError, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

TICK_MS = 250
"""How often it is looked whether something fell due, in the trunk's time, at least."""

FAULT_SHOWN_MS = 60000
CONDITION_EVERY = 6
"""The machine's condition is put on record each time that the memory has been saved so often."""

SAVE_EVERY_MS = 600000
REOPEN_S = 2
SYNC_S = 1
DRAIN_S = 5
SPOOL_BYTES = {"linux": 67108864, "board": 262144}

log = logging.getLogger("catflap.probe")


class Ear(Listener):
    """Hears one line for two: the calls on it and the commands to its modem."""

    def __init__(self, line: Line, commander: Commander) -> None:
        self.line = line
        self.commander = commander

    def heard(self, kind: int, t_ms: int, now_ms: int, text: str, detail: int) -> None:
        """Passes a line event on."""
        if kind == REPLY:
            self.commander.replied(text)
            self.line.heard(kind, t_ms, now_ms, text, detail)
            return
        call = self.line.call
        gap_ms = t_ms - call.last_ring_ms if call is not None else 0
        if kind == RING and self.commander.gives_way(gap_ms, now_ms):
            self.line.heard(RELEASED, t_ms, now_ms, "", 0)
        self.line.heard(kind, t_ms, now_ms, text, detail)
        if call is not None and call is self.line.call:
            if kind == RING:
                self.commander.rang(gap_ms, now_ms)
            elif kind == NUMBER:
                self.commander.showed_again(now_ms)


class Probe(Observer):
    """Runs one trunk on one machine."""

    def __init__(self, board: Board, config: Config) -> None:
        """Opens state, memory, model and policy; raises ConfigError or OSError for what cannot be done without."""
        self.board = board
        self.config = config
        self._fault_ms = 0
        self.made = {"alert": 0, "call": 0, "end": 0, "alarm": 0, "health": 0}
        try:
            self.clock = Clock(board, config.clock)
        except ValueError as fault:
            raise ConfigError("the configuration's %s" % fault)
        self._key = read_key(config.key_file) if config.url or config.gateway is not None else None
        make_folder(config.state)
        self.boot = boot = hexlify(board.random_bytes(8)).decode()
        self.spool = Spool(board, config.state + "/spool", boot, SPOOL_BYTES[config.tables])
        self.bundle = self._load_bundle()
        self.policy = self._load_policy()
        self._memory_path = config.state + "/memory"
        memory, why_not = restore(self._memory_path, config.trunk.id, config.tables)
        if why_not:
            self._health("", "memory-lost", why_not)
        try:
            self.trunk = Trunk(config.trunk, memory, self.bundle, self.policy, self)
        except SettingsError as fault:
            raise ConfigError(str(fault))
        self.trunk.start(config.trunk, self.clock.start_ms // 1000)
        self.lines = Lines(self._start_tape())
        self.gateway = Gateway(self._heard_up_to_ms, self.lines, config.trunk, self.set_wall)
        self.commanders: list[Commander] = []
        for index, settings in enumerate(config.trunk.lines):
            profile, is_known = find_profile(settings.dialect, settings.profile)
            if not is_known:
                self._health(settings.id, "unknown-profile", "%s, read as generic" % settings.profile)
            line = Line(index, self.trunk)
            commander = Commander(self.clock, line, profile, self._writer(index))
            self.lines.add(line, settings.dialect, Ear(line, commander))
            self.commanders.append(commander)
        died_of = board.last_words()
        if died_of:
            self._health("", "crash", died_of)

    async def run(self) -> None:
        """Runs until it is cancelled."""
        tasks = [asyncio.create_task(self._serve(place)) for place in range(len(self.lines.lines))]
        tasks.append(asyncio.create_task(self._keep()))
        tasks.append(asyncio.create_task(self._uplink()))
        try:
            while True:
                self.board.alive()
                self.board.show(self._state())
                try:
                    self.lines.advance(self._heard_up_to_ms())
                except Exception as fault:
                    self._broken("", fault)
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
        self.save()
        await self.spool.sync()
        if self._key is not None:
            task = asyncio.create_task(self._uplink())
            for _ in range(DRAIN_S * 20):
                if self.spool.is_empty():
                    break
                await asyncio.sleep(0.05)
            task.cancel()
        if self.lines.tape is not None:
            self.lines.tape.close()

    def save(self) -> None:
        """Keeps the memory for the next start."""
        try:
            save(self.trunk.memory, self._memory_path)
        except OSError as fault:
            self._health("", "memory-not-saved", str(fault))

    def set_wall(self, unix_ms: int) -> None:
        """The gateway says how late it is."""
        self.board.set_unix_us(unix_ms * 1000)
        if self.clock.follow():
            self.trunk.begin(self.clock.start_ms // 1000)
            now_ms = self.clock.now_ms()
            if self.lines.tape is not None:
                self.lines.tape.add(0, now_ms, "m", b"wall=" + rfc3339(self.clock.start_ms + now_ms).encode())

    def arriving(self, call: Call, sight: Sight, is_mobile: bool) -> None:
        """Asks the gateway about a call, before our own answer is worked out."""
        self.gateway.ask(call, sight, is_mobile)

    def decided(self, call: Call, now_ms: int) -> None:
        """Acts on a decision, then puts it on record."""
        decision = call.decision
        assert decision is not None
        if decision.action == BLOCK:
            if self.policy.shadow:
                call.outcome = SHADOWED
            else:
                self.commanders[call.line].stop(call)
        model = self.bundle.version if self.bundle is not None else ""
        self._record(records.of_decision(call, self.config.trunk.id, self._line_id(call), self.clock.start_ms, self.policy.shadow, model))

    def ended(self, call: Call, label: int, now_ms: int, released: bool) -> None:
        """Puts a call's end on record."""
        self.commanders[call.line].over(call, now_ms, released)
        self.gateway.ended(call, self.trunk.base_s + now_ms // 1000)
        self._record(records.of_end(call, self.config.trunk.id, self._line_id(call), self.clock.start_ms, label))

    def explained(self, call: Call) -> None:
        """Puts a call's end on record once more, with its cause."""
        self._record(records.of_end(call, self.config.trunk.id, self._line_id(call), self.clock.start_ms, call.final_label))

    def alarmed(self, name: str, kind: int, members: "list[str]", score: int, reasons: "list[str]", now_ms: int) -> None:
        """Puts an alarm on record."""
        self._record(records.of_alarm(self.config.trunk.id, name, kind, members, score, reasons, self.clock.start_ms + now_ms))

    def failed(self, fault: Exception, call: Call, now_ms: int) -> None:
        """Says that the decision path broke; the phone rings, the probe goes on."""
        self._broken(self._line_id(call), fault)

    async def _serve(self, place: int) -> None:
        """Reads one line's modem for ever, opening its port again whenever it is gone."""
        path, baud = self.config.ports[place].path, self.config.ports[place].baud
        line_id = self.config.trunk.lines[place].id
        is_missing = False
        while True:
            try:
                port = self.board.open_port(path, baud)
            except OSError as fault:
                if not is_missing:
                    self._health(line_id, "port-missing", "%s: %s" % (path, fault))
                is_missing = True
                await asyncio.sleep(REOPEN_S)
                continue
            is_missing = False
            commander = self.commanders[place]
            commander.port = port
            setup = asyncio.create_task(self._set_up(line_id, commander))
            try:
                await self._listen(place, port)
            finally:
                setup.cancel()
                commander.let_go()
                commander.port = None
                commander.is_ready = False
                port.close()
            self.lines.unplugged(place, self.clock.now_ms())
            self._health(line_id, "unplugged", path)
            await asyncio.sleep(REOPEN_S)

    async def _listen(self, place: int, port: Port) -> None:
        while True:
            try:
                data = await port.read()
            except OSError:
                return
            if not data:
                return
            try:
                if port.read_us >= 0:
                    await self._older_first(port)
                self.lines.feed(place, self.clock.at_ms(port.read_us) if port.read_us >= 0 else self.clock.now_ms(), data)
            except Exception as fault:
                self.lines.dialects[place].unplugged()
                self._broken(self.config.trunk.lines[place].id, fault)

    async def _older_first(self, port: Port) -> None:
        """Lets the other lines take what came before what was just read, after a while in which nothing ran."""
        for _ in self.commanders:
            for commander in self.commanders:
                if commander.port is not None and commander.port is not port and 0 <= commander.port.unread_us() < port.read_us:
                    break
            else:
                return
            await asyncio.sleep(0)

    def _heard_up_to_ms(self) -> int:
        """Now, or the moment at which bytes came that have not been read yet."""
        up_to_ms = self.clock.now_ms()
        for commander in self.commanders:
            unread_us = commander.port.unread_us() if commander.port is not None else -1
            if unread_us >= 0:
                up_to_ms = min(up_to_ms, self.clock.at_ms(unread_us))
        return up_to_ms

    def _state(self) -> int:
        """What the machine shows."""
        if self._fault_ms and self.clock.now_ms() - self._fault_ms < FAULT_SHOWN_MS:
            return FAULT
        state = IDLE
        for commander in self.commanders:
            if not commander.is_ready:
                return NO_MODEM
            if commander.is_stopping():
                state = BLOCKING
            elif commander.line.is_ringing():
                state = max(state, RINGING)
        return state

    async def _set_up(self, line_id: str, commander: Commander) -> None:
        if await commander.initialise():
            self._health(line_id, "modem-ready", "")
        else:
            self._health(line_id, "modem-not-ready", "a set-up command was not answered OK: is it a modem, at the right speed?")

    async def _keep(self) -> None:
        while True:
            for _ in range(CONDITION_EVERY):
                await self.clock.sleep(SAVE_EVERY_MS)
                self.save()
            condition = self.board.condition()
            if condition:
                self._health("", "condition", condition)

    async def _uplink(self) -> None:
        if self._key is None:
            while True:
                await asyncio.sleep(SYNC_S)
                await self.spool.sync()
        if self.config.gateway is None:
            is_tls, host, port = split_url(self.config.url)
            client = HttpClient(host, port, self.board.tls(self.config.ca_file) if is_tls else None)
            await Sender(self.board, client, self._key, self.config.id, self.spool).run()
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
            await Sender(self.board, link, self._key, self.config.id, self.spool).run()
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
            self._health("", "not-recording", str(fault))
            return None

    def _writer(self, place: int) -> "Callable[[bytes], None] | None":
        """What writes down the commands to a line's modem, where there is a recording."""
        tape = self.lines.tape
        return None if tape is None else lambda data: tape.add(place, self.clock.now_ms(), "i", data)

    def _load_bundle(self) -> "Bundle | None":
        try:
            return load(self.config.model, self.board.open_classifier)
        except BundleError as fault:
            self._health("", "model-missing", str(fault))
            return None

    def _load_policy(self) -> Policy:
        try:
            return load_policy(self.config.policy, self.config.trunk, bool(self.config.policy))
        except PolicyError as fault:
            self._health("", "policy-refused", str(fault))
            return Policy(self.config.trunk.country)

    def _line_id(self, call: Call) -> str:
        return self.config.trunk.lines[call.line].id

    def _broken(self, line: str, fault: Exception) -> None:
        """A fault of our own: told, and lived with, so that the phone rings and the other lines go on."""
        self._fault_ms = self.clock.now_ms()
        self._health(line, "probe-fault", "%s: %s" % (type(fault).__name__, fault))

    def _health(self, line: str, what: str, detail: str) -> None:
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
