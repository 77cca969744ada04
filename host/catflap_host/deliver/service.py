"""The two who follow the stored records: one puts events into the webhooks' boxes and empties them, the other writes to syslog."""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor, ThreadPoolExecutor

from sqlalchemy.exc import OperationalError

from catflap_host.deliver import outbox, positions
from catflap_host.deliver.counts import DELIVERED, FAILED, GIVEN_UP, RETRIED, SENT, DeliveryCounts
from catflap_host.deliver.events import Event, events_of
from catflap_host.deliver.outbox import Due
from catflap_host.deliver.signature import signed_headers
from catflap_host.deliver.syslog import Receiver, Sender, message, own_name
from catflap_host.deliver.target import TargetError, post
from catflap_host.store import queries
from catflap_host.store.commits import Commits
from catflap_host.store.database import Database, reason

MAX_READ = 200
POLL_S = 2.0
"""What another worker has committed is seen so much later."""
RESTART_S = 5.0
MAX_SENDERS = 8
SYSLOG_RETRY_S = (1, 5, 15, 60)

_log = logging.getLogger(__name__)

Take = Callable[[list[Event], int, int], Awaitable[bool]]
"""Takes events and moves the mark from one record's id to another's; False: the mark was not there."""


async def run(database: Database, commits: Commits, counts: DeliveryCounts, receiver: Receiver | None) -> None:
    """Deliver until cancelled; what is not delivered by then is, after the next start. A fault of the database stops nothing else."""
    with ThreadPoolExecutor(MAX_SENDERS, "webhooks") as threads:
        while True:
            try:
                async with asyncio.TaskGroup() as tasks:
                    tasks.create_task(_follow(database, commits, outbox.FOLLOWER, _boxes(database), lambda: outbox.any_webhook(database)))
                    tasks.create_task(_empty_boxes(database, counts, threads))
                    if receiver:
                        take = _syslog(database, receiver, counts)
                        tasks.create_task(_follow(database, commits, _syslog_follower(receiver), take, lambda: True))
            except* OperationalError as faults:
                _log.warning("deliveries begin again in %g s: %s", RESTART_S, reason(faults.exceptions[0]))
            except* Exception as faults:
                _log.exception("deliveries begin again in %g s", RESTART_S, exc_info=faults.exceptions[0])
            await asyncio.sleep(RESTART_S)


async def _follow(database: Database, commits: Commits, follower: str, take: Take, is_wanted: Callable[[], bool]) -> None:
    """Hand every stored record past the follower's mark on, in order, live at the end; while it is not wanted, pass over what comes."""
    newest = await asyncio.to_thread(queries.last_change, database)
    position = await asyncio.to_thread(positions.start, database, follower, newest)
    while True:
        committed = commits.next()
        # the mark first: what comes after it is not passed over, should somebody be there to be told by then
        newest = await asyncio.to_thread(queries.last_change, database)
        if not await asyncio.to_thread(is_wanted):
            if newest > position and not await take([], position, newest):
                newest = await asyncio.to_thread(positions.start, database, follower, position)
            position = newest
            await asyncio.sleep(POLL_S)
            continue
        events, newest = await asyncio.to_thread(_read, database, position)
        if newest > position:
            if not await take(events, position, newest):
                newest = await asyncio.to_thread(positions.start, database, follower, position)
            position = newest
        else:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(committed.wait(), POLL_S)


def _read(database: Database, after: int) -> tuple[list[Event], int]:
    changes = queries.changes(database, after, MAX_READ)
    return events_of(changes), changes[-1].id if changes else after


def _boxes(database: Database) -> Take:
    async def take(events: list[Event], before: int, after: int) -> bool:
        return await asyncio.to_thread(outbox.put, database, events, before, after)

    return take


async def _empty_boxes(database: Database, counts: DeliveryCounts, threads: Executor) -> None:
    """Send what is due, one message a webhook at a time, so that a slow receiver delays its own alone."""
    sending: dict[str, asyncio.Task[None]] = {}
    while True:
        sending = {webhook: task for webhook, task in sending.items() if not task.done()}
        due = await asyncio.to_thread(outbox.claim, database, tuple(sending), MAX_SENDERS - len(sending))
        for one in due:
            sending[one.webhook] = asyncio.create_task(_send(database, one, counts, threads))
        if sending:
            await asyncio.wait(sending.values(), timeout=POLL_S, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(POLL_S / 4)


async def _send(database: Database, due: Due, counts: DeliveryCounts, threads: Executor) -> None:
    headers = {"Content-Type": "application/json", "User-Agent": "catflap"}
    headers |= signed_headers(outbox.secret_of(database, due), due.message, time.time_ns() // 10**9, due.body)
    loop = asyncio.get_running_loop()
    try:
        status = await loop.run_in_executor(threads, post, due.url, due.body, headers, due.allow_private)
        error = "" if 200 <= status < 300 else f"answered {status}"
        # any other answer is about this message, not about its receiver
        holds_all = status in (408, 429) or status >= 500
    except TargetError as fault:
        error, holds_all = str(fault), True
    if not error:
        counts.webhooks[DELIVERED] += 1
        await asyncio.to_thread(outbox.delivered, database, due)
        return
    is_kept = await asyncio.to_thread(outbox.failed, database, due, error, holds_all, random.random())  # noqa: S311 - spreads tries
    counts.webhooks[RETRIED if is_kept else GIVEN_UP] += 1
    _log.warning("webhook %s: %s %s", due.webhook, error, "" if is_kept else "for five days; given up")


def _syslog_follower(receiver: Receiver) -> str:
    return f"syslog {receiver.scheme}://{receiver.host}:{receiver.port}"


def _syslog(database: Database, receiver: Receiver, counts: DeliveryCounts) -> Take:
    sender = Sender(receiver)
    name, process = own_name()

    def move(before: int, after: int) -> bool:
        with database.write() as connection:
            return positions.move(connection, _syslog_follower(receiver), before, after)

    async def take(events: list[Event], before: int, after: int) -> bool:
        fault = 0
        while events:
            try:
                await sender.send([message(event, name, process) for event in events])
                counts.syslog[SENT] += len(events)
                break
            except OSError as error:
                _log.warning("syslog %s:%d: %s; trying again", receiver.host, receiver.port, error)
                counts.syslog[FAILED] += 1
                await asyncio.sleep(SYSLOG_RETRY_S[min(fault, len(SYSLOG_RETRY_S) - 1)])
                fault += 1
        return await asyncio.to_thread(move, before, after)

    return take
