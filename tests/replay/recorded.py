"""Recordings for the replay tests: a planned world played into a folder, and the verdicts that `catflap replay` gives."""

import csv
import json
import random
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

from catflap_host.cli import main
from catflap_models.honest import Trunk as World
from catflap_models.plan import PlannedCall
from catflap_models.world import plan
from tests.exchange.families import COMMON
from tests.exchange.family import Family
from tests.exchange.faults import NO_FAULTS, Faults
from tests.exchange.recording import record
from tests.exchange.trunk import Trunk, TrunkLine

START = "2026-03-02T00:00:00+08:00"
LEAD_S = 10.0
"""Caller ID is switched on before the first call comes."""
JOIN_S = 2.0
"""A verdict belongs to a label at most this far from it."""

MIN_TALK_S = 10.0
"""Nobody waits during a shorter talk."""

Row = dict[str, str]


def mixed_trunk(lines: int, faults: Faults = NO_FAULTS, families: Sequence[Family] = COMMON, has_call_waiting: bool = False) -> Trunk:
    """A trunk in Beijing whose lines take modem families in turn."""
    return Trunk(
        "beijing-7",
        "CN",
        "010",
        START,
        tuple(
            TrunkLine(f"L{n:02d}", families[n % len(families)], faults=faults, has_call_waiting=has_call_waiting)
            for n in range(1, lines + 1)
        ),
    )


def planned_calls(lines: int, days: int, seed: int, count: int) -> Iterator[PlannedCall]:
    """The first `count` calls of a planned world."""
    calls = islice(plan(World(lines, "CN", "010"), days, seed), count)
    return (replace(call, t_s=call.t_s + LEAD_S) for call in calls)


def with_waiting_calls(plan: Iterable[PlannedCall], seed: int, share: float = 0.3) -> Iterator[PlannedCall]:
    """The plan, and during `share` of its longer talks a second caller, who would ring as long as any."""
    rng = random.Random(seed)
    to_come: list[PlannedCall] = []
    for call in plan:
        while to_come and to_come[0].t_s <= call.t_s:
            yield to_come.pop(0)
        yield call
        if call.answer_s is not None and call.answer_s < call.patience_s and call.talk_s > MIN_TALK_S and rng.random() < share:
            begun_s = call.t_s + call.answer_s + rng.uniform(2.0, call.talk_s - 2.0)
            second = replace(call, t_s=begun_s, calling=f"139{rng.randrange(10**8):08d}", presentation="shown", name="")
            to_come = sorted([*to_come, replace(second, patience_s=rng.uniform(5.0, 40.0))], key=lambda call: call.t_s)
    yield from to_come


def record_world(folder: Path, lines: int = 4, days: int = 3, seed: int = 6, count: int = 400, faults: Faults = NO_FAULTS) -> Path:
    """A recording of a planned world; returns its folder."""
    record(mixed_trunk(lines, faults), planned_calls(lines, days, seed, count), folder, seed)
    return folder


def replayed(folders: Sequence[Path], out: Path, *options: str) -> tuple[bytes, bytes]:
    """The bytes of the verdict and the alarm file of `catflap replay`; fails the test where it does not end well."""
    out.mkdir(parents=True, exist_ok=True)
    verdicts, alarms = out / "verdicts.csv", out / "alarms.csv"
    assert main(["replay", *map(str, folders), "--verdicts", str(verdicts), "--alarms", str(alarms), *options]) == 0
    return verdicts.read_bytes(), alarms.read_bytes()


def rows(data: bytes) -> list[Row]:
    """The rows of a CSV file's bytes."""
    return list(csv.DictReader(data.decode().splitlines()))


def labels(folder: Path) -> list[Row]:
    """The rows of a recording's labels.csv."""
    return rows((folder / "labels.csv").read_bytes())


def events(folder: Path, line: str) -> list[tuple[float, str]]:
    """(second, text) of everything that the modem of a line wrote."""
    written = [json.loads(text) for text in (folder / f"{line}.cast").read_text().splitlines()[1:]]
    return [(event[0], event[2]) for event in written if event[1] == "o"]


def split_at_every_byte(folder: Path, split: Path) -> Path:
    """A copy of a recording in which every byte is an event of its own, at the time of the event that it came in; returns `split`."""
    split.mkdir()
    for path in folder.iterdir():
        if path.suffix != ".cast":
            (split / path.name).write_bytes(path.read_bytes())
            continue
        header, *lines = path.read_text().splitlines()
        pieces = [[s, kind, piece] for s, kind, text in map(json.loads, lines) for piece in text]
        (split / path.name).write_text("\n".join([header, *map(json.dumps, pieces)]) + "\n")
    return split


def joined(verdicts: Sequence[Mapping[str, str]], truth: Sequence[Mapping[str, str]]) -> list[list[Mapping[str, str]]]:
    """For each label the verdicts on its line within JOIN_S of it."""
    by_line: defaultdict[str, list[Mapping[str, str]]] = defaultdict(list)
    for verdict in sorted(verdicts, key=lambda row: float(row["t"])):
        by_line[verdict["line"]].append(verdict)
    found: list[list[Mapping[str, str]]] = []
    for label in truth:
        row, t_s = by_line[label["line"]], float(label["t"])
        first = bisect_left(row, t_s - JOIN_S, key=lambda verdict: float(verdict["t"]))
        last = bisect_left(row, t_s + JOIN_S, key=lambda verdict: float(verdict["t"]))
        found.append(list(row[first:last]))
    return found
