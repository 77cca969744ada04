"""`catflap simulate`: what it writes does not depend on how, it touches no folder that is in use, and its trunks cover the range."""

from pathlib import Path

import pytest

from catflap_host.cli import main
from catflap_models.simulate.banks import SELECTORS
from catflap_models.simulate.draw import draw_scenario
from catflap_models.simulate.honest import FAMILIES
from catflap_models.simulate.progress import Progress
from catflap_models.simulate.scenario import Bombing, Dialler, FalseNumbers, OneRing, OutsideRange, SimBank
from tests.replay.recorded import labels, replayed, rows

SMALL = ("--lines", "3", "--days", "3")


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def simulate(out: Path, *options: str) -> dict[str, bytes]:
    assert main(["simulate", str(out), *SMALL, *options]) == 0
    return files(out)


def test_the_same_bytes_whatever_the_jobs(tmp_path: Path) -> None:
    one = simulate(tmp_path / "one", "--trunks", "3", "--jobs", "1")
    assert one == simulate(tmp_path / "three", "--trunks", "3", "--jobs", "3")
    assert {name.split("/")[0] for name in one} == {"trunk-001", "trunk-002", "trunk-003"}
    other = simulate(tmp_path / "other", "--trunks", "3", "--seed", "2")
    assert one.keys() == other.keys() and one != other
    # a trunk is the same whatever is written beside it
    alone = simulate(tmp_path / "alone")
    assert alone == {name: data for name, data in one.items() if name.startswith("trunk-001/")}


def test_goes_on_until_so_many_calls_are_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wanted = 3000
    simulate(tmp_path / "calls", "--calls", str(wanted))
    written = [len(labels(folder)) for folder in sorted((tmp_path / "calls").iterdir())]
    assert len(written) > 1 and sum(written) >= wanted > sum(written[:-1])
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith(f"{len(written)} trunks in {tmp_path / 'calls'}: {sum(written)} calls in ")
    assert sum(int(line.split()[1]) for line in said[1:]) == sum(written)


def test_what_it_writes_can_be_replayed(tmp_path: Path) -> None:
    simulate(tmp_path / "out", "--trunks", "2")
    folders = sorted((tmp_path / "out").iterdir())
    found = rows(replayed(folders, tmp_path / "verdicts")[0])
    assert {row["trunk"] for row in found} == {folder.name for folder in folders}
    assert len(found) > 0.9 * sum(len(labels(folder)) for folder in folders)


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        (["--trunks", "0"], "--trunks: 1 to 99999, not 0"),
        (["--calls", "-1"], "--calls: 1 to 1000000000, not -1"),
        (["--lines", "65"], "--lines: 1 to 64, not 65"),
        (["--days", "0"], "--days: 1 to 366, not 0"),
        (["--jobs", "0"], "--jobs: 1 to 256, not 0"),
    ],
)
def test_sizes_that_make_no_sense_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], fault: str) -> None:
    assert main(["simulate", str(tmp_path / "out"), *words]) == 2
    assert capsys.readouterr().err == f"catflap: {fault}\n"
    assert not (tmp_path / "out").exists()


def test_a_folder_in_use_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "notes.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for name, fault in (("used", "not empty"), ("file", "cannot be used as a folder")):
        assert main(["simulate", str(tmp_path / name), *SMALL]) == 2
        error = capsys.readouterr().err
        assert str(tmp_path / name) in error and fault in error and error.count("\n") == 1
    assert files(tmp_path) == {"used/notes.txt": b"mine", "file": b"mine"}


def test_drawn_trunks_cover_the_range_and_begin_in_peace() -> None:
    drawn = [draw_scenario(1, f"trunk-{n:03d}", 16, 24) for n in range(400)]
    assert drawn[0] == draw_scenario(1, "trunk-000", 16, 24) != draw_scenario(2, "trunk-000", 16, 24)
    assert len({made.seed for made in drawn}) == len(drawn)
    campaigns = [campaign for made in drawn for campaign in made.campaigns]
    banks = [campaign for campaign in campaigns if isinstance(campaign, SimBank)]
    assert {bank.selector for bank in banks} == set(SELECTORS)
    assert {bank.numbering for bank in banks} == {"neighbouring", "batch", "scattered"}
    assert all(8 <= bank.sims <= 512 and 0.001 <= bank.share <= 0.1 and 1.0 <= bank.life_days <= 10.0 for bank in banks)
    assert {sum(isinstance(campaign, SimBank) for campaign in made.campaigns) for made in drawn} == {0, 1, 2}
    assert {type(campaign) for campaign in campaigns} == {SimBank, OneRing, Bombing, Dialler, FalseNumbers, OutsideRange}
    assert {family for made in drawn for family in made.honest.families} == set(FAMILIES)
    for campaign in campaigns:
        if not isinstance(campaign, FalseNumbers):
            days = 1 if isinstance(campaign, Bombing) else campaign.days
            assert campaign.first_day >= 8 and campaign.first_day + days <= 24
    assert all(len({campaign.name for campaign in made.campaigns}) == len(made.campaigns) for made in drawn)


def test_progress_is_a_line_now_and_then_where_there_is_no_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now_s = iter([0.0, 5.0, 16.0, 20.0, 40.0])
    monkeypatch.setattr("catflap_models.simulate.progress.time.monotonic", lambda: next(now_s))
    progress = Progress(4, 0)
    for trunks in (1, 2, 3, 4):
        progress.told(trunks, 100 * trunks)
    progress.close()
    assert capsys.readouterr().err == "catflap: 50%, 2 trunks, 200 calls\ncatflap: 100%, 4 trunks, 400 calls\n"


def test_progress_is_a_bar_on_a_terminal(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    progress = Progress(1, 200)
    progress.told(1, 100)
    progress.told(2, 210)
    progress.close()
    bars = capsys.readouterr().err.split("\r")[1:]
    assert ["  0%" in bars[0], " 50% 100 calls" in bars[1], "100% 210 calls" in bars[2]] == [True] * 3
    assert [bar.count("#") for bar in bars] == [0, 15, 30] and bars[2].endswith("\n")
