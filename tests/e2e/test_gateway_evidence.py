"""What one board's lines have seen counts on another's, while its phone rings, and comes out of a replay again."""

import asyncio
import signal
import time
from collections.abc import Callable
from pathlib import Path

from catflap_models.plan import PlannedCall
from tests.e2e import runtimes
from tests.e2e.aggregator import Aggregator, enrol, running
from tests.e2e.gateway import GatewayProcess, UsbLink, gateway_config
from tests.exchange.cellular import SIMCOM
from tests.exchange.exchange import Exchange
from tests.exchange.probe_config import plugged_in, probe_config, write_json
from tests.exchange.probe_process import ProbeProcess, Runtime, cpython, modems_ready
from tests.exchange.trunk import Trunk, TrunkLine
from tests.neighbours_bundle import write_neighbours_bundle
from tests.replay.recorded import Row, replayed, rows

TRUNK = Trunk("beijing", "CN", "010", "2026-03-02T08:00:00+08:00", tuple(TrunkLine(f"L{n:02d}", SIMCOM) for n in range(1, 5)))
POOL = [f"1381234{suffix:04d}" for suffix in (417, 233, 981, 1502, 76, 2207, 666, 1290, 845, 38)]
"""Cards of one bank: all call board A, then the first of them call board B."""

TRIES = 4
"""A busy machine may answer one question too late; fewer cards than these make no pool by themselves."""


async def play(
    folder: Path, runtime: Runtime, aggregator: Aggregator, cut: Callable[[UsbLink], Callable[[bytes], bytes]] | None
) -> list[str]:
    """Plays the bank's calls in real time; those to B end with the first that is stopped. How each of B's calls ended.

    `cut` makes what B's link does to bytes while it is called.
    """
    write_neighbours_bundle(folder / "bundle")
    boards = {"board-a": (cpython(), ["L01", "L02", "L03"]), "board-b": (runtime, ["L04"])}
    async with Exchange(TRUNK, speed=1, origin_ms=int(time.time() * 1000)) as exchange:
        links = {board: UsbLink(folder / "usb", board) for board in boards}
        probes = []
        for board, (board_runtime, lines) in boards.items():
            tree = probe_config(TRUNK, board, lines, folder / f"{board}-state")
            tree |= {"model": str(folder / "bundle"), "uplink": links[board].uplink(folder / f"{board}.key"), "record": str(folder / board)}
            path = write_json(plugged_in(tree, exchange), folder / f"{board}.json")
            probes.append(ProbeProcess(board_runtime, path, folder / f"{board}.log"))
        config = gateway_config(TRUNK, aggregator.ingest, folder, tells_time=False)
        async with probes[0], probes[1], GatewayProcess(config, folder) as gateway:
            await modems_ready(exchange, probes, 30.0)
            await gateway.says("board-a on")
            await gateway.says("board-b on")
            now_s = exchange.clock.now_s() + 0.5
            exchange.play(call(now_s + 0.6 * n, n % 3, number) for n, number in enumerate(POOL))
            await exchange.quiet(30.0)
            if cut is not None:
                links["board-b"].noise = cut(links["board-b"])
            for number in POOL[: TRIES if cut is None else 1]:
                exchange.play([call(exchange.clock.now_s() + 0.2, 3, number)])
                await exchange.quiet(30.0)
                if exchange.calls[-1].outcome == "blocked":
                    break
            links["board-b"].noise = bytes
            if not links["board-b"].gateway_end.is_plugged:
                links["board-b"].gateway_end.plug()
            for probe in probes:
                await probe.stop()
            await gateway.end(signal.SIGTERM)
        for link in links.values():
            link.close()
    return [call.outcome for call in exchange.calls if call.line == "L04"]


def call(t_s: float, line: int, calling: str) -> PlannedCall:
    return PlannedCall(t_s, line, calling, "shown", "", 1.5, None, 0.0, "simbank", "", "")


def heard_by_b(folder: Path, aggregator: Aggregator) -> tuple[list[dict[str, object]], list[Row], list[Row]]:
    """B's calls as the aggregator has them, as a replay of B's recording has them, and as a replay without the marks has them."""
    stored = sorted(aggregator.get("/calls?probe=board-b"), key=lambda row: row["call"])
    (recording,) = (folder / "board-b").iterdir()
    alone = folder / "alone"
    alone.mkdir()
    for path in recording.iterdir():
        lines = path.read_text().splitlines(keepends=True)
        (alone / path.name).write_text("".join(line for line in lines if '"m", "evidence=' not in line))
    again = rows(replayed([recording], folder / "again", "--bundle", str(folder / "bundle"))[0])
    by_itself = rows(replayed([alone], folder / "by-itself", "--bundle", str(folder / "bundle"))[0])
    return stored, again, by_itself


def verdict(row: dict[str, object] | Row) -> tuple[object, ...]:
    """The fields of a verdict, from a row of a replay or a call of the aggregator."""
    score = row["score"]
    reasons = row["reasons"]
    text = reasons if isinstance(reasons, str) else ";".join(str(reason) for reason in reasons)  # type: ignore[attr-defined]
    return row["label"], score if isinstance(score, int) else round(float(str(score)) * 10000), row["action"], text


@runtimes.BOTH
def test_a_pool_seen_by_one_board_is_stopped_by_another_and_the_replay_agrees(tmp_path: Path, runtime_name: str) -> None:
    runtime = runtimes.find(runtime_name)
    for board in ("board-a", "board-b"):
        enrol(tmp_path / "data", board)
    with running(tmp_path / "data") as aggregator:
        outcomes = asyncio.run(play(tmp_path, runtime, aggregator, None))
        stored, again, by_itself = heard_by_b(tmp_path, aggregator)
    assert outcomes[-1] == "blocked"
    assert [verdict(row) for row in stored] == [verdict(row) for row in again]
    assert (again[-1]["label"], again[-1]["action"]) == ("simbank", "block")
    assert again[-1]["reasons"].split(";") == ["pool.neighbours", "model.simbank", "gateway.evidence"]
    assert {(row["label"], row["action"]) for row in by_itself} == {("legit", "allow")}


def unplugged_at_the_question(link: UsbLink) -> Callable[[bytes], bytes]:
    def passes(data: bytes) -> bytes:
        if b"^Q " in data:
            link.gateway_end.unplug()
        return data

    return passes


@runtimes.BOTH
def test_a_gateway_unplugged_in_mid_question_costs_the_board_nothing(tmp_path: Path, runtime_name: str) -> None:
    runtime = runtimes.find(runtime_name)
    for board in ("board-a", "board-b"):
        enrol(tmp_path / "data", board)
    with running(tmp_path / "data") as aggregator:
        outcomes = asyncio.run(play(tmp_path, runtime, aggregator, unplugged_at_the_question))
        (stored,), (again,), (by_itself,) = heard_by_b(tmp_path, aggregator)
        records = aggregator.get("/summary")["records"]
    assert outcomes == ["given-up"]
    assert verdict(stored) == verdict(again) == verdict(by_itself)
    assert again == by_itself
    # a decision that waited for an answer would have come later than the number
    assert int(str(stored["decided_ms"])) - int(str(stored["at_ms"])) == round(1000 * (float(again["decided_at"]) - float(again["t"])))
    assert records["end"] == len(POOL) + 1
