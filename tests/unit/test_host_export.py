"""Call detail records: the same rows in CSV and Parquet, masked unless a user answers for it, and harmless in a spreadsheet."""

import csv
import stat
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet
import pytest
from sqlalchemy import select

from catflap_host.access import users
from catflap_host.access.roles import Role
from catflap_host.cli import main
from catflap_host.export import cdr
from catflap_host.export.files import safe_cell
from catflap_host.store.database import open_database
from catflap_host.store.tables import audit
from tests.e2e.aggregator import running
from tests.probe_side import WALL_MS, alert, batch, end, post

NUMBER = "+8613812345678"
DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three calls, a day apart, the first under a hostile name and over."""
    folder = tmp_path_factory.mktemp("export") / "data"
    records = [
        alert(1, calling=NUMBER, name='=HYPERLINK("http://evil.example","x")', at_ms=WALL_MS, reasons=["a", "b"]),
        end(1, at_ms=WALL_MS, ended_ms=WALL_MS + 9_000, answered_ms=4_000),
        alert(2, calling=NUMBER, at_ms=WALL_MS + DAY_MS),
        alert(3, calling="", presentation="withheld", at_ms=WALL_MS + 2 * DAY_MS),
    ]
    with running(folder) as aggregator:
        key = aggregator.enrol("demo-a")
        with closing(aggregator.connect_ingest()) as connection:
            assert post(connection, batch(key, "demo-a", 1, records))[0] == 200
    with closing(open_database(folder)) as database, database.write() as connection:
        users.add(connection, "seer", Role.VIEWER, True, None)
    return folder


def export(data_dir: Path, path: Path, *words: str) -> list[dict[str, str]]:
    assert main(["host", "export", "--data", str(data_dir), "--out", str(path), *words]) == 0
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_holds_every_call_masked_and_nothing_that_runs(data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "calls.csv"
    rows = export(data_dir, path)
    assert capsys.readouterr().out == f"3 calls in {path}\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(rows[0]) == list(cdr.FIELDS)
    first = rows[0]
    assert first["calling_number"] == "+86138****5678"
    assert first["calling_name"].startswith("'=HYPERLINK")
    assert first["start_time"] == datetime.fromtimestamp(WALL_MS / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert (first["talk_ms"], first["outcome"], first["reasons"], first["shadow"]) == ("4000", "stopped", "a;b", "0")
    assert (rows[1]["talk_ms"], rows[1]["end_time"]) == ("", "")
    assert first["calling_id"] == rows[1]["calling_id"] != rows[2]["calling_id"] == ""


def test_parquet_holds_the_same_with_types(data_dir: Path, tmp_path: Path) -> None:
    rows = export(data_dir, tmp_path / "calls.csv")
    assert main(["host", "export", "--data", str(data_dir), "--out", str(tmp_path / "calls.parquet")]) == 0
    table = pyarrow.parquet.read_table(tmp_path / "calls.parquet")
    assert table.column_names == list(cdr.FIELDS)
    read = table.to_pylist()
    assert [str(row["record_id"]) for row in read] == [row["record_id"] for row in rows]
    assert read[0]["start_time"] == datetime.fromtimestamp(WALL_MS / 1000, UTC)
    assert (read[0]["talk_ms"], read[1]["talk_ms"], read[0]["shadow"]) == (4000, None, False)
    assert read[0]["calling_name"].startswith("=HYPERLINK"), "as it came: no spreadsheet runs it"
    assert read[0]["calling_number"] == "+86138****5678"


@pytest.mark.parametrize(("words", "calls"), [(("--since", "{1}"), 2), (("--until", "{1}"), 1), (("--since", "{1}", "--until", "{2}"), 1)])
def test_a_time_is_cut_out(data_dir: Path, tmp_path: Path, words: tuple[str, ...], calls: int) -> None:
    days = [datetime.fromtimestamp((WALL_MS + day * DAY_MS) / 1000, UTC).isoformat(timespec="milliseconds") for day in range(3)]
    assert len(export(data_dir, tmp_path / "some.csv", *(word.format(*days) for word in words))) == calls


def test_chunks_join_without_gap_or_repeat(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cdr, "CHUNK", 2)
    with closing(open_database(data_dir)) as database:
        found = list(cdr.chunks(database, 0, 2**62))
    assert [[call.call for call in chunk] for chunk in found] == [[1, 2], [3]]


def test_whole_numbers_are_answered_for(data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def refused(*words: str) -> str:
        assert main(["host", "export", "--data", str(data_dir), "--out", str(tmp_path / "no.csv"), *words]) == 2
        assert not (tmp_path / "no.csv").exists()
        return capsys.readouterr().err

    assert "go together" in refused("--reason", "a good one")
    assert "tester may not see whole numbers" in refused("--unmask-as", "tester", "--reason", "a good one")
    assert "may not see" in refused("--unmask-as", "nobody", "--reason", "a good one")
    assert "a reason of 3" in refused("--unmask-as", "seer", "--reason", " ")
    rows = export(data_dir, tmp_path / "whole.csv", "--unmask-as", "seer", "--reason", "court order 5")
    assert rows[0]["calling_number"] == NUMBER
    with closing(open_database(data_dir)) as database, database.read() as connection:
        last = connection.execute(select(audit).order_by(audit.c.id.desc())).first()
    assert last
    assert (last.who, last.what, last.about, last.reason) == ("seer", "export", "all to now", "court order 5")


def test_bad_wishes_are_named(data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = tmp_path / "there.csv"
    there.write_text("")
    for out, words, fault in (
        (tmp_path / "calls.xls", (), "ends in .csv or .parquet"),
        (there, (), "is there already"),
        (tmp_path / "no" / "calls.csv", (), "No such file"),
        (tmp_path / "calls.csv", ("--since", "yesterday"), "'yesterday' is no time"),
    ):
        assert main(["host", "export", "--data", str(data_dir), "--out", str(out), *words]) == 2
        assert fault in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["there.csv"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        *((word, f"'{word}") for word in ("=1+1", "+1+cmd|' /C calc'!A0", "-2", "@SUM(A1)", "\t=1", " =1")),
        *((word, word) for word in ("+8613812345678", "+86138****5678", "Zhang", "", "1=1", "张三")),
    ],
)
def test_cells(text: str, shown: str) -> None:
    assert safe_cell(text) == shown
