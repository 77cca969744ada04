"""The second simulated world: reproducible, a recording by the contract, complete, possible, independent of the first."""

import ast
import csv
import json
import os
import subprocess
import sys
from bisect import bisect_left
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

import catflap_models.other_world
from catflap_models.other_world.analogue import AnalogueModem
from catflap_models.other_world.cellular import CellularModem
from catflap_models.other_world.digits import FALSE_FORMS
from catflap_models.other_world.exchange import Exchange
from catflap_models.other_world.modems import Report, Ringing
from catflap_models.other_world.nuisances import BAIT, FLOODS, PITCHES
from catflap_models.other_world.recording import write_other_recording
from catflap_models.other_world.sim_boxes import KINDS
from catflap_models.other_world.steps import DAY_S, Dial, Outcome
from catflap_models.other_world.tape import Tape
from catflap_probe.call import LABELS
from catflap_probe.replay import VERDICT_HEADER, replay
from catflap_probe.verdict.numbering import check
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.plausibility import IMPOSSIBLE
from catflap_probe.verdict.trunk_plan import TrunkPlan

JOIN_S = 2.0
SEEDS = (1, 2, 3, 4, 5, 6, 7)
"""Three kinds of SIM box each: all kinds once."""
LINES, DAYS = 8, 12
LEGIT = {
    "acquaintance", "beat-rider", "clinic", "company-range", "house-calls-out", "parcel-courier", "repair-visit", "ride-driver",
    "round-call", "rush", "site-gang", "spoken-code", "walk-in", "welcome-seller", "wrong-number",
}  # fmt: skip

Row = dict[str, str]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    base = tmp_path_factory.mktemp("other")
    for seed in SEEDS:
        assert write_other_recording(seed, LINES, DAYS, base / str(seed)) == len(labels(base / str(seed)))
    return [base / str(seed) for seed in SEEDS]


def labels(folder: Path) -> list[Row]:
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def verdicts(folder: Path) -> list[Row]:
    found: list[Row] = []
    notes: list[str] = []

    def emit(kind: str, _key: tuple[int, int], text: str) -> None:
        if kind == "row":
            found.append(dict(zip(VERDICT_HEADER.split(","), next(csv.reader([text])), strict=True)))
        elif kind == "note":
            notes.append(text)

    replay([str(folder)], "linux", "", None, emit)
    assert notes == []
    return found


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("hash_seed", ["0", "4711"])
def test_the_same_seed_gives_the_same_bytes_whatever_the_process(hash_seed: str, folders: list[Path], tmp_path: Path) -> None:
    script = (
        "from pathlib import Path; from catflap_models.other_world.recording import write_other_recording;"
        f"write_other_recording({SEEDS[0]}, {LINES}, {DAYS}, Path({str(tmp_path)!r}))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", script], check=True, env=environment)
    assert contents(tmp_path) == contents(folders[0])


def test_another_seed_gives_another_world(folders: list[Path]) -> None:
    worlds = [tuple(row["calling"] for row in labels(folder)) for folder in folders]
    assert len(set(worlds)) == len(SEEDS)


@pytest.mark.parametrize("place", range(len(SEEDS)))
def test_the_probe_finds_every_labelled_call_once_and_no_other(place: int, folders: list[Path]) -> None:
    truth = defaultdict(list)
    for row in labels(folders[place]):
        truth[row["line"]].append(row)
    found = defaultdict(list)
    for row in verdicts(folders[place]):
        found[row["line"]].append(row)
    assert found.keys() == truth.keys()
    for line, rows in truth.items():
        rows.sort(key=lambda row: float(row["t"]))
        found[line].sort(key=lambda row: float(row["t"]))
        assert len(found[line]) == len(rows)
        times = [float(row["t"]) for row in found[line]]
        for number, row in enumerate(rows):
            t_s = float(row["t"])
            assert abs(times[number] - t_s) <= JOIN_S
            assert bisect_left(times, t_s + JOIN_S) - bisect_left(times, t_s - JOIN_S) == 1
            assert (found[line][number]["calling"], found[line][number]["direction"]) == (row["calling"], row["direction"])


