"""A server that verifies batches and throws them away: the same intake, with nothing behind it."""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import closing
from multiprocessing.connection import Connection
from pathlib import Path

from catflap_host.garbage import settle
from catflap_host.ingest.app import make_app
from catflap_host.ingest.bucket import Buckets
from catflap_host.ingest.counts import Counts
from catflap_host.ingest.intake import Intake
from catflap_host.listener import Address, Listener, bind, url
from catflap_host.store.database import open_database
from catflap_host.store.group import Batch, Stored
from catflap_host.store.writer import SWITCH_S, Writer

UNBOUNDED = 1e12


class Nowhere:
    """A store that keeps nothing and says that it has."""

    def add(self, batches: Sequence[Batch], received_ms: int) -> list[Stored]:  # noqa: ARG002 - a store's
        """Forget the batches."""
        return [Stored(batch.header.next_seq - 1, is_news=True) for batch in batches]

    def close(self) -> None:
        """Nothing to let go of."""


def serve(data_dir: Path, out: Connection) -> None:
    """Serve the probes enrolled in `data_dir` until the process is ended; tells `out` its address."""

    async def run() -> None:
        with bind(Address("127.0.0.1", 0)) as listening, closing(open_database(data_dir)) as database:
            writer = Writer(Nowhere(), lambda: None)
            writer.start()
            # its one sender is let through as fast as it comes
            listener = Listener(make_app(Intake(writer, database, Counts(), Buckets(UNBOUNDED, UNBOUNDED))), listening)
            serving = asyncio.create_task(listener.run_until_stopped())
            await listener.ready.wait()
            settle()
            out.send(url(listening, tls=False))
            await serving

    sys.setswitchinterval(SWITCH_S)
    asyncio.run(run())
