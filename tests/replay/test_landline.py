"""The real landline of 2018: all calls decided, nothing that its owner permitted blocked, the same on both runtimes."""

import os
from pathlib import Path

import pytest

from catflap_host import micropython
from catflap_host.importers.callattendant import import_log
from tests.replay.recorded import joined, replayed, rows

pytestmark = pytest.mark.skipif("CATFLAP_DATA" not in os.environ, reason="CATFLAP_DATA names no folder of real data")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    import_log(Path(os.environ["CATFLAP_DATA"]) / "callattendant" / "calllog_2018-10.csv", tmp_path / "landline")
    return tmp_path / "landline"


def test_a_hundred_calls_and_no_permitted_one_blocked(folder: Path, tmp_path: Path) -> None:
    verdicts = rows(replayed([folder], tmp_path)[0])
    outcomes = rows((folder / "outcomes.csv").read_bytes())
    found = joined(verdicts, outcomes)
    assert [len(verdict) for verdict in found] == [1] * 100
    assert len(verdicts) == 100
    permitted = [verdict for (verdict,), outcome in zip(found, outcomes, strict=True) if outcome["action"] == "Permitted"]
    assert permitted
    assert [verdict for verdict in permitted if verdict["action"] == "block"] == []


@pytest.mark.skipif(micropython.find() is None, reason="no MicroPython for this machine")
@pytest.mark.parametrize("tables", ["linux", "board"])
def test_both_runtimes_agree(tables: str, folder: Path, tmp_path: Path) -> None:
    found = [replayed([folder], tmp_path / name, "--tables", tables, "--runtime", name) for name in ("cpython", "micropython")]
    assert found[0] == found[1]
