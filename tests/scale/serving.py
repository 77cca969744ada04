"""A running aggregator over a database that is there, what it holds in memory, and an administrator who asks it."""

import http.client
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from catflap_host.access import entering, users
from catflap_host.access.roles import Role
from catflap_host.store.database import open_database
from tests.e2e.aggregator import Aggregator, running

USER = "measurer"


@dataclass(frozen=True, slots=True)
class Served:
    """The aggregator, and what shows its console who asks."""

    aggregator: Aggregator
    headers: dict[str, str]

    def resident_mb(self) -> float:
        """Memory of its process that is in use, in units of 1,000,000 bytes."""
        text = Path(f"/proc/{self.aggregator.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+([0-9]+) kB", text)
        assert found
        return int(found[1]) * 1024 / 1e6

    def page(self, connection: http.client.HTTPConnection, path: str) -> bytes:
        """What it answers."""
        connection.request("GET", path, headers=self.headers)
        response = connection.getresponse()
        body = response.read()
        assert response.status == 200, (path, response.status, body[:200])
        return body


@contextmanager
def served(data_dir: Path, database: str) -> Iterator[Served]:
    """Start it; `database` is the address of a PostgreSQL, empty for SQLite in `data_dir`."""
    with closing(open_database(data_dir, database)) as opened:
        if not users.any_user(opened):
            with opened.write() as connection:
                users.add(connection, USER, Role.ADMINISTRATOR, False, None)
        token = entering.issue_token(opened, USER, "measuring", 1)
    options = ["--database", database] if database else []
    with running(data_dir, options, with_user=False) as aggregator:
        yield Served(aggregator, {"Authorization": f"Bearer {token}"})
