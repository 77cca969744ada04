"""The 100 real calls of 2018 through ptys to a probe on either runtime: verdicts, actions and stored alerts come out."""

import asyncio
import os
from pathlib import Path

import pytest

from catflap_host.api.masking import mask
from catflap_host.importers.callattendant import import_log
from tests.e2e import runtimes
from tests.e2e.aggregator import running
from tests.exchange.imported_log import planned_calls, trunk_of
from tests.exchange.playing import play_to_probe
from tests.exchange.probe_config import write_json

DATA = os.environ.get("CATFLAP_DATA")


@pytest.mark.skipif(not DATA, reason="CATFLAP_DATA is unset: the real call log is not there")
@runtimes.BOTH
def test_the_real_log_is_decided_acted_on_and_stored(tmp_path: Path, runtime_name: str) -> None:
    runtime = runtimes.find(runtime_name)
    folder = tmp_path / "recording"
    import_log(Path(str(DATA)) / "callattendant" / "calllog_2018-10.csv", folder)
    # the owner's own lists, as the log shows them: idle hours are shortened here, so detection alone is judged by a replay
    plan = planned_calls(folder, idle_s=14.0)
    denied = sorted({call.calling for call in plan if call.family == "Blocked" and call.calling})
    permitted = sorted({call.calling for call in plan if call.family == "Permitted"})
    lists = {"deny": [{"number": number} for number in denied], "allow": [{"number": number} for number in permitted]}
    policy = write_json({"catflap_policy": 1, **lists}, tmp_path / "policy.json")
    with running(tmp_path / "data") as aggregator:
        aggregator.enrol("played")
        settings = {"policy": str(policy), "uplink": {"url": aggregator.ingest, "key_file": str(tmp_path / "played.key")}}
        calls, made = asyncio.run(play_to_probe(trunk_of(folder), plan, runtime, settings, tmp_path, speed=60))
        stored = aggregator.get("/summary")["records"]
        rows = aggregator.get("/calls?limit=200")
    assert len(calls) == 100
    assert [call.outcome for call in calls if call.planned.family == "Permitted"].count("blocked") == 0
    assert {call.outcome for call in calls if call.planned.calling in denied} == {"blocked"}
    assert {kind: stored.get(kind, 0) for kind in ("alert", "call", "end", "alarm")} == {
        kind: made[kind] for kind in ("alert", "call", "end", "alarm")
    }
    assert made["end"] == 100
    blocked = [call.planned.calling for call in calls if call.outcome == "blocked"]
    assert sorted(row["calling"] for row in rows if row["action"] == "block") == sorted(map(mask, blocked))
