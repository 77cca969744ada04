"""Simulated trunks of one city, called by the same people and the same SIM bank, as their probes would report them, with the truth."""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from heapq import merge
from pathlib import Path

from boards.linux.litert import open_classifier
from catflap_host.bundles import released_bundle
from catflap_models.plan import PlannedCall
from catflap_models.simulate.honest import FAMILIES
from catflap_models.simulate.scenario import CalledTrunk, Campaign, Honest, Modems, Scenario
from catflap_models.simulate.world import held_s, planned_calls
from catflap_models.simulate.writer import write_calls
from catflap_probe.replay import ALARM_HEADER, VERDICT_HEADER, replay
from catflap_probe.verdict.bundle import load
from catflap_probe.verdict.numbering import check
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.trunk_plan import TrunkPlan

CLEAR_S = 2.0
START_MS = int(datetime.fromisoformat(CalledTrunk("", 1).start).timestamp() * 1000)
PLAN = TrunkPlan("CN", "010", "subscriber")


@dataclass(frozen=True)
class City:
    """What is planted: `sites` trunks of `lines` lines each. Half of the honest calls are of people who know all trunks alike."""

    seed: int
    sites: int = 3
    lines: int = 12
    days: int = 10
    calls_a_line: float = 6.0
    campaigns: tuple[Campaign, ...] = ()
    start: str = CalledTrunk("", 1).start


@dataclass
class Reported:
    """What the probes reported, as (probe, record) in order of time; by number what it really was: label, and family or campaign."""

    records: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    truth: dict[str, tuple[str, str]] = field(default_factory=dict)

    def bank(self) -> set[str]:
        """The numbers of all banks, as the lines show them."""
        return {number for number, (label, _) in self.truth.items() if label == "simbank"}


def plant(city: City, folder: Path) -> Reported:
    """Simulates, records and replays the city with the released bundle."""
    return _report(record(city, folder))


def record(city: City, folder: Path) -> list[Path]:
    """Simulates the city and records it, a folder a site."""
    own = Honest(city.calls_a_line / 2 * city.lines, FAMILIES)
    everybody = Honest(city.calls_a_line / 2 * city.lines * city.sites, FAMILIES)
    modems = Modems(cellular_share=1.0)
    whole = Scenario(
        city.seed, CalledTrunk("city", city.sites * city.lines, start=city.start), city.days, everybody, city.campaigns, modems
    )
    shared: dict[int, list[PlannedCall]] = defaultdict(list)
    for call in planned_calls(whole):
        site, line = divmod(call.line, city.lines)
        shared[site].append(replace(call, line=line))
    folders = []
    for site in range(city.sites):
        trunk = CalledTrunk(f"site-{site + 1}", city.lines, start=city.start)
        alone = Scenario(city.seed * 100 + site, trunk, city.days, own, (), modems)
        folders.append(folder / trunk.id)
        write_calls(alone, _free(merge(shared[site], planned_calls(alone), key=_order), city.lines), folders[-1])
    return folders


def _order(call: PlannedCall) -> tuple[float, int, str]:
    return call.t_s, call.line, call.calling


def _free(calls: Iterator[PlannedCall], lines: int) -> Iterator[PlannedCall]:
    """Those that find their line free."""
    free_s = [0.0] * lines
    for call in calls:
        if call.t_s >= free_s[call.line]:
            free_s[call.line] = call.t_s + held_s(call) + CLEAR_S
            yield call


def _report(folders: Sequence[Path]) -> Reported:
    found = Reported()
    labels = _Labels(folders)
    timed: list[tuple[int, int, str, dict[str, object]]] = []
    numbers: dict[str, int] = defaultdict(int)

    def emit(kind: str, key: tuple[int, int], text: str) -> None:
        if kind == "row":
            row = dict(zip(VERDICT_HEADER.split(","), next(csv.reader([text])), strict=True))
            numbers[row["trunk"]] += 1
            record = _call(row)
            timed.append((int(float(row["decided_at"]) * 1000), 0, row["trunk"], record))
            truth = labels.of(row)
            if truth and row["calling"] and row["direction"] == "in":
                found.truth[row["calling"]] = truth
        elif kind == "alarm":
            row = dict(zip(ALARM_HEADER.split(","), next(csv.reader([text])), strict=True))
            timed.append((int(float(row["t"]) * 1000), 1, row["trunk"], _alarm(row)))

    replay([str(folder) for folder in folders], "linux", "", load(str(released_bundle()), open_classifier), emit)
    timed.sort(key=lambda entry: entry[:3])
    found.records = [(probe, record) for _, _, probe, record in timed]
    return found


class _Labels:
    """The truth of recorded calls, found by line and moment."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._found: dict[tuple[str, str, str], tuple[str, str]] = {}
        for folder in folders:
            with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    truth = row["label"], row["campaign"] or row["family"]
                    self._found[folder.name, row["line"], f"{float(row['t']):.1f}"] = truth

    def of(self, row: dict[str, str]) -> tuple[str, str] | None:
        """Label, and family or campaign, of the call of a verdict."""
        return self._found.get((row["trunk"], row["line"], f"{float(row['t']):.1f}"))


def _call(row: dict[str, str]) -> dict[str, object]:
    checked = check(row["calling"], PLAN, OwnNumbers([], PLAN))
    label, action = row["label"], row["action"]
    return {
        "k": "call" if label == "legit" and action == "allow" else "alert",
        "trunk": row["trunk"],
        "line": row["line"],
        "call": int(row["call"]),
        "at_ms": START_MS + round(float(row["t"]) * 1000),
        "direction": row["direction"],
        "calling": row["calling"],
        "presentation": row["presentation"],
        "number_kind": checked.kind_word(),
        "country": checked.country,
        "called": row["called"],
        "label": label,
        "score": round(float(row["score"]) * 10000),
        "action": action,
        "reasons": row["reasons"].split(";"),
    }


def _alarm(row: dict[str, str]) -> dict[str, object]:
    return {
        "k": "alarm",
        "trunk": row["trunk"],
        "alarm": row["alarm"],
        "at_ms": START_MS + round(float(row["t"]) * 1000),
        "kind": row["kind"],
        "members": row["members"].split(";"),
        "score": round(float(row["score"]) * 10000),
        "reasons": row["reasons"].split(";"),
    }
