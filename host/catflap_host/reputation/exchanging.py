"""Lists fetched from partners, and ours sent to them, by the running aggregator: from time to time, and at once what is withdrawn."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

from sqlalchemy.exc import SQLAlchemyError

from catflap_host.correlate.views import Group
from catflap_host.errors import UserError
from catflap_host.export.signing import Signer, signed
from catflap_host.reputation import document, issuing, links, partners
from catflap_host.reputation.asking import ask
from catflap_host.reputation.links import Due
from catflap_host.reputation.taking import take
from catflap_host.store.database import Database, reason
from catflap_host.store.unmask import note
from catflap_host.store.vault import SealError

EVERY_S = 15.0
MOST_AT_ONCE = 4
WHO = "the exchange"
WHY = "the partners' agreement"

_log = logging.getLogger(__name__)


class Exchange:
    """Does what is due with partners' lists and ours; `groups` gives what the correlation has found by now."""

    def __init__(self, database: Database, groups: Callable[[], Iterable[Group]], signer: Signer, issuer: str) -> None:
        self._database, self._groups, self._signer, self._issuer = database, groups, signer, issuer

    def due(self, now_ms: int) -> list[Due]:
        """The links whose turn it is, for `step`. Raises SealError."""
        return links.due(self._database, now_ms)

    def step(self, turn: Due, now_ms: int) -> None:
        """Send, then fetch, as far as it is due; a fault is kept with the link, and tried again later."""
        name = turn.link.partner
        try:
            if turn.to_send:
                self._send(turn, now_ms)
                links.done(self._database, name, sent_ms=now_ms)
            if turn.to_fetch:
                self._fetch(turn, now_ms)
                links.done(self._database, name, fetched_ms=now_ms)
        except (UserError, SealError) as error:
            links.failed(self._database, name, str(error), now_ms)
            _log.warning("no list changes hands with %s: %s", name, error)

    def _send(self, turn: Due, now_ms: int) -> None:
        name = turn.link.partner
        with self._database.write() as connection:
            note(connection, WHO, "list-issued", name, WHY)
        issued = issuing.issue(self._database, self._groups(), self._issuer, name, now_ms)
        ask(turn.link.house, "/list/send", signed(self._signer, document.KIND, document.fields(issued)))

    def _fetch(self, turn: Due, now_ms: int) -> None:
        text = ask(turn.link.house, f"/list?unmask_reason={quote(WHY)}")
        take(self._database, partners.named(self._database, turn.link.partner), text, self._signer.key_id, WHO, now_ms)


async def keep_exchanged(exchange: Exchange) -> None:
    """Exchange lists until cancelled; a partner that does not answer holds up nothing but its own turn."""
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(MOST_AT_ONCE, "partners") as threads:
        while True:
            now_ms = time.time_ns() // 1_000_000
            try:
                turns = await asyncio.to_thread(exchange.due, now_ms)
                await asyncio.gather(*(loop.run_in_executor(threads, exchange.step, turn, now_ms) for turn in turns))
            except (SQLAlchemyError, SealError) as error:
                _log.warning("partners' lists are not exchanged: %s", reason(error))
            await asyncio.sleep(EVERY_S)
