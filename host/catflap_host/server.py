"""The aggregator as one process: the writer, the ingest for probes and the console for people, until told to stop."""

import asyncio
import logging
import signal
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from catflap_host.access.entering import prepare_setup
from catflap_host.api.app import Parts
from catflap_host.api.app import make_app as make_console
from catflap_host.complaints.marks import keep_filed
from catflap_host.complaints.pooled import keep_weighed
from catflap_host.complaints.service import public_page
from catflap_host.compliance.service import keep_checked
from catflap_host.correlate import learnt
from catflap_host.correlate.warming import follow, warmed
from catflap_host.deliver import service as deliver
from catflap_host.deliver.counts import DeliveryCounts
from catflap_host.deliver.syslog import Receiver
from catflap_host.errors import UserError
from catflap_host.export.signing import load_signer
from catflap_host.garbage import settle
from catflap_host.ingest.app import make_app as make_ingest
from catflap_host.ingest.broker import Broker
from catflap_host.ingest.bucket import Buckets
from catflap_host.ingest.cells import Cells
from catflap_host.ingest.counts import Counts
from catflap_host.ingest.hear import hear
from catflap_host.ingest.intake import Intake
from catflap_host.listener import Address, Listener, TlsFiles, bind, is_loopback, url
from catflap_host.metrics.sources import delivery_source, ingest_source, store_source
from catflap_host.policy.delivering import Delivery
from catflap_host.policy.releasing import keep_compiled
from catflap_host.reports.schedule import Schedule, keep_reporting
from catflap_host.reputation.exchanging import Exchange, keep_exchanged
from catflap_host.reputation.telling import keep_told
from catflap_host.store.alert_store import open_store
from catflap_host.store.commits import Commits
from catflap_host.store.database import open_database
from catflap_host.store.housekeeping import keep_house, keep_to_newest_keys
from catflap_host.store.writer import SWITCH_S, Writer
from catflap_host.trunk_audit.service import keep_audited

OTHERS_S = 1.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settings:
    """What the aggregator is told: its folder, its two addresses, its certificate or None, its syslog's receiver or None, its brokers,
    its database, which is SQLite in the folder where it is empty, its name among the cells, empty where it shares its probes with none,
    the address of the public page for complaints, None where there is none, and where reports go, or None.
    """

    data_dir: Path
    ingest: Address
    console: Address
    tls: TlsFiles | None
    syslog: Receiver | None
    brokers: tuple[Broker, ...]
    issuer: str
    database: str = ""
    cell: str = ""
    complaints: Address | None = None
    reports: Schedule | None = None


async def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then store what is under way; prints both addresses when ready. Raises UserError."""
    console_tls = None if is_loopback(settings.console.host) else settings.tls
    if console_tls is None and not is_loopback(settings.console.host):
        raise UserError(
            f"the console may not listen on {settings.console.host} without TLS, where passwords could be read on their way; "
            "give --tls-cert and --tls-key, or use 127.0.0.1 and reach it through an SSH tunnel"
        )
    if settings.tls is None and not is_loopback(settings.ingest.host):
        _log.warning(
            "ingest on %s without TLS: what probes report can be read on its way; give --tls-cert and --tls-key", settings.ingest.host
        )
    sys.setswitchinterval(SWITCH_S)
    loop = asyncio.get_running_loop()
    commits = Commits(loop)
    with (
        bind(settings.ingest) as ingest_socket,
        bind(settings.console) as console_socket,
        closing(open_database(settings.data_dir, settings.database)) as database,
    ):
        correlation, heard = warmed(database)
        # alone it hears of a batch before the answer leaves; beside other workers it follows what all of them commit
        store = open_store(database)
        writer = Writer(store, commits.announce, taken=correlation.committed) if database.is_sqlite else Writer(store, commits.announce)
        counts, delivered = Counts(), DeliveryCounts()
        sources = [ingest_source(counts), store_source(database), delivery_source(database, delivered)]
        cells = Cells(database, settings.cell) if settings.cell else None
        intake = Intake(writer, database, counts, Buckets(), correlation.feed, cells, Delivery(database))
        ingest = Listener(make_ingest(intake), ingest_socket, settings.tls)
        parts = Parts(database, settings.data_dir, commits, correlation, sources, settings.issuer, console_tls is not None)
        console = Listener(make_console(parts), console_socket, console_tls)
        public = public_page(database, settings.complaints, settings.tls) if settings.complaints else None
        listeners = [ingest, console, *([public[0]] if public else [])]
        exchange = Exchange(database, correlation.groups, load_signer(database, settings.data_dir), settings.issuer)
        stopped = asyncio.Event()
        for signal_number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(signal_number, _stop, commits, listeners, stopped)
        writer.start()
        beside = [
            asyncio.create_task(deliver.run(database, commits, delivered, settings.syslog)),
            asyncio.create_task(keep_told(database, correlation)),
            asyncio.create_task(keep_exchanged(exchange)),
            asyncio.create_task(keep_compiled(database, correlation)),
            asyncio.create_task(keep_checked(database)),
            asyncio.create_task(keep_audited(database)),
            asyncio.create_task(keep_filed(database)),
            asyncio.create_task(keep_weighed(database, correlation)),
        ]
        try:
            async with asyncio.TaskGroup() as tasks:
                for listener in listeners:
                    tasks.create_task(listener.run_until_stopped())
                tasks.create_task(keep_house(database, stopped))
                if settings.reports:
                    tasks.create_task(keep_reporting(settings.data_dir, database, settings.reports, settings.issuer, stopped))
                tasks.create_task(keep_to_newest_keys(database, stopped))
                tasks.create_task(learnt.keep(database, correlation, stopped))
                if not database.is_sqlite:
                    tasks.create_task(commits.announce_others(OTHERS_S))
                    tasks.create_task(follow(database, correlation, heard, commits))
                for listener in listeners:
                    await listener.ready.wait()
                settle()
                print(f"ingest {url(ingest_socket, settings.tls is not None)}", flush=True)
                print(f"console {url(console_socket, console_tls is not None)}", flush=True)
                if public:
                    print(f"complaints {public[1]}", flush=True)
                if setup_file := prepare_setup(database, settings.data_dir):
                    print(f"set-up code for the first user in {setup_file}", flush=True)
                for broker in settings.brokers:
                    tasks.create_task(hear(broker, intake, stopped))
        finally:
            for task in beside:
                task.cancel()
            await asyncio.wait(beside)
            writer.close()
            learnt.save(database, correlation)


def _stop(commits: Commits, listeners: Sequence[Listener], stopped: asyncio.Event) -> None:
    stopped.set()
    for listener in listeners:
        listener.should_exit = True
    commits.stop()
