"""Recordings made in virtual time: their form, their labels and that a seed gives the same bytes."""

import csv
import json
import random
from collections.abc import Iterator
from pathlib import Path

from catflap_models.plan import PlannedCall
from tests.exchange.families import FAMILIES
from tests.exchange.faults import Faults
from tests.exchange.recording import record
from tests.exchange.trunk import Trunk, TrunkLine
from tests.exchange.truth import CallTruth

TRUNK = Trunk(
    id="beijing-7",
    country="CN",
    area_code="010",
    start="2026-03-02T00:00:00+08:00",
    lines=tuple(
        TrunkLine(f"L{n:02d}", family, (f"010623456{n:02d}",), Faults(bytes_lost=0.01), has_call_waiting=True)
        for n, family in enumerate(FAMILIES.values(), 1)
    ),
)


def plan(seed: int, count: int) -> Iterator[PlannedCall]:
    rng, t_s = random.Random(seed), 5.0
    for _ in range(count):
        t_s += rng.expovariate(1 / 2)
        calling = f"139{rng.randrange(10**8):08d}"
        yield PlannedCall(
            t_s, rng.randrange(len(FAMILIES)), calling, "shown", "", 30.0, rng.choice([None, 9.0]), 40.0, "legit", "stranger", ""
        )


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        record(TRUNK, plan(4, 800), tmp_path / name, seed)
    assert files(tmp_path / "a") == files(tmp_path / "b")
    assert files(tmp_path / "a") != files(tmp_path / "c")


def test_every_call_written_has_its_label_at_its_first_byte(tmp_path: Path) -> None:
    count = record(TRUNK, plan(4, 800), tmp_path)
    trunk = json.loads((tmp_path / "trunk.json").read_text())
    events = {}
    for line in trunk["lines"]:
        header, *rows = (tmp_path / line["file"]).read_text().splitlines()
        assert json.loads(header)["timestamp"] == 1772380800
        events[line["id"]] = [json.loads(row) for row in rows]
        times = [event[0] for event in events[line["id"]]]
        assert times == sorted(times)
    with (tmp_path / "labels.csv").open(newline="") as file:
        labels = list(csv.DictReader(file))
    assert len(labels) == count > 500
    assert {row["line"] for row in labels} == set(events)
    for row in labels:
        assert any(event[0] == float(row["t"]) and event[1] == "o" for event in events[row["line"]])


def test_a_waiting_call_that_the_modem_tells_of_has_its_label(tmp_path: Path) -> None:
    calls: list[CallTruth] = []
    record(TRUNK, plan(4, 800), tmp_path, 0, calls)
    with (tmp_path / "labels.csv").open(newline="") as file:
        labelled = {(row["line"], row["calling"]) for row in csv.DictReader(file)}
    waited = [call for call in calls if call.waited]
    told = [call for call in waited if call.reported_s is not None]
    assert len(told) > 20
    assert len(told) < len(waited), "most analogue modems tell nothing of them"
    assert all((call.line, call.shown) in labelled for call in told)
    assert {call.outcome for call in waited} == {"answered", "given-up"}
