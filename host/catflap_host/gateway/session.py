"""One board on its port: who it is, its batch on the way, and its questions, answered as they come (firmware/PROTOCOL.md, section 9)."""

import asyncio
import json
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from catflap_host.gateway.memory import WideMemory
from catflap_host.gateway.relay import NO_ANSWER, Relay
from catflap_probe.evidence import release
from catflap_probe.memory.trunk import MAX_LINES
from catflap_probe.trunk import EPOCH_S
from catflap_probe.uplink.frames import LONGEST, FrameReader, frame

MAX_BATCH = 262_144
SPREAD_S = 120
"""A board whose clock is further out than this is told the time, and no answer."""
MAX_SAID = 200

log = logging.getLogger("catflap.gateway")


@dataclass
class Counts:
    """What a gateway has done since it began."""

    batches: int = 0
    refused: int = 0
    questions: int = 0
    answers: int = 0
    damaged: int = 0

    def __str__(self) -> str:
        asked = f"{self.answers} of {self.questions} questions answered"
        return f"{self.batches} batches carried, {self.refused} not, {asked}, {self.damaged} frames damaged"


@dataclass
class Batch:
    """A batch that comes in piece by piece."""

    number: int
    total: int
    body: bytes = b""
    answer: tuple[int, bytes] | None = None
    posting: asyncio.Task[None] | None = None


@dataclass(frozen=True)
class Site:
    """What all boards of a gateway share."""

    trunk: str
    memory: WideMemory
    counts: Counts
    tells_time: bool


