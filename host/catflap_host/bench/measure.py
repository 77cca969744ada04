"""Durable alerts a second over HTTP, sender and aggregator on the same machine, beside a server that only verifies."""

import multiprocessing
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from catflap_host.bench import sender, verify_only
from catflap_host.errors import UserError
from catflap_host.store import queries
from catflap_host.store.database import open_database
from catflap_host.store.enrolment import enrol

PROBES = 64
WARM_UP_S = 3.0
_PROGRAM = "import sys; from catflap_host.cli import main; sys.exit(main())"
_SPAWN = multiprocessing.get_context("spawn")


@dataclass(frozen=True, slots=True)
class Rate:
    """The median of several runs: alerts a second by the clock, and microseconds of the aggregator's own processor time for each."""

    alerts_per_s: float
    cpu_us: float


def verified(folder: Path, seconds: float, runs: int) -> Rate:
    """What the same intake takes when nothing is stored."""
    keys = _enrolled(folder, "")
    told, tell = _SPAWN.Pipe(duplex=False)
    server = _SPAWN.Process(target=verify_only.serve, args=(folder / "data", tell), daemon=True)
    server.start()
    assert server.pid
    try:
        url = told.recv()
        return _median([_run(url, keys, server.pid, seconds) for _ in range(runs)])
    finally:
        server.terminate()
        server.join()


def stored(folder: Path, database: str, seconds: float, runs: int) -> Rate:
    """What the aggregator stores for good. Raises UserError where fewer are stored than were acknowledged."""
    keys = _enrolled(folder, database)
    words = ["host", "run", "--data", str(folder / "data"), "--listen", "127.0.0.1:0", "--console", "127.0.0.1:0"]
    words += ["--database", database] if database else []
    rates = []
    with subprocess.Popen([sys.executable, "-c", _PROGRAM, *words], stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        try:
            assert server.stdout
            address = server.stdout.readline().split()
            if not address:
                raise UserError("the aggregator did not start; it has said why above")
            rates = [_run(address[1], keys, server.pid, seconds) for _ in range(runs)]
        finally:
            server.kill()
    with closing(open_database(folder / "data", database)) as opened:
        kept = queries.summary(opened).records["alert"]
    acknowledged = sum(rate.acknowledged for rate in rates)
    if kept < acknowledged:
        raise UserError(f"{acknowledged} alerts were acknowledged and {kept} are stored: do not use this build")
    return _median(rates)


def _enrolled(folder: Path, database: str) -> dict[str, bytes]:
    """The keys of the bench's probes, known to the database in `folder`/data or the one named."""
    folder.mkdir()
    keys = {}
    for number in range(PROBES):
        probe = f"bench-{number}"
        enrol(probe, folder / "data", folder / probe, database)
        keys[probe] = bytes.fromhex((folder / probe).read_text())
    return keys


@contextmanager
def own_schema(database: str) -> Iterator[str]:
    """The same database with everything in a schema that is dropped at the end."""
    name = f"catflap_bench_{uuid.uuid4().hex[:12]}"
    engine = create_engine(make_url(database).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    try:
        yield make_url(database).update_query_dict({"options": f"-csearch_path={name}"}).render_as_string(hide_password=False)
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")


@dataclass(frozen=True, slots=True)
class _Run:
    alerts_per_s: float
    cpu_us: float
    acknowledged: int


def _run(url: str, keys: Mapping[str, bytes], server_pid: int, seconds: float) -> _Run:
    told, tell = _SPAWN.Pipe(duplex=False)
    # a run is a new start of every probe
    sending = _SPAWN.Process(target=sender.send, args=(url, keys, uuid.uuid4().hex[:16], WARM_UP_S, seconds, tell))
    sending.start()
    told.recv()
    before_s = _cpu_s(server_pid)
    sent: sender.Sent | str = told.recv()
    used_s = _cpu_s(server_pid) - before_s
    sending.join()
    if isinstance(sent, str):
        raise UserError(f"the sender stopped: {sent}")
    return _Run(sent.alerts / sent.seconds, used_s / max(sent.alerts, 1) * 1e6, sent.alerts)


def _cpu_s(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _median(runs: list[_Run]) -> Rate:
    return Rate(median(run.alerts_per_s for run in runs), median(run.cpu_us for run in runs))
