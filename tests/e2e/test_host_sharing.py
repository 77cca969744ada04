"""Two houses: what one has found is fetched, signed, and taken by the other."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import stix2

from catflap_host.access import entering, users
from catflap_host.access.roles import Role
from catflap_host.cli import main
from catflap_host.store.database import open_database
from tests.e2e.aggregator import Aggregator, running
from tests.e2e.browser import Browser
from tests.probe_side import WALL_MS, alert, batch, post

CARDS = [f"1381234{place:04d}" for place in (417, 233, 981, 502, 76, 207)]


@pytest.fixture(scope="module")
def aggregator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aggregator]:
    """In which two towns have heard the same cards; `seer` may unmask."""
    with running(tmp_path_factory.mktemp("house-a") / "data", ["--issuer", "House A"]) as aggregator:
        for hour, town in enumerate(("north", "south")):
            key = aggregator.enrol(town)
            records = [
                alert(1, trunk=town, line=f"L{place}", calling=number, at_ms=WALL_MS + hour * 3_600_000 + place * 60_000)
                for place, number in enumerate(CARDS)
            ]
            with closing(aggregator.connect_ingest()) as connection:
                assert post(connection, batch(key, town, 1, records))[0] == 200
        with closing(open_database(aggregator.data_dir)) as database, database.write() as connection:
            users.add(connection, "seer", Role.VIEWER, True, None)
        yield aggregator


def ask(aggregator: Aggregator, path: str, user: str = "seer") -> tuple[int, Any]:
    with closing(open_database(aggregator.data_dir)) as database:
        token = entering.issue_token(database, user, "", 1)
    with closing(aggregator.connect_console()) as connection:
        connection.request("GET", f"/api/v1{path}", headers={"Authorization": f"Bearer {token}"})
        response = connection.getresponse()
        return response.status, json.loads(response.read())


def test_pools_are_shown_masked_and_whole(aggregator: Aggregator) -> None:
    status, (pool,) = ask(aggregator, "/pools")
    assert (status, pool["kind"], pool["sites"]) == (200, "simbank", ["north", "south"])
    assert {member["number"][:6] + member["number"][10:] for member in pool["members"]} == {f"+86138{card[-4:]}" for card in CARDS}
    assert {"****"} == {member["number"][6:10] for member in pool["members"]}
    _, (whole,) = ask(aggregator, "/pools?unmask_reason=weekly")
    assert sorted(member["number"] for member in whole["members"]) == sorted(f"+86{card}" for card in CARDS)
    assert ask(aggregator, "/campaigns")[0] == 200


def test_stix_and_feed_take_a_reason_and_the_permission(aggregator: Aggregator) -> None:
    for path in ("/pools/stix", "/feed"):
        assert ask(aggregator, path)[0] == 422
        assert ask(aggregator, f"{path}?unmask_reason=weekly", "tester")[0] == 403
    status, bundle = ask(aggregator, "/pools/stix?unmask_reason=weekly")
    assert status == 200
    parsed = stix2.parse(bundle, allow_custom=True)
    assert {thing["value"] for thing in bundle["objects"] if thing["type"] == "telephone-number"} == {f"+86{card}" for card in CARDS}
    assert "House A" in {thing.get("name") for thing in parsed.objects}


def test_another_house_takes_the_feed(aggregator: Aggregator, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    feed, key = tmp_path / "feed.json", tmp_path / "key.json"
    feed.write_text(json.dumps(ask(aggregator, "/feed?unmask_reason=weekly")[1]))
    key.write_text(json.dumps(ask(aggregator, "/feed/key", "tester")[1]))
    assert main(["host", "feed", "key", "--data", str(aggregator.data_dir)]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(key.read_text())
    with running(tmp_path / "data") as other:
        words = ["--file", str(feed), "--key", str(key), "--data", str(other.data_dir)]
        assert main(["host", "feed", "import", "house-a", *words, "--for-probes"]) == 0
        assert capsys.readouterr().out.startswith("6 numbers of house-a, good until ")
        assert main(["host", "feed", "import", "house-a", *words]) == 2
        assert "this one before" in capsys.readouterr().err
        assert main(["host", "feed", "list", "--data", str(other.data_dir)]) == 0
        assert capsys.readouterr().out.startswith("house-a\tHouse A\t")
        feed.write_text(feed.read_text().replace('"payload": "e', '"payload": "f'))
        assert main(["host", "feed", "import", "house-b", *words]) == 2
        assert "is not taken: the signature is not that of the key given" in capsys.readouterr().err
        probe = other.enrol("third")
        with closing(other.connect_ingest()) as connection:
            assert post(connection, batch(probe, "third", 1, [alert(1, calling=CARDS[0])]))[0] == 200
        (call,) = other.get("/calls")
        with closing(open_database(other.data_dir)) as database:
            code = entering.issue_code(database, "tester")
        browser = Browser(other)
        browser.get(f"/enter?code={code}")
        page = browser.get(f"/number?id={quote(call['calling_id'])}").text
        assert "What other houses think of it" in page
        assert 'house-a: <span class="kind kind-simbank">SIM bank</span>' in page
        assert CARDS[0] not in page
        assert main(["host", "feed", "forget", "house-a", "--data", str(other.data_dir)]) == 0
        assert "house-a" not in browser.get(f"/number?id={quote(call['calling_id'])}").text
