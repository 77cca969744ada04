"""The 100 real calls of 2018 through ptys to a probe on either runtime: verdicts, actions and stored alerts come out."""

import asyncio
import os
from collections.abc import Coroutine
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from catflap_host.api.masking import mask
from catflap_host.importers.callattendant import import_log
from catflap_models.plan import PlannedCall
from tests.e2e import runtimes
from tests.e2e.aggregator import Aggregator, running
from tests.exchange.imported_log import planned_calls, trunk_of
from tests.exchange.playing import play_to_probe
from tests.exchange.probe_config import write_json
from tests.exchange.probe_process import Runtime, cpython, micropython_unix
from tests.exchange.truth import CallTruth

DATA = os.environ.get("CATFLAP_DATA")
SPEED = 40


@dataclass(frozen=True)
class Played:
    """What became of the calls, what the probe counted, and what the aggregator then has."""

    calls: list[CallTruth]
    made: dict[str, int]
    stored: dict[str, int]
    rows: list[dict[str, Any]]


async def play(
    runtime: Runtime, aggregator: Aggregator, recording: Path, plan: list[PlannedCall], policy: Path
) -> tuple[list[CallTruth], dict[str, int]]:
    """The log from its first call to its last, before a probe of that runtime."""
    folder = aggregator.data_dir.parent
    settings = {"policy": str(policy), "uplink": {"url": aggregator.ingest, "key_file": str(folder / "played.key")}}
    return await play_to_probe(trunk_of(recording), plan, runtime, settings, folder, SPEED)


async def side_by_side(
    plays: list[Coroutine[Any, Any, tuple[list[CallTruth], dict[str, int]]]],
) -> list[tuple[list[CallTruth], dict[str, int]]]:
    """All at once, since it is waiting that takes their time."""
    return await asyncio.gather(*plays)


@dataclass(frozen=True)
class Log:
    """The numbers that the owner denies, and what became of the log on each runtime."""

    denied: list[str]
    played: dict[str, Played]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Log:
    folder = tmp_path_factory.mktemp("log")
    recording = folder / "recording"
    import_log(Path(str(DATA)) / "callattendant" / "calllog_2018-10.csv", recording)
    # the owner's own lists, as the log shows them: idle hours are shortened here, so detection alone is judged by a replay
    plan = planned_calls(recording, idle_s=14.0)
    denied = sorted({call.calling for call in plan if call.family == "Blocked" and call.calling})
    permitted = sorted({call.calling for call in plan if call.family == "Permitted"})
    lists = {"deny": [{"number": number} for number in denied], "allow": [{"number": number} for number in permitted]}
    policy = write_json({"catflap_policy": 1, **lists}, folder / "policy.json")
    found = [runtime for runtime in (cpython(), micropython_unix()) if runtime]
    with ExitStack() as ended:
        aggregators = []
        for runtime in found:
            (folder / runtime.name).mkdir()
            aggregators.append(ended.enter_context(running(folder / runtime.name / "data")))
            aggregators[-1].enrol("played")
        pairs = list(zip(found, aggregators, strict=True))
        days = asyncio.run(side_by_side([play(runtime, aggregator, recording, plan, policy) for runtime, aggregator in pairs]))
        return Log(
            denied,
            {
                runtime.name: Played(calls, made, aggregator.get("/summary")["records"], aggregator.get("/calls?limit=200"))
                for (runtime, aggregator), (calls, made) in zip(pairs, days, strict=True)
            },
        )


@pytest.mark.skipif(not DATA, reason="CATFLAP_DATA is unset: the real call log is not there")
@runtimes.BOTH
def test_the_real_log_is_decided_acted_on_and_stored(log: Log, runtime_name: str) -> None:
    day = log.played[runtimes.find(runtime_name).name]
    assert len(day.calls) == 100
    assert [call.outcome for call in day.calls if call.planned.family == "Permitted"].count("blocked") == 0
    assert {call.outcome for call in day.calls if call.planned.calling in log.denied} == {"blocked"}
    kinds = ("alert", "call", "end", "alarm")
    assert {kind: day.stored.get(kind, 0) for kind in kinds} == {kind: day.made[kind] for kind in kinds}
    assert day.made["end"] == 100
    blocked = [call.planned.calling for call in day.calls if call.outcome == "blocked"]
    assert sorted(row["calling"] for row in day.rows if row["action"] == "block") == sorted(map(mask, blocked))
