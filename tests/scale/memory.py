"""How much memory the whole aggregator holds: idle, and after a million calls of as many numbers came in."""

import http.client
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

from catflap_host.store.enrolment import enrol
from catflap_models.court.figures import Figure
from tests import postgres
from tests.probe_side import post, read_answer, sign
from tests.scale import fill
from tests.scale.serving import Served, served

CALLS = 1_000_000
IDLE_BAR_MB, FULL_BAR_MB = 150.0, 700.0
PIECE = 500
"""Records in a batch."""


def figures(store: str, folder: Path, count: int) -> Iterator[Figure]:
    """Resident memory of a new aggregator, and of the same process after `count` calls."""
    with ExitStack() as ended:
        database = ended.enter_context(postgres.killable()).address if store == "postgres" else ""
        keys = {f"site-{site}": _enrolled(folder, f"site-{site}", database) for site in range(fill.PROBES)}
        aggregator = ended.enter_context(served(folder / "data", database))
        _show_page(aggregator)
        yield Figure(f"memory.idle.{store}", round(aggregator.resident_mb()), "MB", IDLE_BAR_MB, "lower", "resident, its first page shown")
        begun_s = time.monotonic()
        _send(aggregator, keys, count)
        spent_s = time.monotonic() - begun_s
        _show_page(aggregator)
        how = f"resident after {count} calls of {fill.NUMBERS} numbers from {fill.PROBES} probes by HTTP, in {spent_s:.0f} s, correlated"
        yield Figure(f"memory.million.{store}", round(aggregator.resident_mb()), "MB", FULL_BAR_MB, "lower", how)


def _show_page(aggregator: Served) -> None:
    with closing(aggregator.aggregator.connect_console()) as connection:
        aggregator.page(connection, "/")


def _enrolled(folder: Path, probe: str, database: str) -> bytes:
    key_file = folder / f"{probe}.key"
    enrol(probe, folder / "data", key_file, database)
    return bytes.fromhex(key_file.read_text())


def _send(aggregator: Served, keys: dict[str, bytes], count: int) -> None:
    """Send all batches, one after the other."""
    with closing(aggregator.aggregator.connect_ingest()) as connection:
        for batch, at_ms in fill.batches(count):
            head, records = batch.header, batch.records
            for at in range(0, len(records), PIECE):
                piece = records[at : at + PIECE]
                first, after = piece[0].seq, piece[-1].seq + 1
                line = {"v": 1, "probe": head.probe, "boot": head.boot, "first": first, "next": after, "mono_ms": 1, "wall_ms": at_ms}
                body = "".join(f"{text}\n" for text in (json.dumps(line), *(record.raw for record in piece)))
                _post(connection, keys[head.probe], body.encode(), after - 1)


def _post(connection: http.client.HTTPConnection, key: bytes, signed: bytes, ack: int) -> None:
    """Have a batch taken, however often it must be sent."""
    while True:
        status, content = post(connection, sign(key, signed))
        answer = read_answer(key, content)
        if status == 200:
            assert answer["ack"] == ack
            return
        assert status in (429, 503), content
        time.sleep(int(str(answer["retry_after_ms"])) / 1000)
