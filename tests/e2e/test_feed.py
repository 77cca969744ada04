"""A SIM bank's card that two towns have found out is stopped at its first call in a third, and a replay of that agrees."""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from catflap_models.plan import PlannedCall
from tests.e2e import runtimes
from tests.e2e.aggregator import Aggregator, enrol, running
from tests.exchange.cellular import SIMCOM
from tests.exchange.exchange import Exchange
from tests.exchange.probe_config import plugged_in, probe_config, write_json
from tests.exchange.probe_process import ProbeProcess, Runtime, modems_ready
from tests.exchange.trunk import Trunk, TrunkLine
from tests.neighbours_bundle import write_certain_bundle
from tests.probe_side import alert, batch, post
from tests.replay.recorded import Row, replayed, rows

TRUNK = Trunk("third-town", "CN", "010", "2026-03-02T08:00:00+08:00", (TrunkLine("L01", SIMCOM), TrunkLine("L02", SIMCOM)))
START_MS = int(datetime.fromisoformat(TRUNK.start).timestamp() * 1000)
CARDS = [f"1381234{place:04d}" for place in (417, 233, 981, 502, 76, 207)]
STRANGER = "13900001111"
TRIES = 10


def report(aggregator: Aggregator, probe: str, key: bytes, begun_ms: int) -> None:
    """A town's probe tells what it has heard: each card once, each on another line."""
    records = [
        alert(1, trunk=probe, line=f"L{place}", calling=number, at_ms=begun_ms + place * 60_000) for place, number in enumerate(CARDS)
    ]
    connection = aggregator.connect_ingest()
    status, _ = post(connection, batch(key, probe, 1, records))
    connection.close()
    assert status == 200


async def play(folder: Path, runtime: Runtime, aggregator: Aggregator) -> list[tuple[str, str]]:
    """The third town's probe hears a stranger, then a card until that is stopped; who called and how it ended."""
    write_certain_bundle(folder / "bundle")
    async with Exchange(TRUNK, speed=1, origin_ms=int(time.time() * 1000)) as exchange:
        tree = probe_config(TRUNK, "third", ["L01", "L02"], folder / "state")
        tree |= {"model": str(folder / "bundle"), "record": str(folder / "record")}
        tree["uplink"] = {"url": aggregator.ingest, "key_file": str(folder / "third.key")}
        path = write_json(plugged_in(tree, exchange), folder / "third.json")
        async with ProbeProcess(runtime, path, folder / "third.log") as probe:
            await modems_ready(exchange, [probe], 30.0)
            for number in [STRANGER, *[CARDS[0]] * TRIES]:
                exchange.play([PlannedCall(exchange.clock.now_s() + 0.2, 1, number, "shown", "", 1.5, None, 0.0, "simbank", "", "")])
                await exchange.quiet(30.0)
                if exchange.calls[-1].outcome == "blocked":
                    break
            await probe.stop()
    return [(call.planned.calling, call.outcome) for call in exchange.calls]


def verdicts(found: Sequence[Row], number: str) -> list[tuple[str, str, str]]:
    """Label, action and reasons of the calls of a number."""
    return [(row["label"], row["action"], row["reasons"]) for row in found if row["calling"] == number]


@runtimes.BOTH
def test_card_known_in_two_towns_is_stopped_in_the_third(tmp_path: Path, runtime_name: str) -> None:
    runtime = runtimes.find(runtime_name)
    keys = {probe: enrol(tmp_path / "data", probe) for probe in ("north", "south", "third")}
    with running(tmp_path / "data") as aggregator:
        report(aggregator, "north", keys["north"], START_MS - 7_200_000)
        report(aggregator, "south", keys["south"], START_MS - 3_600_000)
        outcomes = asyncio.run(play(tmp_path, runtime, aggregator))
        stored = sorted(aggregator.get("/calls?probe=third"), key=lambda row: row["call"])
    assert outcomes[0] == (STRANGER, "given-up") and outcomes[-1] == (CARDS[0], "blocked")
    (recording,) = (tmp_path / "record").iterdir()
    again = rows(replayed([recording], tmp_path / "again", "--bundle", str(tmp_path / "bundle"))[0])
    assert [(row["label"], row["action"], ";".join(row["reasons"])) for row in stored] == [
        (row["label"], row["action"], row["reasons"]) for row in again
    ]
    assert verdicts(again, STRANGER) == [("simbank", "label", "model.simbank")]
    assert verdicts(again, CARDS[0])[-1] == ("simbank", "block", "feed.pool;model.simbank")
    for path in recording.glob("*.cast"):
        path.write_text("".join(line for line in path.read_text().splitlines(keepends=True) if '"m", "feed=' not in line))
    alone = rows(replayed([recording], tmp_path / "alone", "--bundle", str(tmp_path / "bundle"))[0])
    assert {row["action"] for row in alone} == {"label"}
