"""Sends the spool to the aggregator, oldest first, and forgets only what the aggregator says it has committed."""

import asyncio
import logging
import sys

from .. import VERSION
from ..spool import Spool
from .client import Client
from .envelope import MAX_RECORDS, EnvelopeError, batch, read_answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..board import Board
    from ..rules.delivery import PolicyFetch

FIRST_WAIT_S = 1
LONGEST_WAIT_S = 60
LONGEST_RETRY_S = 600
"""No aggregator keeps a probe silent for longer at a time."""

SHORTEST_POLL_MS = 500
"""No aggregator makes a probe ask more often."""

TRIES = 8
"""After so many refusals on end the answers are doubted: more than it takes to halve a batch down to one record."""

HOME_AFTER = 4
"""After so many faults on end at the cell that we were sent to, we ask where we began."""

NEVER = ("malformed", "too-large", "too-deep")
"""What is refused so will always be."""

PATH = "/v1/batch"
CONTENT_TYPE = "application/x-catflap"

RELEASE = "%s %s %d.%d" % (VERSION, sys.implementation.name, sys.implementation.version[0], sys.implementation.version[1])
"""Of the probe, and of what runs it."""

log = logging.getLogger("catflap.uplink")


class Feed:
    """Whoever takes the numbers of pools that the aggregator names; `is_behind`: there may be more of them at once."""

    is_behind = False

    def place(self) -> str:
        """What a batch says of the feed (see batch())."""
        return ""

    def told(self, text: str, at: int) -> None:
        """Takes numbers in, as they come on the wire, none where `text` is empty; the feed goes on at place `at`, 0: where it was."""


class Sender:
    """The uplink of one probe; real time throughout, whatever clock the trunk runs on."""

    def __init__(
        self,
        board: "Board",
        client: Client,
        key: bytes,
        probe: str,
        spool: Spool,
        feed: "Feed | None" = None,
        policy: "PolicyFetch | None" = None,
    ) -> None:
        """`feed` takes the numbers of pools that the aggregator names, `policy` its policy."""
        self.board = board
        self.client = client
        self.key = key
        self.probe = probe
        self.spool = spool
        self._wait_s = FIRST_WAIT_S
        self._trouble = ""
        self._epoch = 0
        self._most = MAX_RECORDS
        self._refusals = 0
        self._faults = 0
        self._elsewhere = "", 0  # the boot and the first record that another cell had not committed when we were sent away
        self.feed = feed
        self.policy = policy
        self._poll_ms = 0

    async def run(self) -> None:
        """Sends for ever."""
        # an event of this run's own: on MicroPython those of an interrupted loop wake its tasks
        self.spool.news = news = asyncio.Event()
        while True:
            if self.spool.is_empty() and not await self._is_poll_due(news):
                continue
            try:
                pause_s = await self._send()
            except Exception as fault:  # whatever it is, the spool keeps the records and the uplink goes on
                self._say("%s: %s" % (type(fault).__name__, fault))
                self._faults += 1
                if self._faults % HOME_AFTER == 0:
                    self.client.go_home()
                pause_s = self._wait_s * (256 + self.board.random_bytes(1)[0]) / 512
                self._wait_s = min(self._wait_s * 2, LONGEST_WAIT_S)
            if pause_s > 0:
                await asyncio.sleep(pause_s)

    async def _send(self) -> float:
        """Sends one batch; returns the seconds that the aggregator wants to be left alone."""
        await self.spool.sync()
        if self.spool.is_empty():
            records: list[bytes] = []
            boot, first = self.spool.boot, self.spool.next()
            after = first
        else:
            boot, first, after, records = self.spool.oldest(self._most, self.client.max_bytes)
        mono_ms, wall_ms = self.board.monotonic_us() // 1000, self.board.unix_us() // 1000
        feed = self.feed.place() if self.feed is not None else ""
        policy = self.policy.place() if self.policy is not None else ""
        waiting = self.spool.waiting()
        body = batch(self.key, self.probe, boot, self._epoch, first, after, mono_ms, wall_ms, records, feed, policy, waiting, RELEASE)
        status, content = await self.client.post(PATH, CONTENT_TYPE, body)
        if status >= 400 and content.count(b"\n") < 2:
            raise EnvelopeError("refused with %d: %s" % (status, content[:200].decode()))
        answer = read_answer(self.key, self.probe, boot, content)
        self._epoch = answer.epoch or self._epoch
        self._poll_ms = answer.poll_ms
        if self.feed is not None:
            self.feed.told(answer.feed, answer.feed_at)
        if self.policy is not None:
            await self.policy.told(answer.policy)
        if answer.error == "moved":
            self.client.move(answer.urls)
            self._epoch = 0
            self._elsewhere = boot, first
            self._poll_ms = 1
        elif not records:
            pass
        elif answer.error == "gap" and answer.ack < first - 1:
            self.spool.forgotten(boot, answer.ack, "moved" if self._elsewhere == (boot, first) else "forgotten")
        elif answer.error in NEVER and answer.ack < first:
            self._most = len(records) // 2
            if not self._most:
                self._most = 1
                self.spool.refused(boot, first, after, answer.error)
        else:
            self.spool.committed(boot, answer.ack)
        self._judge(answer.error)
        return min(answer.retry_after_ms / 1000, LONGEST_RETRY_S)

    async def _is_poll_due(self, news: asyncio.Event) -> bool:
        """Waits for records, or until the aggregator wants to be asked though there are none."""
        if (self.feed is not None and self.feed.is_behind) or (self.policy is not None and self.policy.is_behind):
            return True
        news.clear()
        timer = asyncio.create_task(_set_later(news, self._poll_ms)) if self._poll_ms > 0 else None
        try:
            await news.wait()
        finally:
            if timer is not None:
                timer.cancel()
        return self.spool.is_empty() and timer is not None and timer.done()

    def _judge(self, error: str) -> None:
        """Takes note of an answer that is to be believed; raises EnvelopeError where refusals do not end."""
        if not error:
            self._most = min(self._most * 2, MAX_RECORDS)
            self._refusals = self._faults = 0
            self._wait_s = FIRST_WAIT_S
            self._say("")
            return
        self._refusals += 1
        if self._refusals >= TRIES:
            raise EnvelopeError("refused as %s, time and again" % error)

    def _say(self, trouble: str) -> None:
        if trouble and trouble != self._trouble:
            log.warning("uplink: %s; the spool keeps what is unsent", trouble)
        elif self._trouble and not trouble:
            log.info("uplink: the aggregator answers again")
        self._trouble = trouble


async def _set_later(event: asyncio.Event, ms: int) -> None:
    await asyncio.sleep(max(ms, SHORTEST_POLL_MS) / 1000)
    event.set()
