"""What tests of every folder share."""

import sys
from collections.abc import Iterator, Sequence

import pytest
from argon2 import PasswordHasher
from hypothesis import settings

from catflap_host.access import passwords
from catflap_host.store import migrate
from tests import postgres
from tests.e2e import aggregator
from tests.e2e.nursery import Born, Nursery
from tests.laid import lay_by_what_was_run

# no verdict hangs on how busy the machine is
settings.register_profile("catflap", deadline=None)
settings.load_profile("catflap")

HASHER, UPGRADE = passwords._hasher, migrate._upgrade


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL; skips the test where there is none to be had."""
    with postgres.server() as address:
        yield address


@pytest.fixture(scope="session", autouse=True)
def quickly_set_up() -> Iterator[None]:
    """Passwords are hashed at the least cost and tables laid by what was run before, in this process alone; `in_full` takes it back."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        lay_by_what_was_run(patched)
        yield


@pytest.fixture(scope="session", autouse=True)
def quickly_started() -> Iterator[None]:
    """Aggregators are born in a nursery, which is there once the first is asked for."""
    nurseries: list[Nursery] = []

    def born(words: Sequence[str]) -> Born:
        if not nurseries:
            nurseries.append(Nursery())
        return nurseries[0].start(words)

    with pytest.MonkeyPatch.context() as patched:
        # its messages keep their bounds on Linux alone
        if sys.platform == "linux":
            patched.setattr(aggregator, "start", born)
        yield
    for nursery in nurseries:
        nursery.close()


@pytest.fixture
def in_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords cost what they do outside the tests, and each new database is laid by the revisions."""
    monkeypatch.setattr(passwords, "_hasher", HASHER)
    monkeypatch.setattr(migrate, "_upgrade", UPGRADE)
