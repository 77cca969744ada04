"""The importer of callattendant's call log: what it writes, and what it says about a log that is not one."""

import csv
import json
import os
from itertools import pairwise
from pathlib import Path

import pytest

from catflap_host.errors import UserError
from catflap_host.importers.callattendant import import_log
from tests.exchange.imported_log import planned_calls, trunk_of
from tests.exchange.recording import record

HEADER = "CallLogID,Name,Number,Date,Time,SystemDateTime,Action,Reason\n"
KNOWN = "1,Ann,8055550101,13-Oct,12:13 PM,2018-10-13 12:13:11.175,Permitted,Friend\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "log.csv"
    path.write_text(text, encoding="utf-8")
    return path


def events(folder: Path) -> list[tuple[float, str]]:
    header, *rows = (folder / "L01.cast").read_text().splitlines()
    assert json.loads(header)["version"] == 2
    return [(row[0], row[2]) for row in map(json.loads, rows)]


def test_a_call_becomes_rings_around_its_caller_id(tmp_path: Path) -> None:
    assert import_log(write(tmp_path, HEADER + KNOWN), tmp_path / "out") == 1
    trunk = json.loads((tmp_path / "out" / "trunk.json").read_text())
    assert (trunk["start"], trunk["country"], trunk["lines"][0]["dialect"]) == ("2018-10-13T00:00:00-07:00", "US", "v253")
    assert "Filled in" in trunk["title"]
    assert events(tmp_path / "out") == [
        (43989.975, "\r\nRING\r\n"),
        (43991.175, "\r\nDATE = 1013\r\nTIME = 1213\r\nNMBR = 8055550101\r\nNAME = Ann\r\n"),
        (43995.975, "\r\nRING\r\n"),
        (44001.975, "\r\nRING\r\n"),
    ]
    assert (tmp_path / "out" / "outcomes.csv").read_text() == "line,t,calling,action,reason\nL01,43989.975000,8055550101,Permitted,Friend\n"


@pytest.mark.parametrize(
    ("name", "number", "text"),
    [
        ("Unavailable", "O", "NMBR = O\r\nNAME = Unavailable\r\n"),
        ("O", "P", "NMBR = P\r\nNAME = O\r\n"),
        ("8055550101", "8055550101", "NMBR = 8055550101\r\n"),
        ("Zoë", "8055550101", "NMBR = 8055550101\r\nNAME = Zo\xc3\xab\r\n"),
    ],
)
def test_hidden_numbers_and_names_come_as_the_modem_shows_them(tmp_path: Path, name: str, number: str, text: str) -> None:
    import_log(write(tmp_path, f"{HEADER}1,{name},{number},13-Oct,12:13 PM,2018-10-13 12:13:11.175,Blocked,\n"), tmp_path / "out")
    assert events(tmp_path / "out")[1][1].partition("TIME = 1213\r\n")[2] == text
    calling = (tmp_path / "out" / "outcomes.csv").read_text().splitlines()[1].split(",")[2]
    assert calling == (number if number.isdigit() else "")


