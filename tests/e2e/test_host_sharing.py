"""Two houses: what one has found is fetched, signed, taken by the other, and withdrawn there at once; numbers are matched unseen."""

import json
import subprocess
import sys
import time
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import stix2
from sqlalchemy import select

from catflap_host.access import entering, users
from catflap_host.access.roles import Role
from catflap_host.api.guard import PARTNERS
from catflap_host.cli import main
from catflap_host.export.signing import load_signer
from catflap_host.judged import appeals
from catflap_host.reputation import kept, links
from catflap_host.reputation.asking import House
from catflap_host.reputation.exchanging import Exchange
from catflap_host.reputation.oprf import Asked
from catflap_host.store.database import open_database
from catflap_host.store.tables import audit
from tests.e2e.aggregator import Aggregator, running
from tests.e2e.browser import Browser
from tests.probe_side import alert, batch, post

CARDS = [f"1381234{place:04d}" for place in (417, 233, 981, 502, 76, 207)]
NOW_MS = time.time_ns() // 1_000_000 - 86_400_000
"""A day ago: what was heard long ago is on no list."""
SCHEMATHESIS_S = 300
FOR_PARTNERS = {"/api/v1/list?unmask_reason=weekly": 200, "/api/v1/list/key": 200, "/api/v1/match/tags": 200}


@pytest.fixture(scope="module")
def aggregator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aggregator]:
    """In which two towns have heard the same cards a day ago; `seer` may unmask."""
    with running(tmp_path_factory.mktemp("house-a") / "data", ["--issuer", "House A"]) as aggregator:
        for hour, town in enumerate(("north", "south")):
            key = aggregator.enrol(town)
            records = [
                alert(1, trunk=town, line=f"L{place}", calling=number, at_ms=NOW_MS + hour * 3_600_000 + place * 60_000)
                for place, number in enumerate(CARDS)
            ]
            with closing(aggregator.connect_ingest()) as connection:
                assert post(connection, batch(key, town, 1, records))[0] == 200
        with closing(open_database(aggregator.data_dir)) as database, database.write() as connection:
            users.add(connection, "seer", Role.VIEWER, True, None)
        yield aggregator


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aggregator]:
    """Another house, which has heard nothing yet."""
    with running(tmp_path_factory.mktemp("house-b") / "data", ["--issuer", "House B"]) as aggregator:
        yield aggregator


def ask(aggregator: Aggregator, path: str, user: str = "seer", body: object = None) -> tuple[int, Any]:
    with closing(open_database(aggregator.data_dir)) as database:
        token = entering.issue_token(database, user, "", 1)
    return asked(aggregator, f"/api/v1{path}", token, body)


