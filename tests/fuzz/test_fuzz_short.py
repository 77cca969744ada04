"""The short form of `python -m tests.fuzz`."""

from pathlib import Path

import pytest

from tests.fuzz.damage import WIRES, changed_by_a_slow_wire, changed_by_splitting, damaged, outcome
from tests.fuzz.noise import KINDS, calls_heard

CALLS = 400
SEED = 6


def test_splitting_changes_no_verdict(tmp_path: Path) -> None:
    assert changed_by_splitting(tmp_path, CALLS, SEED) == 0


def test_a_slow_wire_changes_no_verdict(tmp_path: Path) -> None:
    assert changed_by_a_slow_wire(tmp_path, CALLS, SEED) == 0


@pytest.mark.parametrize("name", WIRES)
def test_no_wire_invents_a_call_or_shows_one_twice(name: str, tmp_path: Path) -> None:
    found = outcome(damaged(tmp_path, WIRES[name], CALLS, SEED))
    assert found.invented == ()
    assert found.seen_twice == ()
    assert 0.8 * found.true < found.found <= found.true


@pytest.mark.parametrize("kind", KINDS)
def test_noise_is_no_call(kind: str, tmp_path: Path) -> None:
    assert calls_heard(tmp_path / "noise", kind, 2000, SEED) == []
