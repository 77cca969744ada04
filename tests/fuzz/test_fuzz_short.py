"""The short form of `python -m tests.fuzz`."""

from pathlib import Path

import pytest

from tests.exchange.faults import Faults
from tests.fuzz.damage import changed_by_a_slow_wire, changed_by_splitting, damaged, outcome


def test_splitting_changes_no_verdict(tmp_path: Path) -> None:
    assert changed_by_splitting(tmp_path, 300, 6) == 0


def test_a_slow_wire_changes_no_verdict(tmp_path: Path) -> None:
    assert changed_by_a_slow_wire(tmp_path, 300, 6) == 0


@pytest.mark.parametrize(
    "faults", [Faults(bytes_lost=0.2), Faults(garbage=0.5), Faults(bytes_lost=0.2, garbage=0.5, split_bytes=True)], ids=str
)
def test_a_bad_wire_invents_no_call(faults: Faults, tmp_path: Path) -> None:
    found = outcome(damaged(tmp_path, faults, 300, 6))
    assert found.invented == 0
    assert 0 < found.found <= found.true