class Session:
    """Talks to whatever is on one port; nothing that comes from there can do worse than be passed over."""

    def __init__(self, port: str, write: Callable[[bytes], None], site: Site, relay: Relay) -> None:
        """`port` is its name in the log; `write` may raise OSError."""
        self.name = port
        self.board = ""
        """Whose probe it is; empty until it has said hello."""
        self._port = port
        self._write = write
        self._site = site
        self._relay = relay
        self._boot = ""
        self._may_ask = False
        self._strangers: set[str] = set()
        self._batch: Batch | None = None
        self._trouble = ""
        self._reader = FrameReader(self._heard, self._said)

    def begin(self) -> None:
        """Asks the board to say hello: it may have been there before us."""
        self._send("h")

    def feed(self, data: bytes) -> None:
        """Takes bytes from the port."""
        before = self._reader.damaged
        self._reader.feed(data)
        self._site.counts.damaged += self._reader.damaged - before

    def tell_time(self) -> None:
        """Tells a board that was welcomed how late it is."""
        if self.board and self._site.tells_time:
            self._welcome()

    def close(self) -> None:
        """Ends what is under way; the board has it all and will begin anew."""
        if self._batch is not None and self._batch.posting is not None:
            self._batch.posting.cancel()
        self._relay.close()

    def _heard(self, content: bytes) -> None:
        kind, _, rest = content.partition(b" ")
        try:
            if kind == b"H":
                self._hello(json.loads(rest))
            elif not self.board:
                # it takes us for the gateway before us
                self.begin()
            elif kind == b"B":
                self._piece(*rest.split(b" ", 3))
            elif kind == b"Q":
                self._question(*rest.decode().split(" ", 4))
            elif kind == b"X":
                self._end(*rest.decode().split(" ", 5))
        except (ValueError, TypeError, KeyError) as fault:
            log.warning("%s: a frame that cannot be read: %s (%s)", self.name, content[:80], fault)

    def _said(self, line: bytes) -> None:
        text = line.decode("utf-8", "replace")
        if text.isprintable():
            log.info("%s says: %s", self.name, text[:MAX_SAID])

    def _hello(self, hello: dict[str, object]) -> None:
        board, boot = str(hello["probe"]), str(hello["boot"])
        if (board, boot) != (self.board, self._boot):
            if self._batch is not None and self._batch.posting is not None:
                self._batch.posting.cancel()
            self._batch = None
            self.board, self._boot = board, boot
            self.name = f"{board} on {self._port}"
            log.info("%s: here; unit %s, release %s, %s", self.name, hello.get("unit") or "-", hello.get("firmware"), hello.get("runtime"))
            self._may_ask = self._is_ours(hello)
        self._welcome()

    def _is_ours(self, hello: dict[str, object]) -> bool:
        if hello.get("trunk") != self._site.trunk:
            log.warning(
                "%s: is of trunk %s, not %s: its alerts are carried, it gets no evidence", self.name, hello.get("trunk"), self._site.trunk
            )
            return False
        if hello.get("evidence") != release():
            log.warning("%s: has features of another release: its alerts are carried, it gets no evidence", self.name)
            return False
        return True

    def _welcome(self) -> None:
        unix_ms = time.time_ns() // 1_000_000 if self._site.tells_time else 0
        self._send(f"w {unix_ms} {int(self._may_ask)}")

    def _piece(self, number: bytes, at: bytes, total: bytes, piece: bytes) -> None:
        batch = self._batch
        if batch is None or batch.number != int(number) or batch.total != int(total):
            if batch is not None and batch.posting is not None:
                batch.posting.cancel()
            if not 0 < int(total) <= MAX_BATCH:
                raise ValueError("a batch of no sensible length")
            batch = self._batch = Batch(int(number), int(total))
        if int(at) == len(batch.body) and len(batch.body) + len(piece) <= batch.total:
            batch.body += piece
        if len(batch.body) == batch.total and batch.posting is None:
            batch.posting = asyncio.create_task(self._carry(batch))
        self._report(batch)

    def _report(self, batch: Batch) -> None:
        if batch.answer is None:
            self._send(f"b {batch.number} {len(batch.body)}")
        else:
            self._put(_answer_frame(batch.number, batch.answer))

    async def _carry(self, batch: Batch) -> None:
        status, content = await self._relay.post(batch.body)
        batch.answer = status, content
        if len(_answer_frame(batch.number, batch.answer)) > LONGEST:
            status, content = batch.answer = NO_ANSWER, b"an answer of %d bytes, too long for the link" % len(content)
        self._note(status, content)
        self._report(batch)

    def _note(self, status: int, content: bytes) -> None:
        """Counts a batch, and tells of trouble once until it is over."""
        if status == 200:
            self._site.counts.batches += 1
            if self._trouble:
                log.info("%s: its batches are taken again", self.name)
            self._trouble = ""
            return
        self._site.counts.refused += 1
        trouble = content.partition(b"\n")[0].decode("utf-8", "replace") if status else f"aggregator: {content.decode()}"
        if trouble != self._trouble:
            log.warning("%s: a batch was not taken (%d): %s; the board keeps it", self.name, status, trouble)
        self._trouble = trouble

    def _question(self, number: str, at_s: str, is_mobile: str, key: str, line: str) -> None:
        self._site.counts.questions += 1
        if not self._may_ask:
            return
        asked, now_s = int(number), int(at_s)
        if self._site.tells_time and abs(now_s + EPOCH_S - time.time()) > SPREAD_S:
            log.warning("%s: its clock is %d s out", self.name, round(now_s + EPOCH_S - time.time()))
            self._welcome()
            return
        text = self._site.memory.answer(key, now_s, line, is_mobile == "1")
        if text is None:
            if line not in self._strangers and len(self._strangers) < MAX_LINES:
                self._strangers.add(line)
                log.warning("%s: line %s is not in the gateway's configuration: it gets no evidence", self.name, line)
            return
        self._send(f"e {asked} {text}")
        self._site.counts.answers += 1

    def _end(self, at_s: str, ring_ms: str, talk_s: str, suspicion: str, is_mobile: str, key: str) -> None:
        if self._may_ask:
            self._site.memory.ended(key, int(at_s), int(ring_ms), int(talk_s), int(suspicion), is_mobile == "1")

    def _send(self, content: str) -> None:
        self._put(frame(content.encode()))

    def _put(self, written: bytes) -> None:
        # a frame that is not taken: the board asks again, or is gone
        with suppress(OSError):
            self._write(written)


def _answer_frame(number: int, answer: tuple[int, bytes]) -> bytes:
    status, content = answer
    return frame(b"a %d %d %s" % (number, status, content))
