"""What tests of every folder share."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests import postgres

# no verdict hangs on how busy the machine is
settings.register_profile("catflap", deadline=None)
settings.load_profile("catflap")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL; skips the test where there is none to be had."""
    with postgres.server() as address:
        yield address
