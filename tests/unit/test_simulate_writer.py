"""Planned calls as simulated modems write them: the reader finds each labelled call once, and the files keep to the contract."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from catflap_models import numbers
from catflap_models.plan import PlannedCall
from catflap_models.simulate import analogue, cellular
from catflap_models.simulate.scenario import CalledTrunk, Honest, Modems, Scenario
from catflap_models.simulate.writer import write_calls, write_recording
from catflap_probe.replay import replay
from tests.replay.recorded import Row, events, joined, labels, rows

LINES = 40
APART_S = 20.0
"""An analogue line does not say that a call is over: it is, once it has not rung for 13 s."""
COLUMNS = "trunk,line,call,t,channel,direction,calling,presentation,called,label,score,action,decided_at,final_label,reasons"


def scenario(modems: Modems, seed: int = 1, lines: int = LINES, days: int = 1) -> Scenario:
    return Scenario(seed, CalledTrunk("beijing-7", lines), days, Honest(0.0, ()), modems=modems)


def call(t_s: float, line: int = 0, **fields: object) -> PlannedCall:
    usual = PlannedCall(t_s, line, "13812345678", "shown", "", 30.0, None, 20.0, "legit", "contact", "")
    return replace(usual, **fields)  # type: ignore[arg-type]


def any_calls(seed: int, lines: int = LINES, count: int = 600) -> list[PlannedCall]:
    """Calls of all sorts, in order of time, those of one line a while apart."""
    rng = Random(seed)
    free_s = [5.0] * lines
    found = []
    for _ in range(count):
        line = rng.randrange(lines)
        t_s = round(free_s[line] + rng.uniform(0.0, 60.0), 3)
        presentation = rng.choice(("shown", "shown", "shown", "withheld", "unavailable"))
        calling = rng.choice((numbers.mobile(rng), numbers.landline(rng, "010"), numbers.abroad(rng), "95588", numbers.impossible(rng)))
        made = call(
            t_s,
            line,
            calling=calling if presentation == "shown" else "",
            presentation=presentation,
            name=rng.choice(("", "", "WANG LI", "李伟", 'A "B", C\r\nNMBR = 1', "\x10R")),
            patience_s=round(rng.uniform(0.5, 60.0), 3),
            answer_s=rng.choice((None, round(rng.uniform(0.5, 30.0), 3))),
            talk_s=round(rng.uniform(0.2, 200.0), 3),
        )
        if rng.random() < 0.2:
            made = replace(made, direction="out", calling="01062345601", presentation="shown", name="", called=numbers.mobile(rng))
        free_s[line] = t_s + made.patience_s + made.talk_s + APART_S
        found.append(made)
    return sorted(found, key=lambda made: made.t_s)


def verdicts(folder: Path) -> list[Row]:
    found: list[str] = []
    notes: list[str] = []
    replay([str(folder)], "linux", "", None, lambda kind, _, text: (found if kind == "row" else notes).append(text))
    assert len(notes) == 1, notes
    return rows("\n".join([COLUMNS, *found]).encode())


def sent(folder: Path, line: str = "L01") -> list[list[object]]:
    return [json.loads(text) for text in (folder / f"{line}.cast").read_text().splitlines()[1:]]


def profiles(folder: Path) -> set[str]:
    return {line["profile"] for line in json.loads((folder / "trunk.json").read_text())["lines"]}


ANALOGUE, CELLULAR = Modems(cellular_share=0.0), Modems(cellular_share=1.0)
DTMF = Modems(cellular_share=0.0, is_dtmf=True)


@pytest.mark.parametrize(
    "modems",
    [ANALOGUE, CELLULAR, DTMF, *(replace(Modems(), ring_s=(period_s,)) for period_s in (3.0, 5.0, 6.0)), Modems(split_share=1.0)],
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_labelled_call_is_read_once_as_it_was_shown(tmp_path: Path, modems: Modems, seed: int) -> None:
    planned = any_calls(seed)
    count = sum(write_calls(scenario(modems, seed), planned, tmp_path).values())
    truth, found = labels(tmp_path), verdicts(tmp_path)
    assert count == len(truth) > 500
    each = joined(found, truth)
    assert [len(matching) for matching in each] == [1] * len(truth)
    assert len(found) == len(truth)
    # a ring cut off before the number came leaves it unknown
    assert [(row["calling"], row["direction"]) for (row,) in each] == [(label["calling"], label["direction"]) for label in truth]
    assert {label["direction"] for label in truth} == {"in", "out"}


def test_a_hidden_number_is_read_as_what_it_is(tmp_path: Path) -> None:
    planned = [call(10.0 + 100 * n, n % LINES, calling="", presentation=("withheld", "unavailable")[n // LINES]) for n in range(2 * LINES)]
    for modems in (ANALOGUE, CELLULAR, DTMF):
        folder = tmp_path / f"{modems.cellular_share}{modems.is_dtmf}"
        write_calls(scenario(replace(modems, split_share=0.0)), planned, folder)
        found = sorted(verdicts(folder), key=lambda row: float(row["t"]))
        mute = {f"L{n:02d}" for n in range(1, LINES + 1) if says_no_reason(folder, f"L{n:02d}")}
        assert len(mute) < LINES * 2 / 3 and (mute or modems is not CELLULAR)
        assert [row["presentation"] for row in found] == [
            "unavailable" if row["line"] in mute else made.presentation for row, made in zip(found, planned, strict=True)
        ]


def says_no_reason(folder: Path, line: str) -> bool:
    """Whether the first that a cellular line shows of a hidden number has no CLI validity in it."""
    shown = [text.rstrip() for _, text in events(folder, line) if ",128" in text]
    return bool(shown) and shown[0][-1] not in "12"


def test_all_modem_families_occur(tmp_path: Path) -> None:
    for folder, modems, families in (("a", ANALOGUE, analogue.FAMILIES), ("c", CELLULAR, cellular.FAMILIES)):
        seen = set()
        for seed in range(4):
            write_calls(scenario(modems, seed), (), tmp_path / folder)
            seen |= profiles(tmp_path / folder)
        assert seen == {family.profile for family in families}


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("same", 5), ("other", 6)):
        write_calls(scenario(Modems(lost_share=0.05), seed), any_calls(5), tmp_path / name)
    one, same, other = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in ("one", "same", "other"))
    assert one == same
    assert one != other
    assert len(one) == LINES + 2


def test_only_the_rest_of_the_line_changes_when_text_is_split(tmp_path: Path) -> None:
    written = {}
    for share in (0.0, 1.0):
        write_calls(scenario(Modems(split_share=share)), any_calls(7), tmp_path / str(share))
        written[share] = ["".join(text for _, text in events(tmp_path / str(share), f"L{n:02d}")) for n in range(1, LINES + 1)]
    assert written[0.0] == written[1.0]
    assert len(sent(tmp_path / "1.0")) > 1.5 * len(sent(tmp_path / "0.0"))


def test_times_never_run_back_and_labels_name_the_first_sign(tmp_path: Path) -> None:
    write_calls(scenario(Modems(split_share=0.5, lost_share=0.1)), any_calls(8), tmp_path)
    times = {f"L{n:02d}": [f"{event[0]:.6f}" for event in sent(tmp_path, f"L{n:02d}")] for n in range(1, LINES + 1)}
    assert all([float(t_s) for t_s in each] == sorted(float(t_s) for t_s in each) for each in times.values())
    assert all(label["t"] in times[label["line"]] for label in labels(tmp_path))


def test_what_a_modem_wrote_nothing_of_has_no_label(tmp_path: Path) -> None:
    modems = replace(ANALOGUE, ring_s=(5.0,))
    unheard, busy = call(10.0, patience_s=0.2), call(59.0)
    planned = [unheard, call(40.0, patience_s=30.0), busy]
    counts = [sum(write_calls(scenario(modems, seed, lines=1), planned, tmp_path / str(seed)).values()) for seed in range(8)]
    # where caller ID comes before the first ring, it is heard
    assert set(counts) <= {1, 2} and 1 in counts


def test_lost_text_takes_number_or_label_with_it(tmp_path: Path) -> None:
    planned = any_calls(9)
    write_calls(scenario(Modems()), planned, tmp_path / "whole")
    write_calls(scenario(Modems(lost_share=0.1)), planned, tmp_path / "part")
    write_calls(scenario(Modems(lost_share=1.0)), planned, tmp_path / "none")
    whole, part, none = (labels(tmp_path / name) for name in ("whole", "part", "none"))
    shown = [sum(label["calling"] != "" for label in truth) for truth in (whole, part)]
    assert 0.8 * shown[0] < shown[1] < shown[0]
    assert {label["direction"] for label in none} == {"out"}
    assert not any(events(tmp_path / "none", f"L{n:02d}") for n in range(1, LINES + 1))
    each = joined(verdicts(tmp_path / "part"), part)
    alike = sum(any(row["calling"] == label["calling"] for row in matching) for matching, label in zip(each, part, strict=True))
    assert alike > 0.95 * len(part)


def test_an_analogue_line_says_nothing_of_answer_and_release(tmp_path: Path) -> None:
    for seed in range(12):
        write_calls(scenario(ANALOGUE, seed, 1), [call(100.0, answer_s=12.0, talk_s=300.0)], tmp_path)
        written = [(t_s, text) for t_s, text in events(tmp_path, "L01") if t_s > 1.0]
        assert written and all(t_s < 116.0 for t_s, _ in written)
        assert not any(word in text for _, text in written for word in ("NO CARRIER", "OK", "END"))


def test_a_cellular_line_tells_every_ring_and_the_end(tmp_path: Path) -> None:
    modems = replace(CELLULAR, ring_s=(6.0,), split_share=0.0)
    for seed in range(12):
        write_calls(scenario(modems, seed, 1), [call(100.0, patience_s=20.0)], tmp_path)
        written = [(t_s, text) for t_s, text in events(tmp_path, "L01") if t_s > 1.0]
        rings = [t_s for t_s, text in written if "RING" in text]
        assert len(rings) == sum("+CLIP" in text for _, text in written) == 4
        assert all(5.9 < later - sooner < 6.1 for sooner, later in pairwise(rings))
        assert written[-1][0] == pytest.approx(120.0) and "RING" not in written[-1][1]


def test_keys_come_before_the_first_ring_and_without_a_plus(tmp_path: Path) -> None:
    write_calls(scenario(DTMF, lines=1), [call(100.0, calling="+85261234567")], tmp_path)
    written = [(t_s, text) for t_s, text in events(tmp_path, "L01") if t_s > 1.0]
    keys = "".join(text for _, text in written).split("\r")[0].replace("\x10", "")
    assert "85261234567" in keys and "+" not in keys
    assert [label["calling"] for label in labels(tmp_path)] == ["85261234567"]


def test_the_clock_is_put_right_once_a_line(tmp_path: Path) -> None:
    modems = replace(ANALOGUE, clock_step_s=-1800.5)
    write_calls(scenario(modems, lines=3, days=2), [call(3600.0), call(100_000.0, 1)], tmp_path)
    for line in ("L01", "L02", "L03"):
        marks = [(event[0], str(event[2])) for event in sent(tmp_path, line) if event[1] == "m"]
        assert [t_s for t_s, _ in marks] == [86400.0]
        passed = datetime.fromisoformat(marks[0][1].removeprefix("wall=")) - datetime.fromisoformat("2026-03-02T00:00:00+08:00")
        assert passed.total_seconds() == 86400.0 - 1800.5
    assert len(verdicts(tmp_path)) == 2


def test_a_name_is_written_as_it_is_and_breaks_no_line(tmp_path: Path) -> None:
    planned = [call(10.0 + 100.0 * n, n, name="李\r\nNMBR = 999") for n in range(LINES)]
    for modems in (ANALOGUE, CELLULAR):
        write_calls(scenario(modems), planned, tmp_path)
        assert [row["calling"] for row in verdicts(tmp_path)] == ["13812345678"] * LINES
        names = [text for n in range(1, LINES + 1) for _, text in events(tmp_path, f"L{n:02d}") if "\xe6\x9d\x8e" in text]
        assert len(names) > LINES / 4


def test_calls_are_on_disk_before_the_last_one_is_planned(tmp_path: Path) -> None:
    sizes = []

    def planned() -> Iterator[PlannedCall]:
        for n in range(3000):
            sizes.append((tmp_path / "L01.cast").stat().st_size)
            yield call(10.0 + 100.0 * n)

    write_calls(scenario(CELLULAR, lines=1, days=4), planned(), tmp_path)
    assert sizes[-1] > 0.9 * (tmp_path / "L01.cast").stat().st_size


def test_trunk_file_and_labels_keep_to_the_contract(tmp_path: Path) -> None:
    made = scenario(Modems(), lines=2)
    planned: Iterable[PlannedCall] = [
        call(50.0, label="simbank", family="random-scattered", campaign="bank-0"),
        call(200.0, 1, direction="out", called="13912345678", label="spoof", family="outside-range", campaign="outside"),
    ]
    write_calls(made, planned, tmp_path)
    tree = json.loads((tmp_path / "trunk.json").read_text())
    assert {key: tree[key] for key in ("catflap_trunk", "id", "start", "country", "area_code", "role")} == {
        "catflap_trunk": 1,
        "id": "beijing-7",
        "start": "2026-03-02T00:00:00+08:00",
        "country": "CN",
        "area_code": "010",
        "role": "subscriber",
    }
    assert [(line["id"], line["file"], line["channels"], line["numbers"]) for line in tree["lines"]] == [
        ("L01", "L01.cast", 1, ["01062345601"]),
        ("L02", "L02.cast", 1, ["01062345602"]),
    ]
    header = json.loads((tmp_path / "L01.cast").read_text().splitlines()[0])
    assert header["version"] == 2 and header["timestamp"] == 1772380800
    kept = [
        [label[name] for name in ("line", "channel", "direction", "calling", "label", "family", "campaign")] for label in labels(tmp_path)
    ]
    # the number that an outgoing call presents is not to be seen on such a line
    assert kept == [
        ["L01", "", "in", "13812345678", "simbank", "random-scattered", "bank-0"],
        ["L02", "", "out", "", "spoof", "outside-range", "outside"],
    ]


def test_a_scenario_is_planned_and_written(tmp_path: Path) -> None:
    made = replace(scenario(Modems(), lines=4, days=2), honest=Honest(60.0, ()))
    count = write_recording(made, tmp_path)
    assert count == len(labels(tmp_path)) > 60
