"""The serial link, both ends joined: batches arrive whole through loss, restarts and silence, and nothing waits but a batch."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from boards.linux.board import LinuxBoard
from catflap_host.gateway.memory import WideMemory
from catflap_host.gateway.relay import NO_ANSWER, Relay
from catflap_host.gateway.session import Counts, Session, Site
from catflap_probe.board import Port
from catflap_probe.evidence import release
from catflap_probe.trunk import TrunkSettings
from catflap_probe.uplink import serial_link
from catflap_probe.uplink.frames import frame
from catflap_probe.uplink.serial_link import LinkError, Listener, SerialLink

BODY = "".join(f'{{"k":"call","n":{n},"name":"中^~"}}\n' for n in range(60)).encode() + b"00ff" * 16 + b"\n"
ANSWER = b'{"v":1,"ack":3}\n00ff\n'
HELLO: dict[str, object] = {
    "v": 1,
    "probe": "a",
    "boot": "00",
    "unit": "",
    "firmware": "",
    "runtime": "",
    "trunk": "t",
    "evidence": release(),
}
SETTINGS: dict[str, object] = {"id": "t", "country": "CN", "area_code": "010", "lines": [{"id": "L1", "dialect": "3gpp"}]}


class Told(Listener):
    """Keeps what the gateway tells."""

    def __init__(self) -> None:
        self.times: list[int] = []
        self.evidence: list[int] = []

    def told_time(self, unix_ms: int) -> None:
        self.times.append(unix_ms)

    def told_evidence(self, number: int, text: str) -> None:
        self.evidence.append(number)


class StandIn(Relay):
    """An aggregator: takes the bodies, and answers when it is let."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.reply = (200, ANSWER)
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def post(self, body: bytes) -> tuple[int, bytes]:
        self.bodies.append(body)
        await self.may_answer.wait()
        return self.reply

    def close(self) -> None:
        pass


class Wire(Port):
    """The board's port; what it writes reaches the session, and what that writes is read here, unless `damage` changes either."""

    def __init__(self, folder: Path) -> None:
        self.damage: Callable[[bytes], bytes] = bytes
        self.aggregator = StandIn()
        self.site = Site("t", WideMemory(TrunkSettings(SETTINGS), folder / "memory"), Counts(), True)
        self._to_board: asyncio.Queue[bytes] = asyncio.Queue()
        self.plug_in()

    def plug_in(self) -> None:
        """A gateway that knows of nothing yet."""
        self.session: Session | None = Session("usb", self._from_gateway, self.site, self.aggregator)
        self.session.begin()

    def _from_gateway(self, data: bytes) -> None:
        self._to_board.put_nowait(self.damage(data))

    async def read(self) -> bytes:
        while True:
            if data := await self._to_board.get():
                return data

    def write(self, data: bytes) -> None:
        if self.session is not None:
            self.session.feed(self.damage(data))

    def close(self) -> None:
        pass


