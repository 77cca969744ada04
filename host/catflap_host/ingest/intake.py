"""A probe's batch verified, committed and answered as the protocol's table says, whichever way it came."""

import asyncio
import logging
import time
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from catflap_host.correlate.feed import Feed
from catflap_host.ingest import envelope
from catflap_host.ingest.asking import Asking
from catflap_host.ingest.bucket import Buckets
from catflap_host.ingest.cells import Cells
from catflap_host.ingest.counts import REPEATED, TAKEN, Counts
from catflap_host.ingest.envelope import RefusedError
from catflap_host.policy.delivering import Delivery
from catflap_host.store.database import Database
from catflap_host.store.group import Stored
from catflap_host.store.vault import SealError
from catflap_host.store.writer import BusyError, Writer

BUSY_RETRY_MS = 1_000
MAX_UNDER_WAY_BYTES = 67_108_864
"""Of all bodies that are not answered yet: thousands of probes that come back at once have room, if each sends little."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back: a status of the protocol's table and the answer's bytes."""

    status: int
    body: bytes


class Intake:
    """Takes batches, one after the other or many at once; used in the event loop's thread alone."""

    def __init__(
        self,
        writer: Writer,
        database: Database,
        counts: Counts,
        buckets: Buckets,
        feed: Feed | None = None,
        cells: Cells | None = None,
        policy: Delivery | None = None,
    ) -> None:
        """`database` is the one that `writer` writes; `feed` and `policy` are told to the probes that take them.

        `cells` knows who belongs elsewhere.
        """
        self._writer = writer
        self._asking = Asking(database)
        self._vault = database.vault
        self._counts = counts
        self._buckets = buckets
        self._feed = feed or Feed()
        self._cells = cells
        self._policy = policy
        self._under_way = 0

    async def take(self, body: bytes, transport: str, sender: str = "") -> Reply:
        """Answer a body; `transport` names in the counts how it came, `sender` is whose way that was, where one is told from another."""
        if self._under_way + len(body) > MAX_UNDER_WAY_BYTES:
            return self.refuse(RefusedError(503, "busy", "too much is under way already; send again later"), transport)
        self._under_way += len(body)
        try:
            return await self._take(body, transport, sender)
        except BusyError as busy:
            # without the probe's key there is no signing
            return self.refuse(RefusedError(503, "busy", str(busy)), transport)
        except SealError as error:
            _log.error("the key of a probe cannot be used, nothing of it is taken: %s", error)
            return self.refuse(RefusedError(503, "busy", "the probe's key does not open here; send again later"), transport)
        finally:
            self._under_way -= len(body)

    async def _take(self, body: bytes, transport: str, sender: str) -> Reply:
        try:
            batch = envelope.split(body)
            if sender and sender != batch.header.probe:
                raise envelope.malformed(f"a batch of {batch.header.probe} came by another probe's topic")
            known = await self._asking.enrolled((batch.header.probe, batch.header.boot))
            if known is None:
                raise RefusedError(401, "unknown-probe", f"no probe {batch.header.probe} is enrolled here")
            key = known.key(self._vault)
            envelope.verify(batch, key)
        except RefusedError as refused:
            return self.refuse(refused, transport)
        # from here on it is the probe that speaks, so the answer is signed and its bucket pays
        ack = known.standing.ack or 0
        wait_ms = self._buckets.wait_ms(batch.header.probe, time.monotonic())
        if wait_ms:
            return self._unstored(batch.header, key, ack, 429, "too-fast", wait_ms, transport)
        wait_ms = self._buckets.take(batch.header.probe, len(batch.record_lines), time.monotonic())
        urls = await self._elsewhere(batch.header.probe)
        if urls:
            return self._unstored(batch.header, key, ack, 421, "moved", wait_ms, transport, {"urls": urls})
        try:
            records = envelope.read_records(batch)
            stored = await asyncio.wrap_future(self._writer.submit(batch.header, records))
        except RefusedError as refused:
            _log.warning("batch of %s refused: %s", batch.header.probe, refused)
            return self._unstored(batch.header, key, ack, refused.status, refused.error, wait_ms, transport)
        except BusyError:
            # the writer has said why
            return self._unstored(batch.header, key, ack, 503, "busy", max(wait_ms, BUSY_RETRY_MS), transport)
        if stored.tokens is not None:
            wait_ms = self._buckets.learn(batch.header.probe, stored.tokens, time.monotonic())
        self._note(batch.header, stored, len(records), transport)
        status = 409 if stored.error else 200
        more = self._feed.answer(batch.header.probe, batch.header.feed)
        if "feed" not in more:  # an answer has room for one of the two
            more |= await self._policy_for(batch.header)
        return Reply(status, envelope.answer(batch.header, stored.ack, _wall_ms(), wait_ms, stored.error, key, stored.epoch, more))

    def refuse(self, refused: RefusedError, transport: str) -> Reply:
        """The unsigned answer to what nobody has been proved to have sent."""
        self._counts.batches[transport, refused.error] += 1
        return Reply(refused.status, envelope.refusal(refused))

    async def _policy_for(self, header: envelope.Header) -> dict[str, object]:
        """What the answer says of the policy; nothing where the database does not answer, since the batch is stored."""
        policy = self._policy
        if policy is None or header.policy is None:
            return {}
        try:
            if policy.is_look_due():
                await self._asking.answer(policy.look)
            says = policy.news(header.probe, header.policy)
            if says:
                await asyncio.to_thread(policy.note, header.probe, says)
        except (BusyError, SQLAlchemyError, SealError) as error:
            _log.warning("the policy is not told to %s: %s", header.probe, error)
            return {}
        return policy.answer(header.policy)

    async def _elsewhere(self, probe: str) -> list[str]:
        cells = self._cells
        return await self._asking.answer(lambda _: cells.elsewhere(probe)) if cells else []

    def _unstored(
        self,
        header: envelope.Header,
        key: bytes,
        ack: int,
        status: int,
        error: str,
        wait_ms: int,
        transport: str,
        more: dict[str, object] | None = None,
    ) -> Reply:
        self._counts.batches[transport, error] += 1
        return Reply(status, envelope.answer(header, ack, _wall_ms(), wait_ms, error, key, 0, more))

    def _note(self, header: envelope.Header, stored: Stored, records: int, transport: str) -> None:
        outcome = stored.error or (TAKEN if stored.is_news else REPEATED)
        self._counts.batches[transport, outcome] += 1
        if outcome == TAKEN:
            self._counts.records += records
        if stored.error == "epoch" and header.epoch:
            self._counts.restores += 1
            _log.warning(
                "%s has heard of epoch %d here, which this database does not know: is it an older copy? The probe goes on in epoch %d",
                header.probe,
                header.epoch,
                stored.epoch,
            )


def _wall_ms() -> int:
    return time.time_ns() // 1_000_000
