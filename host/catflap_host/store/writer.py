"""The one writer: batches that wait together share one transaction, and no caller hears of a batch before it is on disk."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass

from catflap_host.ingest.envelope import Header, Record
from catflap_host.store.alert_store import AlertStore
from catflap_host.store.group import Batch, Stored, UnreachableError

SWITCH_S = 0.0005
"""How long a process with a writer lets a thread run on while another waits, for `sys.setswitchinterval`.

The writer lets go of the interpreter at every step of the database, and would wait the usual 5 ms each time for a busy event loop.
"""
MAX_SHARED = 64
MAX_WAITING = 8_192
"""Batches; of each probe there is one at a time. To turn one away and be asked again costs more than to let it wait."""

_log = logging.getLogger(__name__)


Taken = Callable[[str, str, list[Record]], None]
"""Takes probe, boot and records; raises nothing."""


def _nobody(probe: str, boot: str, records: list[Record]) -> None:
    """Nobody listens."""


class BusyError(Exception):
    """The batch was not stored: too much waits already, or the disk failed; it may be sent again."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    batch: Batch
    stored: "Future[Stored]"


class Writer:
    """A thread that alone uses the store; `on_commit` is called in it after every commit, before anybody is answered."""

    def __init__(self, store: AlertStore, on_commit: Callable[[], None], max_waiting: int = MAX_WAITING, taken: Taken = _nobody) -> None:
        """`taken` hears of each batch that was committed, in their order, before `on_commit`."""
        self._store = store
        self._on_commit = on_commit
        self._taken = taken
        self._waiting: queue.Queue[_Waiting | None] = queue.Queue(max_waiting)
        self._is_full = False
        self._thread = threading.Thread(target=self._run, name="store-writer", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def submit(self, header: Header, records: list[Record]) -> "Future[Stored]":
        """Queue a verified batch; the future is done after the commit, or fails with BusyError. Raises BusyError when the queue is full."""
        waiting = _Waiting(Batch(header, records), Future())
        waiting.stored.set_running_or_notify_cancel()  # from here on a sender who leaves cannot call it off
        try:
            self._waiting.put_nowait(waiting)
        except queue.Full:
            if not self._is_full:
                _log.warning("%d batches wait for the disk, the senders of more are told to come again", self._waiting.maxsize)
            self._is_full = True
            raise BusyError("too many batches are waiting for the disk") from None
        return waiting.stored

    def close(self) -> None:
        """Store what is queued, then stop and close the store."""
        self._waiting.put(None)
        self._thread.join()
        self._store.close()

    def _run(self) -> None:
        last = False
        while not last:
            group, last = self._next_group()
            if group:
                self._add(group)

    def _next_group(self) -> tuple[list[_Waiting], bool]:
        """Wait for a batch and take those queued behind it; True with the last group before the end."""
        group: list[_Waiting] = []
        item = self._waiting.get()
        while item is not None:
            group.append(item)
            if self._waiting.empty():
                self._is_full = False
                return group, False
            if len(group) == MAX_SHARED:
                return group, False
            item = self._waiting.get()
        return group, True

    def _add(self, group: list[_Waiting]) -> None:
        try:
            results = self._store.add([waiting.batch for waiting in group], time.time_ns() // 1_000_000)
        except Exception as error:
            if len(group) > 1 and not isinstance(error, UnreachableError):
                # one batch must not fail those that happened to wait beside it
                for waiting in group:
                    self._add([waiting])
                return
            whose = ", ".join(sorted({waiting.batch.header.probe for waiting in group}))
            _log.warning("batch of %s not stored: %s", whose, error, exc_info=not isinstance(error, UnreachableError))
            for waiting in group:
                waiting.stored.set_exception(BusyError(f"not stored: {error}"))
            return
        for waiting, result in zip(group, results, strict=True):
            if not result.error:
                self._taken(waiting.batch.header.probe, waiting.batch.header.boot, waiting.batch.records)
        self._on_commit()
        for waiting, result in zip(group, results, strict=True):
            waiting.stored.set_result(result)