class Machine(LinuxBoard):
    """This machine with a wire for a port."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self.wire = wire

    def open_port(self, path: str, baud: int) -> Port:
        return self.wire


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serial_link, "REPEAT_S", 0.01)
    monkeypatch.setattr(serial_link, "HELLO_S", 0.01)
    monkeypatch.setattr(serial_link, "LOOK_S", 0.01)


def linked(folder: Path, work: Callable[[SerialLink, Wire, Told], Awaitable[None]]) -> None:
    async def run() -> None:
        wire, told = Wire(folder), Told()
        link = SerialLink(Machine(wire), "usb", 115200, HELLO, told)
        task = asyncio.create_task(link.run())
        async with asyncio.timeout(30):
            await work(link, wire, told)
        task.cancel()

    asyncio.run(run())


async def until(reached: Callable[[], bool]) -> None:
    while not reached():
        await asyncio.sleep(0.002)


def test_a_batch_and_its_answer_pass_untouched(tmp_path: Path) -> None:
    async def work(link: SerialLink, wire: Wire, told: Told) -> None:
        assert await link.post("", "", BODY) == (200, ANSWER)
        assert wire.aggregator.bodies == [BODY]

    linked(tmp_path, work)


def test_batches_arrive_whole_and_in_order_while_every_fifth_frame_is_lost(tmp_path: Path) -> None:
    rng = random.Random(3)

    async def work(link: SerialLink, wire: Wire, told: Told) -> None:
        await until(lambda: link.is_up)
        wire.damage = lambda data: b"" if rng.random() < 0.2 else data
        sent = 0
        while sent < 10:
            # a batch that is given up is sent again, as the sender does
            with suppress(LinkError):
                assert await link.post("", "", BODY + b"%d" % sent) == (200, ANSWER)
                sent += 1
        assert list(dict.fromkeys(wire.aggregator.bodies)) == [BODY + b"%d" % n for n in range(10)]

    linked(tmp_path, work)


def test_a_wire_that_loses_every_fifth_byte_costs_time_and_no_more(tmp_path: Path) -> None:
    rng = random.Random(4)

    async def work(link: SerialLink, wire: Wire, told: Told) -> None:
        await until(lambda: link.is_up)
        wire.damage = lambda data: bytes(byte for byte in data if rng.random() >= 0.2)
        with pytest.raises(LinkError):
            await link.post("", "", BODY)
        wire.damage = bytes
        assert await link.post("", "", BODY) == (200, ANSWER)
        assert wire.aggregator.bodies == [BODY]
        assert wire.site.counts.damaged > 0

    linked(tmp_path, work)


def test_a_gateway_that_starts_anew_in_mid_batch_gets_it_from_the_beginning(tmp_path: Path) -> None:
    async def work(link: SerialLink, wire: Wire, told: Told) -> None:
        wire.aggregator.may_answer.clear()
        posting = asyncio.create_task(link.post("", "", BODY))
        await until(lambda: len(wire.aggregator.bodies) == 1)
        assert wire.session is not None
        wire.session.close()
        wire.aggregator.may_answer.set()
        wire.plug_in()
        assert await posting == (200, ANSWER)
        assert wire.aggregator.bodies == [BODY, BODY]

    linked(tmp_path, work)


def test_an_answer_that_was_lost_is_told_again_and_the_batch_not_posted_twice(tmp_path: Path) -> None:
    async def work(link: SerialLink, wire: Wire, told: Told) -> None:
        lost: list[bytes] = []

        def first_answer(data: bytes) -> bytes:
            if data.startswith(b"^a ") and not lost:
                lost.append(data)
                return b""
            return data

        wire.damage = first_answer
        assert await link.post("", "", BODY) == (200, ANSWER)
        assert lost and wire.aggregator.bodies == [BODY]

    linked(tmp_path, work)


def test_an_aggregator_out_of_reach_is_told_to_the_board(tmp_path: Path) -> None:
    async def work(link: SerialLink, wire: Wire, told: Told) -> None:
        wire.aggregator.reply = (NO_ANSWER, b"host:1: refused")
        with pytest.raises(LinkError, match="host:1: refused"):
            await link.post("", "", BODY)

    linked(tmp_path, work)


def test_questions_are_answered_while_a_batch_waits_for_its_answer(tmp_path: Path) -> None:
    async def work(link: SerialLink, wire: Wire, told: Told) -> None:
        await until(lambda: link.is_up)
        now_s = told.times[0] // 1000 - 1_262_304_000
        wire.aggregator.may_answer.clear()
        posting = asyncio.create_task(link.post("", "", BODY))
        await until(lambda: len(wire.aggregator.bodies) == 1)
        assert link.ask(7, now_s, True, "13812345678", "L1")
        await until(lambda: told.evidence == [7])
        assert not posting.done()
        wire.aggregator.may_answer.set()
        await posting

    linked(tmp_path, work)


def test_nothing_is_asked_before_the_welcome_or_after_the_gateway_fell_silent(tmp_path: Path) -> None:
    async def work(link: SerialLink, wire: Wire, told: Told) -> None:
        assert not link.ask(1, 1, True, "13812345678", "L1")
        await until(lambda: link.is_up)
        wire.session = None
        with pytest.raises(LinkError, match="does not answer"):
            await link.post("", "", BODY)
        assert not link.ask(2, 1, True, "13812345678", "L1")
        wire.plug_in()
        await until(lambda: link.is_up)

    linked(tmp_path, work)


@pytest.mark.parametrize("content", [b"", b"e", b"e x", b"b 1", b"b x 1", b"a 1", b"w", b"w x 1", b"w 1", b"?", b"e 1 \xff", b"h"])
def test_frames_without_sense_do_not_end_the_link(tmp_path: Path, content: bytes) -> None:
    async def work(link: SerialLink, wire: Wire, told: Told) -> None:
        await until(lambda: link.is_up)
        wire._from_gateway(frame(content))
        assert await link.post("", "", BODY) == (200, ANSWER)

    linked(tmp_path, work)
