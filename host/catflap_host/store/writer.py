"""The one writer: batches that wait together share one transaction, and no caller hears of a batch before it is on disk."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from catflap_host.ingest import epochs
from catflap_host.ingest.envelope import Header, Record
from catflap_host.store import database, queries
from catflap_host.store.batch import add_batch, set_epoch

MAX_SHARED = 64
MAX_WAITING = 256

_log = logging.getLogger(__name__)


class BusyError(Exception):
    """The batch was not stored: too much waits already, or the disk failed; it may be sent again."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a batch: `ack` is the boot's high-water mark now; it was not taken where `error` is `gap`, `replay` or `epoch`.

    `epoch` is the probe's now; `is_news`: the batch brought what was not stored.
    """

    ack: int
    error: str = ""
    epoch: int = field(default=0, compare=False)
    is_news: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class _Waiting:
    header: Header
    records: list[Record]
    stored: "Future[Stored]"


class Writer:
    """A thread that owns the only writing connection; `on_commit` is called in it after every commit, before anybody is answered."""

    def __init__(self, data_dir: Path, on_commit: Callable[[], None], max_waiting: int = MAX_WAITING) -> None:
        self._connection = database.open_for_writing(data_dir)
        self._on_commit = on_commit
        self._waiting: queue.Queue[_Waiting | None] = queue.Queue(max_waiting)
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def submit(self, header: Header, records: list[Record]) -> "Future[Stored]":
        """Queue a verified batch; the future is done after the commit, or fails with BusyError. Raises BusyError when the queue is full."""
        waiting = _Waiting(header, records, Future())
        waiting.stored.set_running_or_notify_cancel()  # from here on a sender who leaves cannot call it off
        try:
            self._waiting.put_nowait(waiting)
        except queue.Full:
            raise BusyError("too many batches are waiting for the disk") from None
        return waiting.stored

    def close(self) -> None:
        """Store what is queued, then stop."""
        self._waiting.put(None)
        self._thread.join()
        self._connection.close()

    def _run(self) -> None:
        last = False
        while not last:
            group, last = self._next_group()
            if group:
                self._store(group)

    def _next_group(self) -> tuple[list[_Waiting], bool]:
        """Wait for a batch and take those queued behind it; True with the last group before the end."""
        group: list[_Waiting] = []
        item = self._waiting.get()
        while item is not None:
            group.append(item)
            if len(group) == MAX_SHARED or self._waiting.empty():
                return group, False
            item = self._waiting.get()
        return group, True

    def _store(self, group: list[_Waiting]) -> None:
        try:
            results = self._commit(group)
        except Exception as error:
            if len(group) > 1:
                # one batch must not fail those that happened to wait beside it
                for waiting in group:
                    self._store([waiting])
                return
            _log.exception("batch of %s not stored", group[0].header.probe)
            group[0].stored.set_exception(BusyError(f"not stored: {error}"))
            return
        self._on_commit()
        for waiting, result in zip(group, results, strict=True):
            waiting.stored.set_result(result)

    def _commit(self, group: list[_Waiting]) -> list[Stored]:
        received_ms = time.time_ns() // 1_000_000
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            results = [self._add(waiting.header, waiting.records, received_ms) for waiting in group]
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise
        return results

    def _add(self, header: Header, records: list[Record], received_ms: int) -> Stored:
        standing = queries.standing(self._connection, header.probe, header.boot)
        ack = standing.ack or 0
        judged = epochs.judge(header.epoch, standing, received_ms // 1000)
        if not judged.error and header.first > ack + 1:
            return Stored(ack, "gap", standing.epoch)
        if judged.epoch != standing.epoch:
            set_epoch(self._connection, header.probe, judged.epoch)
        if judged.error:
            return Stored(ack, judged.error, judged.epoch)
        add_batch(self._connection, header, records, ack, received_ms)
        mark = max(ack, header.next_seq - 1)
        return Stored(mark, "", judged.epoch, mark > ack)
