"""Many workers on one PostgreSQL: none in another's way, and a listener misses nothing of what they store."""

import asyncio
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, event

from catflap_host.ingest.asking import Asking
from catflap_host.ingest.bucket import Buckets, filled
from catflap_host.ingest.counts import Counts
from catflap_host.ingest.epochs import Standing
from catflap_host.ingest.intake import Intake
from catflap_host.store import postgres_store, queries
from catflap_host.store.alert_store import AlertStore, open_store
from catflap_host.store.database import Database, open_database
from catflap_host.store.enrolled import Enrolled
from catflap_host.store.enrolment import enrol
from catflap_host.store.group import Batch, UnreachableError
from catflap_host.store.horizon import LOCK
from catflap_host.store.writer import BusyError, Writer
from tests import postgres
from tests.probe_side import alert, batch
from tests.unit.test_host_store import read

WORKERS = 3
BATCHES = 40
RECEIVED_MS = 1_772_380_812_345


@pytest.fixture
def database(postgres_server: str, tmp_path: Path) -> Iterator[Database]:
    with postgres.fresh_schema(postgres_server) as address, closing(open_database(tmp_path, address)) as database:
        yield database


def work(store: AlertStore, boot: str) -> None:
    """Store batches of one boot, in which every number is one that the other workers meet too."""
    for first in range(1, 2 * BATCHES, 2):
        batch = Batch(*read(first, [alert(first, calling=f"1380000{first:04d}"), alert(first + 1)], boot=boot))
        store.add([batch], RECEIVED_MS)


def test_listener_hears_every_record_once_while_workers_store(database: Database) -> None:
    heard: list[int] = []
    done = threading.Event()

    def listen() -> None:
        while True:
            last = done.is_set()
            found = queries.changes(database, heard[-1] if heard else 0, 50)
            heard.extend(change.id for change in found)
            if last and not found:
                return

    with ExitStack() as stack, ThreadPoolExecutor(WORKERS + 1) as pool:
        stores = [stack.enter_context(closing(open_store(database))) for _ in range(WORKERS)]
        listening = pool.submit(listen)
        working = [pool.submit(work, store, f"{number:016x}") for number, store in enumerate(stores)]
        for one in working:
            one.result(60)
        done.set()
        listening.result(60)
    assert len(heard) == len(set(heard)) == WORKERS * BATCHES * 2
    assert queries.summary(database).records["alert"] == WORKERS * BATCHES * 2
    assert {call.boot for call in queries.calls_of_numbers(database, ["13800000001"], 0, 2**62, 10)} == {
        f"{number:016x}" for number in range(WORKERS)
    }


def test_nothing_past_a_transaction_that_is_open_is_told(database: Database) -> None:
    with closing(open_store(database)) as store:
        store.add([Batch(*read(1, [alert(1)]))], RECEIVED_MS)
        url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(url) as slow:
            slow.execute(LOCK)
            slow.execute("SELECT nextval('records_id_seq')")
            store.add([Batch(*read(2, [alert(2)]))], RECEIVED_MS)
            assert [change.seq for change in queries.changes(database, 0, 10)] == [1]
            assert queries.last_change(database) == 1
        assert [change.seq for change in queries.changes(database, 0, 10)] == [1, 2]


def test_worker_whose_connection_is_cut_goes_on(database: Database) -> None:
    with closing(open_store(database)) as store:
        store.add([Batch(*read(1, [alert(1)]))], RECEIVED_MS)
        with database.write() as connection:
            ours = "pid <> pg_backend_pid() AND application_name = current_setting('application_name')"
            connection.exec_driver_sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}")
        with pytest.raises(UnreachableError):
            store.add([Batch(*read(2, [alert(2)]))], RECEIVED_MS)
        (result,) = store.add([Batch(*read(2, [alert(2)]))], RECEIVED_MS)
    assert result.ack == 2
    assert [call.call for call in queries.calls(database, 0, 10)] == [1, 2]


def test_database_that_is_away_makes_every_batch_wait_and_is_asked_once(database: Database, tmp_path: Path) -> None:
    away = create_engine(database.engine.url.update_query_dict({"host": str(tmp_path)}))
    writer = Writer(open_store(Database(away, database.vault)), on_commit=lambda: None)
    waiting = [writer.submit(*read(number, [alert(number)])) for number in (1, 2, 3)]
    writer.start()
    errors = [one.exception(30) for one in waiting]
    assert {type(error) for error in errors} == {BusyError}
    assert len({str(error) for error in errors}) == 1
    writer.close()


def test_sender_is_told_to_wait_while_the_database_is_away(database: Database, tmp_path: Path) -> None:
    away = Database(create_engine(database.engine.url.update_query_dict({"host": str(tmp_path)})), database.vault)
    writer = Writer(open_store(away), on_commit=lambda: None)
    intake = Intake(writer, away, Counts(), Buckets())
    reply = asyncio.run(intake.take(batch(bytes(32), "demo-a", 1, [alert(1)]), "http"))
    assert (reply.status, json.loads(reply.body)["error"]) == (503, "busy")


def test_workers_together_grant_a_probe_what_one_would(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    per_s, burst, records, seconds = 10, 100, 20, 20
    monkeypatch.setattr(postgres_store, "filled", partial(filled, records_per_s=per_s, burst_records=burst))
    enrol("demo-a", tmp_path, tmp_path / "key", database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False))
    granted, sent = 0, dict.fromkeys(range(WORKERS), 0)
    with ExitStack() as stack:
        workers = [(stack.enter_context(closing(open_store(database))), Buckets(per_s, burst)) for _ in range(WORKERS)]
        for now_s in range(seconds):
            for number, (store, buckets) in enumerate(workers):
                # a probe that heeds no answer and asks everybody
                if buckets.wait_ms("demo-a", now_s):
                    continue
                buckets.take("demo-a", records, now_s)
                news: list[object] = [alert(sent[number] * records + at) for at in range(records)]
                batch = Batch(*read(1 + records * sent[number], news, boot=f"{number:016x}"))
                stored = store.add([batch], RECEIVED_MS + now_s * 1000)[0]
                assert stored.tokens is not None
                buckets.learn("demo-a", stored.tokens, now_s)
                sent[number] += 1
                granted += records
    assert burst < granted <= burst + per_s * seconds + WORKERS * records
    assert min(sent.values()) > 0


def test_batches_that_wait_together_are_looked_up_at_once(database: Database, tmp_path: Path) -> None:
    names = [f"site-{number}" for number in range(5)]
    for name in names:
        enrol(name, tmp_path, tmp_path / f"{name}.key", database.engine.url.render_as_string(hide_password=False))
    looked_up: list[object] = []
    event.listen(database.engine, "before_cursor_execute", lambda *_: looked_up.append(None))

    async def asked() -> list[Enrolled | None]:
        asking = Asking(database)
        return await asyncio.gather(*(asking.enrolled((name, "a" * 16)) for name in [*names, "nobody"]))

    *known, nobody = asyncio.run(asked())
    assert nobody is None
    drawn = [(tmp_path / f"{name}.key").read_text().strip() for name in names]
    assert [found and found.key(database.vault).hex() for found in known] == drawn
    assert [found and found.standing for found in known] == [Standing(0, None)] * len(names)
    assert len(looked_up) == 1