def test_rings_never_run_into_the_next_call(tmp_path: Path) -> None:
    import_log(write(tmp_path, HEADER + KNOWN + KNOWN.replace("13:11", "13:26")), tmp_path / "out")
    rings = [t_s for t_s, text in events(tmp_path / "out") if "RING" in text]
    assert rings == [43989.975, 43995.975, 44004.975, 44010.975, 44016.975]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "row 1: no column Name"),
        (HEADER, "holds no calls"),
        ("Name,Number\nAnn,1\n", "row 1: no column Date, Time, SystemDateTime, Action, Reason"),
        (HEADER + KNOWN + KNOWN.replace("2018-10-13 ", "yesterday "), "row 3: .*yesterday"),
        (HEADER + KNOWN.replace("Permitted", "Liked"), "row 2: Action 'Liked' is none of"),
        (HEADER + KNOWN.replace("8055550101", "805-555"), "row 2: Number '805-555'"),
        (HEADER + KNOWN.replace("Ann", "A\x07n"), "row 2: Name holds a control character"),
        (HEADER + KNOWN.replace("13-Oct", "13-Okt"), "row 2: .*13-Okt"),
        (HEADER + "1,Ann,8055550101,13-Oct\n", "row 2: Time, SystemDateTime, Action, Reason missing"),
        (HEADER + '1,"Ann,8055550101\n', "row 2: unexpected end of data"),
    ],
)
def test_a_log_that_is_none_is_refused_with_its_place(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(UserError, match=rf"log\.csv.*{fault}"):
        import_log(write(tmp_path, text), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_missing_file_a_strange_encoding_and_a_used_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"none\.csv: No such file"):
        import_log(tmp_path / "none.csv", tmp_path / "out")
    (tmp_path / "latin.csv").write_bytes(HEADER.encode() + b"\xe9")
    with pytest.raises(UserError, match="not UTF-8"):
        import_log(tmp_path / "latin.csv", tmp_path / "out")
    log = write(tmp_path, HEADER + KNOWN)
    import_log(log, tmp_path / "out")
    with pytest.raises(UserError, match="holds a recording already"):
        import_log(log, tmp_path / "out")


@pytest.mark.skipif("CATFLAP_DATA" not in os.environ, reason="CATFLAP_DATA is unset: no real call log to import")
def test_the_real_log_comes_through_whole(tmp_path: Path) -> None:
    log = Path(os.environ["CATFLAP_DATA"]) / "callattendant" / "calllog_2018-10.csv"
    assert import_log(log, tmp_path) == 100
    with log.open(newline="") as file:
        logged = list(csv.DictReader(file))
    with (tmp_path / "outcomes.csv").open(newline="") as file:
        outcomes = list(csv.DictReader(file))
    assert [row["action"] for row in outcomes] == [row["Action"] for row in logged]
    shown = [text for _, text in events(tmp_path) if "NMBR" in text]
    assert [text.partition("NMBR = ")[2].partition("\r")[0] for text in shown] == [row["Number"] for row in logged]
    times = [t_s for t_s, _ in events(tmp_path)]
    assert times == sorted(times)
    plan = planned_calls(tmp_path)
    assert [call.calling or {"unavailable": "O", "withheld": "P"}[call.presentation] for call in plan] == [row["Number"] for row in logged]


def test_an_imported_log_can_be_played_with_its_idle_hours_shortened(tmp_path: Path) -> None:
    hidden = KNOWN.replace("8055550101", "P").replace("Ann", "O").replace("12:13:11", "12:13:40").replace("Permitted", "Blocked")
    later = KNOWN.replace("12:13:11", "19:13:11").replace("Permitted", "Screened")
    import_log(write(tmp_path, HEADER + KNOWN + hidden + later), tmp_path / "out")
    plan = planned_calls(tmp_path / "out", idle_s=20.0)
    assert [(call.calling, call.presentation, call.name, call.family) for call in plan] == [
        ("8055550101", "shown", "Ann", "Permitted"),
        ("", "withheld", "O", "Blocked"),
        ("8055550101", "shown", "Ann", "Screened"),
    ]
    assert [later.t_s - sooner.t_s for sooner, later in pairwise(plan)] == pytest.approx([29.0, 9.5 + 20.0])
    record(trunk_of(tmp_path / "out"), plan, tmp_path / "played")
    played = [text for _, text in events(tmp_path / "played")]
    assert ["RING" in text for text in played].count(True) == 3 + 2 + 3
    assert [text.partition("NMBR = ")[2] for text in played if "NMBR" in text] == [
        "8055550101\r\nNAME = Ann\r\n",
        "P\r\nNAME = O\r\n",
        "8055550101\r\nNAME = Ann\r\n",
    ]
