"""Traceback over three trunks with planted truth: which legs, of which calls, let in where; and evidence that can be checked."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from catflap_host.access import users
from catflap_host.access.roles import Role
from catflap_host.cli import main
from catflap_host.ingest.envelope import Header, Record
from catflap_host.store.alert_store import open_store
from catflap_host.store.database import Database, open_database
from catflap_host.store.enrolment import enrol
from catflap_host.store.group import Batch
from catflap_host.trace.chains import TracedCall, join
from catflap_host.trace.evidence import EVIDENCE, MANIFEST, REPORT, SIGNATURE, check
from catflap_host.trace.legs import legs_of
from catflap_host.trace.source import DatabaseSource
from tests import postgres
from tests.planted_legs import ERROR_MS, NUMBER, START_MS, Planted, plant

BOOT = "9f0c41d2a7b3e658"
WINDOW_S = (3_600, 80_000)
RECEIVED_MS = START_MS + 86_400_000


def store(planted: Planted, database: Database, folder: Path, address: str) -> None:
    """Stores what the probes told, each by its own clock."""
    with closing(open_store(database)) as alerts:
        for probe, records in planted.records.items():
            enrol(probe, folder / "data", folder / f"{probe}.key", address)
            kept = [Record(seq, 1, fields, json.dumps(fields)) for seq, fields in zip(count(1), records)]
            header = Header(probe, BOOT, 1, len(kept) + 1, 0, RECEIVED_MS + ERROR_MS[probe])
            (result,) = alerts.add([Batch(header, kept)], RECEIVED_MS)
            assert not result.error


@pytest.fixture(params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest) -> Iterator[str]:
    """The database that the test runs on: none named is SQLite."""
    if request.param == "sqlite":
        yield ""
        return
    with postgres.fresh_schema(request.getfixturevalue("postgres_server")) as address:
        yield address


@pytest.fixture
def database(tmp_path: Path, address: str) -> Iterator[Database]:
    with closing(open_database(tmp_path / "data", address)) as found:
        yield found


def traced(database: Database) -> list[TracedCall]:
    since_ms, until_ms = (START_MS + second * 1000 for second in WINDOW_S)
    return join(legs_of(NUMBER, since_ms, until_ms, DatabaseSource(database)))


def ways(calls: list[TracedCall]) -> list[list[tuple[str, int]]]:
    return sorted([(leg.probe, leg.call) for leg in call.legs] for call in calls)


@pytest.mark.parametrize("seed", range(4))
def test_every_leg_of_the_number_and_no_other_in_the_right_calls(seed: int, database: Database, tmp_path: Path, address: str) -> None:
    planted = plant(seed, 400, WINDOW_S)
    store(planted, database, tmp_path, address)
    calls = traced(database)
    wanted = sorted(call for call, is_in in zip(planted.calls, planted.in_window, strict=True) if is_in)
    found_legs = [leg for call in ways(calls) for leg in call]
    wanted_legs = [leg for call in wanted for leg in call]
    hits = len(set(found_legs) & set(wanted_legs))
    assert (hits / len(found_legs), hits / len(wanted_legs)) == (1.0, 1.0), "precision and recall of the legs"
    assert ways(calls) == wanted, "and each call's way in order"
    for call in calls:
        assert call.is_entry_known() == (call.entry().probe in ("gateway", "hub"))
        assert call.entry().clock_error_ms == ERROR_MS[call.entry().probe]


def test_a_boot_that_told_no_trunk_is_read_by_what_its_probe_said_last(database: Database, tmp_path: Path, address: str) -> None:
    planted = plant(5, 40, WINDOW_S)
    store(planted, database, tmp_path, address)
    silent = [record | {"call": 900 + number} for number, record in enumerate(planted.records["hub"]) if record["k"] != "trunk"]
    kept = [Record(seq, 1, fields, json.dumps(fields)) for seq, fields in zip(count(1), silent, strict=False)]
    with closing(open_store(database)) as alerts:
        alerts.add([Batch(Header("hub", "0" * 16, 1, len(kept) + 1, 0, RECEIVED_MS + ERROR_MS["hub"]), kept)], RECEIVED_MS)
    source = DatabaseSource(database)
    roles = {leg.role for leg in legs_of(NUMBER, START_MS, START_MS + 86_400_000, source) if leg.probe == "hub" and leg.boot == "0" * 16}
    assert roles == {"interconnect"}


def asked(tmp_path: Path, *more: str, number: str = NUMBER, user: str = "li.wei", reason: str = "case 17") -> list[str]:
    window = ["--from", "2026-03-02T00:00+08:00", "--to", "2026-03-03T00:00+08:00"]
    place = ["--data", str(tmp_path / "data"), "--out", str(tmp_path / "out")]
    return ["host", "trace", number, *window, *place, "--unmask-as", user, "--reason", reason, *more]


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    with closing(open_database(tmp_path / "data")) as database:
        store(plant(1, 40, WINDOW_S), database, tmp_path, "")
        with database.write() as connection:
            users.add(connection, "li.wei", Role.OPERATOR, may_unmask=True, password=None)
            users.add(connection, "wang", Role.VIEWER, may_unmask=False, password=None)
    return tmp_path


def test_evidence_is_whole_signed_and_says_so(scene: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording = scene / "rec"
    recording.mkdir()
    (recording / "L01.cast").write_text("{}\n")
    assert main(asked(scene, "--recording", str(recording))) == 0
    assert "let in by gateway-1 of gateway" in capsys.readouterr().out
    out = scene / "out"
    assert check(out) == ""
    told = json.loads((out / EVIDENCE).read_text())
    assert (told["number"], told["who"], told["reason"]) == (NUMBER, "li.wei", "case 17")
    leg = told["calls"][0]["legs"][0]
    assert json.loads(leg["records"][0]["body"])["call"] == leg["call"] and len(leg["records"][0]["sha256"]) == 64
    assert [file["file"] for file in told["recordings"]] == ["rec/L01.cast"]
    page = (out / REPORT).read_text()
    assert "<script" not in page and "&lt;script&gt;" in page and "http" not in page.replace("http-equiv", "")
    assert b"PRIVATE" not in b"".join(path.read_bytes() for path in out.iterdir())


@pytest.mark.parametrize("name", [EVIDENCE, REPORT, MANIFEST, SIGNATURE])
def test_whatever_is_changed_shows(scene: Path, name: str) -> None:
    main(asked(scene))
    path = scene / "out" / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert check(scene / "out") != ""


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_openssl_checks_the_signature_as_the_report_says(scene: Path) -> None:
    main(asked(scene))
    words = [
        "openssl",
        "pkeyutl",
        "-verify",
        "-pubin",
        "-inkey",
        "public-key.pem",
        "-rawin",
        "-in",
        "manifest.json",
        "-sigfile",
        "manifest.sig",
    ]
    done = subprocess.run(words, cwd=scene / "out", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"number": "13812345678"}, "is not a number of the form +8613812345678"),
        ({"user": "wang"}, "may not see whole numbers"),
        ({"user": "nobody"}, "may not see whole numbers"),
        ({"reason": " "}, "a reason of 3 to 500 characters"),
    ],
)
def test_who_may_not_ask_is_told_why(scene: Path, capsys: pytest.CaptureFixture[str], words: dict[str, str], said: str) -> None:
    assert main(asked(scene, **words)) == 2
    assert said in capsys.readouterr().err
    assert not (scene / "out").exists()


def test_evidence_is_never_written_over(scene: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked(scene)) == 0
    assert main(asked(scene)) == 2
    assert "never written over" in capsys.readouterr().err
