"""Questions to a database that does not answer hold up nobody, and are not asked without bound."""

import asyncio
import threading
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from catflap_host.ingest.asking import Asking
from catflap_host.store import keys
from catflap_host.store.database import Database
from catflap_host.store.vault import Vault
from catflap_host.store.writer import MAX_WAITING, BusyError


@pytest.fixture
def asking(tmp_path: Path) -> Asking:
    return Asking(Database(create_engine("postgresql+psycopg://nobody@/none"), Vault(keys.load(tmp_path))))


def test_loop_goes_on_while_the_database_is_silent(asking: Asking) -> None:
    released = threading.Event()

    async def asked() -> bool:
        waiting = asyncio.create_task(asking.answer(lambda _: released.wait(30)))
        await asyncio.sleep(0)
        # nobody else lets the question go
        released.set()
        return await waiting

    assert asyncio.run(asked())


def test_no_more_than_so_many_wait(asking: Asking) -> None:
    released = threading.Event()

    async def asked() -> int:
        waiting = [asyncio.create_task(asking.answer(lambda _: released.wait(30))) for _ in range(MAX_WAITING + 5)]
        await asyncio.sleep(0)
        released.set()
        return sum(isinstance(answer, BusyError) for answer in await asyncio.gather(*waiting, return_exceptions=True))

    assert asyncio.run(asked()) == 5


def test_silence_and_its_end_are_told_once(asking: Asking, caplog: pytest.LogCaptureFixture) -> None:
    def away(_: Database) -> None:
        raise OperationalError("SELECT", {}, Exception("connection refused\nis it running?"))

    async def asked() -> None:
        for _ in range(3):
            with pytest.raises(BusyError, match="send again"):
                await asking.answer(away)
        for _ in range(2):
            await asking.answer(lambda _: None)

    asyncio.run(asked())
    assert [record.getMessage() for record in caplog.records] == [
        "the database does not answer, nothing is taken: connection refused",
        "the database answers again",
    ]
