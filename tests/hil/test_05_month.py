"""05: a month of recorded calls on two lines: verdicts byte for byte those of CPython, the heap flat, nothing lost, nothing broken."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.bench.figures import Figure
from tests.hil.conftest import Record, open_emulated
from tests.hil.month import Month, play
from tests.hil.prepare import Prepared

CALLS = {False: 12, True: 1000}
SEEDS = [pytest.param(seed, marks=pytest.mark.xdist_group(f"month-{seed}")) for seed in (7, 8)]
HEAP_BAR_KB = 150.0
FLAT_KB = 4.0
"""What a call under way adds."""


@pytest.fixture(scope="module", params=SEEDS)
def month(
    request: pytest.FixtureRequest, prepared: Callable[[], Prepared], is_long: bool, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Month]:
    """The month, with its seed as the test's parameter."""
    if request.param != SEEDS[0].values[0] and not is_long:
        pytest.skip("one short recording is enough here: make hil")
    with open_emulated(prepared) as board:
        folder: Path = tmp_path_factory.mktemp("month")
        yield play(board, CALLS[is_long], request.param, folder)


def test_verdicts_and_alarms_are_those_of_cpython(month: Month, request: pytest.FixtureRequest, record: Record) -> None:
    differ = sum(one != other for one, other in zip(month.rows, month.expected, strict=True))
    how = f"{len(month.rows)} recorded calls on two lines, against catflap replay --tables board on what the wires carried"
    assert month.alarms == month.expected_alarms
    record(Figure(f"parity.{request.node.callspec.params['month']}", differ, "rows that differ", 0, "lower", how))


def test_nothing_was_lost_or_broken(month: Month) -> None:
    assert month.resets == 0
    assert month.stats["overruns"] == [0, 0]
    assert month.stats["errors"] == []
    assert month.stats["flash"]["unmasked"] == 0
    told = [
        record for record in month.records if record["k"] in ("health", "drop") and record.get("what") not in ("modem-ready", "condition")
    ]
    assert told == []
    assert not [line for line in month.said if "MemoryError" in line]


def test_the_heap_is_small_and_flat(month: Month, request: pytest.FixtureRequest, record: Record, is_long: bool) -> None:
    in_use_kb = [int(text.split(" bytes of heap in use")[0].split()[-1]) / 1000 for text in _conditions(month)]
    if not is_long:
        pytest.skip("the board tells its condition once an hour: make hil")
    seed = request.node.callspec.params["month"]
    how = f"after {len(month.rows)} calls and {month.seconds / 3600:.1f} h, told by the board {len(in_use_kb)} times"
    record(Figure(f"heap.in-use.{seed}", in_use_kb[-1], "kB", HEAP_BAR_KB, "lower", how))
    grown_kb = max(in_use_kb[len(in_use_kb) // 2 :]) - max(in_use_kb[: len(in_use_kb) // 2])
    record(Figure(f"heap.growth.{seed}", round(grown_kb, 1), "kB", FLAT_KB, "lower", "most in the second half over most in the first"))
    busy = month.stats["busy_us"] / 1e4 / month.seconds
    record(Figure(f"core.busy.{seed}", round(busy, 2), "%", None, "lower", "of the time, on two lines"))
    flash = month.stats["flash"]
    how = f"{flash['erased']} erases; the block used most, {flash['wear']} times"
    record(Figure(f"flash.erases-a-call.{seed}", round(flash["erased"] / len(month.rows), 2), "erases", None, "lower", how))


def _conditions(month: Month) -> list[str]:
    return [record["detail"] for record in month.records if record.get("what") == "condition"]
