"""The databases that tests of the store run on, one after the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from catflap_host.store.database import Database, open_database
from tests import postgres


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """The database that the test runs on: none named is SQLite."""
    if request.param == "sqlite":
        yield ""
        return
    with postgres.fresh_schema(request.getfixturevalue("postgres_server")) as address:
        yield address


@pytest.fixture
def database(address: str, tmp_path: Path) -> Iterator[Database]:
    """A fresh one, its keys in `tmp_path`."""
    database = open_database(tmp_path, address)
    yield database
    database.close()