def test_numbers_that_cannot_be_are_labelled_spoof_and_no_others(folders: list[Path]) -> None:
    for folder in folders:
        tree = json.loads((folder / "trunk.json").read_text(encoding="utf-8"))
        plan = TrunkPlan(tree["country"], tree["area_code"], tree["role"])
        own = {line["id"]: OwnNumbers(line["numbers"], plan) for line in tree["lines"]}
        for row in labels(folder):
            if row["direction"] == "in" and row["calling"]:
                is_impossible = check(row["calling"], plan, own[row["line"]]).verdict == IMPOSSIBLE
                assert is_impossible == (row["label"] == "spoof"), row


def test_every_label_and_family_occurs(folders: list[Path]) -> None:
    rows = [row for folder in folders for row in labels(folder)]
    assert {row["label"] for row in rows} == set(LABELS)
    boxes = {f"box-{selector}-{numbering}" for selector, numbering in KINDS}
    false = {f"false-{form}" for form in FALSE_FORMS}
    assert {row["family"] for row in rows} == LEGIT | boxes | false | set(BAIT) | set(FLOODS) | set(PITCHES)


def test_campaigns_keep_off_the_quiet_days_and_have_names_of_their_own(folders: list[Path]) -> None:
    for folder in folders:
        kinds = defaultdict(set)
        for row in labels(folder):
            assert row["label"] == "legit" or float(row["t"]) >= DAYS // 3 * DAY_S
            assert (row["campaign"] == "") == (row["label"] in ("legit", "spoof"))
            if row["campaign"]:
                kinds[row["campaign"]].add((row["label"], row["family"]))
        assert all(len(kind) == 1 for kind in kinds.values())


def test_a_line_is_never_in_two_calls(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    calls: dict[Tape, list[tuple[float, float]]] = defaultdict(list)
    for modem in (AnalogueModem, CellularModem):
        for name in ("ring", "dial"):
            original = getattr(modem, name)

            def witnessed(self: object, tape: Tape, call: Ringing, *rest: object, original: object = original) -> Report | None:
                calls[tape].append((call.t_s, call.over_s))
                return original(self, tape, call, *rest)  # type: ignore[operator, no-any-return]

            monkeypatch.setattr(modem, name, witnessed)
    write_other_recording(SEEDS[1], LINES, DAYS, tmp_path)
    assert len(calls) == LINES
    for spans in calls.values():
        assert len(spans) > DAYS
        assert all(over_s < t_s for (_, over_s), (t_s, _) in pairwise(spans))


def test_a_sim_card_makes_one_call_at_a_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    spans: dict[str, list[tuple[float, float]]] = defaultdict(list)
    original = Exchange.put_through

    def witnessed(self: Exchange, dial: Dial, now_s: float) -> Outcome:
        outcome = original(self, dial, now_s)
        if dial.truth.label == "simbank":
            spans[dial.who.digits].append((now_s, outcome.over_s))
        return outcome

    monkeypatch.setattr(Exchange, "put_through", witnessed)
    write_other_recording(SEEDS[2], LINES, DAYS, tmp_path)
    busiest = max(spans.values(), key=len)
    assert len(busiest) > 1
    assert all(over_s < t_s for card in spans.values() for (_, over_s), (t_s, _) in pairwise(card))


def test_it_needs_a_line_and_a_day(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a line and a day"):
        write_other_recording(1, 0, 3, tmp_path)


def test_it_imports_nothing_but_itself_and_the_standard_library() -> None:
    sources = sorted(Path(next(iter(catflap_models.other_world.__path__))).glob("*.py"))
    assert len(sources) > 5
    for source in sources:
        for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert {name.name.split(".")[0] for name in node.names} <= sys.stdlib_module_names, source
            elif isinstance(node, ast.ImportFrom):
                module = (node.module or "").split(".")[0]
                assert node.level == 1 or (node.level == 0 and module in sys.stdlib_module_names), source
