"""A database of either kind for tests that both must pass."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from catflap_host.store.database import Database, open_database
from tests import postgres

KINDS = ("sqlite", "postgres")


@contextmanager
def opened(request: pytest.FixtureRequest, folder: Path) -> Iterator[Database]:
    """A database of the kind that is the fixture's parameter; skips the test where there is no PostgreSQL to be had."""
    if request.param == "sqlite":
        with closing(open_database(folder)) as database:
            yield database
        return
    with postgres.fresh_schema(request.getfixturevalue("postgres_server")) as address, closing(open_database(folder, address)) as database:
        yield database