def asked(aggregator: Aggregator, path: str, token: str, body: object = None) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    with closing(aggregator.connect_console()) as connection:
        connection.request("GET" if body is None else "POST", path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        return response.status, json.loads(response.read() or "null")


def catflap(aggregator: Aggregator, *words: str) -> int:
    return main(["host", *words, "--data", str(aggregator.data_dir)])


def admitted(at: Aggregator, of: Aggregator, name: str, *words: str) -> str:
    """Registers a house at another one by its key; gives its token there."""
    key = of.data_dir.parent / f"{name}.key.json"
    key.write_text(json.dumps(ask(of, "/list/key", "tester")[1]))
    assert catflap(at, "partner", "add", name, "--key", str(key), *words) == 0
    with closing(open_database(at.data_dir)) as database:
        return entering.issue_token(database, name, "partner", 1)


def way_to(at: Aggregator, token: str, folder: Path) -> list[str]:
    file = folder / "token"
    file.write_text(token)
    return ["--at", at.console, "--token-file", str(file)]


def test_pools_are_shown_masked_and_whole(aggregator: Aggregator) -> None:
    status, (pool,) = ask(aggregator, "/pools")
    assert (status, pool["kind"], pool["sites"]) == (200, "simbank", ["north", "south"])
    assert {member["number"][:6] + member["number"][10:] for member in pool["members"]} == {f"+86138{card[-4:]}" for card in CARDS}
    assert {("****", 2)} == {(member["number"][6:10], member["calls"]) for member in pool["members"]}
    _, (whole,) = ask(aggregator, "/pools?unmask_reason=weekly")
    assert sorted(member["number"] for member in whole["members"]) == sorted(f"+86{card}" for card in CARDS)
    assert ask(aggregator, "/campaigns")[0] == 200


def test_stix_and_list_take_a_reason_and_the_permission(aggregator: Aggregator) -> None:
    for path in ("/pools/stix", "/list"):
        assert ask(aggregator, path)[0] == 422
        assert ask(aggregator, f"{path}?unmask_reason=weekly", "tester")[0] == 403
    status, bundle = ask(aggregator, "/pools/stix?unmask_reason=weekly")
    assert status == 200
    parsed = stix2.parse(bundle, allow_custom=True)
    assert {thing["value"] for thing in bundle["objects"] if thing["type"] == "telephone-number"} == {f"+86{card}" for card in CARDS}
    assert "House A" in {thing.get("name") for thing in parsed.objects}


def test_a_partner_takes_the_list_and_obeys_what_is_withdrawn(
    aggregator: Aggregator, other: Aggregator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token = admitted(aggregator, other, "house-b", "--whole-numbers")
    back = admitted(other, aggregator, "house-a", "--trust", "90", "--for-probes")
    way = way_to(aggregator, token, tmp_path)
    capsys.readouterr()
    assert catflap(other, "list", "import", "house-a", *way) == 0
    assert capsys.readouterr().out.startswith("6 numbers and 0 withdrawals of house-a, good until ")

    file = tmp_path / "list.json"
    file.write_text(json.dumps(asked(aggregator, "/api/v1/list?unmask_reason=weekly", token)[1]))
    from_file = ("list", "import", "house-a", "--file", str(file))
    assert catflap(other, *from_file) == 0
    assert catflap(other, *from_file) == 2
    assert "a newer one or this one before" in capsys.readouterr().err
    file.write_text(json.dumps(asked(other, "/api/v1/list/key", back)[1]))
    assert catflap(other, *from_file) == 2
    assert "not a signed document" in capsys.readouterr().err

    probe = other.enrol("third")
    with closing(other.connect_ingest()) as connection:
        assert post(connection, batch(probe, "third", 1, [alert(1, calling=CARDS[0])]))[0] == 200
    (call,) = other.get("/calls")
    with closing(open_database(other.data_dir)) as database:
        assert len(kept.for_probes(database, NOW_MS, 9)) == 6
        code = entering.issue_code(database, "tester")
    browser = Browser(other)
    browser.get(f"/enter?code={code}")
    page = browser.get(f"/number?id={quote(call['calling_id'])}").text
    assert "What other houses think of it" in page and "numbers that act as one × 2" in page
    assert '<span class="kind kind-simbank">SIM bank</span>' in page
    assert CARDS[0] not in page
    assert ask(other, "/list?unmask_reason=weekly", "tester")[0] == 403
    assert json_list(other)["entries"] == [], "what a partner said is not passed on as one's own"

    appeal = {"number": f"+86{CARDS[0]}", "about": "listed", "statement": "the card is mine since May"}
    _, taken = ask(aggregator, "/appeal", "tester", appeal)
    assert ask(aggregator, f"/appeal/{taken['id']}", "tester", {"state": "upheld", "answer": "sold on"})[0] == 200
    capsys.readouterr()
    assert catflap(aggregator, "list", "send", *way_to(other, back, tmp_path), "--issuer", "House A") == 0
    assert capsys.readouterr().out == "5 numbers and 1 withdrawals taken there\n"
    with closing(open_database(other.data_dir)) as database:
        assert f"+86{CARDS[0]}" not in kept.for_probes(database, NOW_MS, 9)
    page = browser.get(f"/number?id={quote(call['calling_id'])}").text
    assert "withdrew it, since an appeal was right" in page and 'kind-simbank">SIM bank</span>, ' not in page
    assert catflap(other, "list", "taken") == 0
    assert capsys.readouterr().out.startswith("house-a\tHouse A\t")


def test_linked_houses_exchange_by_themselves_and_a_withdrawal_waits_for_nothing(
    other: Aggregator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a running aggregator does every quarter of a minute, done here at moments of our own, for a house that does not run."""
    folder = tmp_path / "house-g"
    data = ("--data", str(folder))
    assert main(["host", "partner", "key", *data]) == 0
    key = tmp_path / "g.key.json"
    key.write_text(capsys.readouterr().out)
    assert catflap(other, "partner", "add", "house-g", "--key", str(key)) == 0
    key.write_text(json.dumps(ask(other, "/list/key", "tester")[1]))
    assert main(["host", "partner", "add", "house-b", "--key", str(key), *data]) == 0
    with closing(open_database(other.data_dir)) as database:
        token = entering.issue_token(database, "house-g", "partner", 1)
    link = ["host", "partner", "link", "house-b", *way_to(other, token, tmp_path), *data]
    assert main(link) == 2, "what is to be done?"
    assert main([*link, "--send"]) == 0
    with closing(open_database(folder)) as database, closing(open_database(folder)) as beside:
        exchange = Exchange(database, list, load_signer(database, folder), "House G")
        now_ms = time.time_ns() // 1_000_000
        (turn,) = exchange.due(now_ms)
        assert links.due(beside, now_ms) == [], "one worker's turn is nobody else's"
        exchange.step(turn, now_ms)
        assert (turn.to_send, turn.to_fetch, links.listed(database)[0].error) == (True, False, "")
        assert exchange.due(now_ms) == [], "nothing is due"
        assert [one["issuer"] for one in ask(other, "/lists", "tester")[1] if one["source"] == "house-g"] == ["House G"]
        appeal = appeals.receive(database, "+8613911112222", appeals.About.LISTED, "it is mine")
        assert exchange.due(now_ms) == []
        appeals.decide(database, appeal, appeals.State.UPHELD, "tester", "so it is")
        now_ms = appeals.newest(database)["+8613911112222"].decided_ms + 1
        (turn,) = exchange.due(now_ms)
        exchange.step(replace(turn, link=replace(turn.link, house=House(other.console, "revoked"))), now_ms)
        assert "refuses (401)" in links.listed(database)[0].error
        assert exchange.due(now_ms + 1) == [], "after a fault it is tried again later"
        assert len(exchange.due(now_ms + links.LEASE_MS)) == 1
    capsys.readouterr()
    assert main(["host", "partner", "list", *data]) == 0
    assert "\tsends\t" in capsys.readouterr().out
    assert [main(["host", "partner", "unlink", "house-b", *data]) for _ in range(2)] == [0, 2]


def json_list(aggregator: Aggregator) -> Any:
    """What a house's list says, by a file that it writes."""
    out = aggregator.data_dir.parent / "own.json"
    assert catflap(aggregator, "list", "export", "--out", str(out), "--to", "nobody") == 0
    payload = json.loads(out.read_text())["payload"]
    return json.loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def test_numbers_are_matched_unseen_and_within_the_quota(
    aggregator: Aggregator, other: Aggregator, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token = admitted(aggregator, other, "house-c", "--daily-numbers", "5")
    admitted(other, aggregator, "house-a", "--trust", "90", "--for-probes")
    numbers = tmp_path / "numbers.txt"
    numbers.write_text(f"# ours\n{CARDS[1]}\n+86{CARDS[2]}  # a customer\n13900000000\n\n{CARDS[1]}\n")
    words = ("match", "house-a", "--numbers", str(numbers), *way_to(aggregator, token, tmp_path))
    capsys.readouterr()
    assert catflap(other, *words) == 0
    assert capsys.readouterr().out == f"{CARDS[1]}\n+86{CARDS[2]}\n"
    assert catflap(other, *words) == 2
    assert "(429): the day's quota does not reach: 2 are left until midnight UTC" in capsys.readouterr().err
    assert asked(aggregator, "/api/v1/match", token, {"key": 1, "blinded": ["00" * 32]})[0] == 409
    assert asked(aggregator, "/api/v1/match", token, {"key": 2, "blinded": Asked(["+861"]).blinded})[0] == 409
    assert asked(aggregator, "/api/v1/match", token, {"key": 1, "blinded": Asked([f"+{n}" for n in range(101)]).blinded})[0] == 422
    assert catflap(aggregator, "partner", "list") == 0
    assert "house-c\t" in (said := capsys.readouterr().out) and "80 %\t4 of 5" in said
    with closing(open_database(aggregator.data_dir)) as database, database.read() as connection:
        rows = connection.execute(select(audit.c.what, audit.c.about, audit.c.reason).where(audit.c.who == "house-c")).all()
    assert [tuple(row) for row in rows if row.what == "match"] == [("match", "3 numbers", "key 1"), ("match", "1 numbers", "key 1")]
    assert not any(card in str(row) for row in rows for card in CARDS)
    assert catflap(aggregator, "partner", "rotate-key") == 0
    assert asked(aggregator, "/api/v1/match", token, {"key": 1, "blinded": Asked(["+861"]).blinded})[0] == 409


def test_a_partners_token_opens_nothing_else(aggregator: Aggregator, other: Aggregator) -> None:
    token = admitted(aggregator, other, "house-d", "--whole-numbers")
    described = aggregator.get("/openapi.json")["paths"]
    for path, methods in described.items():
        if path not in PARTNERS:
            status, refusal = asked(aggregator, path, token, {} if "post" in methods else None)
            assert status == 403 and "is a partner" in refusal["detail"], path
    for page in ("/", "/live", "/number?id=x", "/metrics", "/api/v1/openapi.json", "/api/v1/list/", "/API/v1/list"):
        assert asked(aggregator, page, token)[0] == 403, page
    assert {path: asked(aggregator, path, token)[0] for path in FOR_PARTNERS} == FOR_PARTNERS
    closed = admitted(aggregator, other, "house-e")
    assert asked(aggregator, "/api/v1/list?unmask_reason=weekly", closed)[0] == 403, "it may match only"
    with closing(open_database(aggregator.data_dir)) as database:
        browser = Browser(aggregator)
        assert browser.get(f"/enter?code={entering.issue_code(database, 'house-d')}").status == 303
    assert browser.get("/live").status == 403
    for path, body in (("/match", {"key": 1, "blinded": Asked(["+861"]).blinded}), ("/match/tags", None), ("/list/send", {})):
        assert ask(aggregator, path, "tester", body)[0] in (403, 422), "not for our own either"
    assert ask(aggregator, "/user/house-d/role", "tester", {"role": "administrator"})[0] == 409
    assert ask(aggregator, "/partner/house-d/remove", "tester", {})[0] == 200
    assert asked(aggregator, "/api/v1/list/key", token)[0] == 401


def test_schemathesis_finds_nothing_as_a_partner_either(aggregator: Aggregator, other: Aggregator, tmp_path: Path) -> None:
    described = tmp_path / "openapi.json"
    described.write_text(json.dumps(aggregator.get("/openapi.json")))
    words = ["run", str(described), "--url", aggregator.console, "--include-path-regex", "/(list|match)", "--exclude-path-regex", "/lists$"]
    words += ["--checks", "all", "--phases", "coverage", "--seed", "1"]
    token = admitted(aggregator, other, "house-h", "--whole-numbers", "--daily-numbers", "100000")
    done = subprocess.run(
        [str(Path(sys.prefix) / "bin" / "schemathesis"), *words, "-H", f"Authorization: Bearer {token}"],
        check=False,
        capture_output=True,
        text=True,
        timeout=SCHEMATHESIS_S,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]


def test_administrators_deal_with_partners_by_the_api(aggregator: Aggregator, other: Aggregator) -> None:
    key = json.dumps(ask(other, "/list/key", "tester")[1])
    for path, body in (("/partners", None), ("/partner", {"name": "x", "key": key}), ("/lists", None), ("/partner/x/token", {})):
        assert ask(aggregator, path, "seer", body)[0] == 403
    assert ask(aggregator, "/partner", "tester", {"name": "house-f", "key": "{}"})[0] == 409
    assert ask(aggregator, "/partner", "tester", {"name": "seer", "key": key})[0] == 409, "that is a user of our own"
    assert ask(aggregator, "/partner", "tester", {"name": "house-f", "key": key, "daily_numbers": 7})[0] == 200
    _, issued = ask(aggregator, "/partner/house-f/token", "tester", {"days": 1})
    assert asked(aggregator, "/api/v1/match/tags", issued["token"])[0] == 200
    (known,) = [one for one in ask(aggregator, "/partners", "tester")[1] if one["name"] == "house-f"]
    assert (known["daily_numbers"], known["numbers"], known["lists"]) == (7, 0, 1)
    assert ask(aggregator, "/partner/nobody/token", "tester", {})[0] == 409
    assert ask(other, "/lists", "tester")[1][0]["source"] == "house-a"
