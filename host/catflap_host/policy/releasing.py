"""Compiles what was published, and again whenever the pools or registers that it names have changed."""

import asyncio
import hashlib
import logging
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import chain

from sqlalchemy import select, update
from sqlalchemy.exc import SQLAlchemyError

from catflap_host.correlate.service import Correlation
from catflap_host.policy import kept, tables
from catflap_host.policy.compiling import compile_policy, pools_of
from catflap_host.policy.document import Document, DocumentError
from catflap_host.policy.lists import ListError
from catflap_host.policy.registered import trunks
from catflap_host.policy.registers import SOURCES, Source, days_of_rest
from catflap_host.store.database import Database, reason
from catflap_host.store.vault import SealError

EVERY_S = 1.0
REFRESH_S = 60.0
"""Members are looked at so often; a probe that takes a policy anew each second would do nothing else."""

_log = logging.getLogger(__name__)


class Releasing:
    """Keeps the newest release compiled; used in one thread."""

    def __init__(self, database: Database, correlation: Correlation, sources: Sequence[Source] = SOURCES) -> None:
        self._database, self._correlation, self._sources = database, correlation, sources
        self._looked_s = -REFRESH_S

    def step(self, now_s: float) -> bool:
        """Compile what is due, and say whether anything was. Raises DocumentError, ListError and SealError."""
        newest = kept.published(self._database)
        if newest is None or (newest.bytes and now_s - self._looked_s < REFRESH_S):
            return False
        self._looked_s = now_s
        pools = {pool.id: [member.number for member in pool.members] for pool in self._correlation.pools()}
        document = kept.document_of(self._database, newest.version)
        named = {name: pools.get(name, []) for name in pools_of(document)}
        for name in [name for name, numbers in named.items() if not numbers]:
            _log.warning("the policy names %s, a pool that is not known now", name)
        days = days_of_rest(self._database, document.country)
        inputs = self._fingerprint(document, named, days)
        if newest.bytes:
            with self._database.write() as connection:
                known = connection.execute(select(tables.releases.c.inputs).where(tables.releases.c.serial == newest.serial)).scalar_one()
                if known == inputs:
                    return False
                newest = kept.add_release(connection, newest.version, "catflap", kept.MEMBERS)
        more = chain.from_iterable(source.entries(self._database, document) for source in self._sources)
        under = trunks(self._database, document)
        compiled = compile_policy(document, str(newest.version), lambda name: named.get(name, ()), more, datetime.now(UTC), days, under)
        self._keep(newest.serial, compiled.with_serial(newest.serial), inputs)
        return True

    def _fingerprint(self, document: Document, named: dict[str, list[str]], days: Mapping[date, bool]) -> str:
        found = hashlib.sha256(repr((sorted((name, sorted(numbers)) for name, numbers in named.items()), sorted(days.items()))).encode())
        for source in self._sources:
            found.update(source.fingerprint(self._database, document).encode() + b"\n")
        return found.hexdigest()

    def _keep(self, serial: int, content: bytes, inputs: str) -> None:
        rows = tables.releases
        sealed = self._database.vault.seal(content, tables.release_place(serial))
        with self._database.write() as connection:
            connection.execute(update(rows).where(rows.c.serial == serial).values(sealed=sealed, bytes=len(content), inputs=inputs))
            connection.execute(update(rows).where(rows.c.serial < serial, rows.c.sealed.is_not(None)).values(sealed=None))
        _log.info("policy %d compiled: %d bytes", serial, len(content))


async def keep_compiled(database: Database, correlation: Correlation, sources: Sequence[Source] = SOURCES) -> None:
    """Keep the newest release compiled until cancelled."""
    releasing = Releasing(database, correlation, sources)
    while True:
        try:
            await asyncio.to_thread(releasing.step, time.monotonic())
        except SQLAlchemyError as error:
            _log.warning("the policy is not compiled: %s", reason(error))
        except (DocumentError, ListError, SealError) as error:
            _log.error("the policy cannot be compiled, probes keep the one before: %s", error)
            await asyncio.sleep(REFRESH_S)
        await asyncio.sleep(EVERY_S)
