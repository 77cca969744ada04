"""The short form of `make crash`: database, broker and worker killed once each under load."""

import shutil
from pathlib import Path

import pytest

from tests.crash.kept import Kept
from tests.crash.sites import killed


@pytest.mark.skipif(shutil.which("mosquitto") is None and shutil.which("/usr/sbin/mosquitto") is None, reason="needs mosquitto")
def test_what_is_acknowledged_stays_whatever_is_killed(tmp_path: Path) -> None:
    found = killed("postgres.mqtt", tmp_path, 3)
    assert found.kills == {"database": 1, "broker": 1, "worker": 1}
    assert found.acknowledged > 0
    assert found.kept == Kept(stored=found.acknowledged, lost=0, twice=0, gaps=0, altered=0, miscounted=0)
