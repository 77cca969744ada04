"""Administration: what is clicked is in the store and in the audit, words that open are shown once, only administrators come in."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from catflap_host.access import entering, tokens, users
from catflap_host.access.roles import Role
from catflap_host.deliver import outbox
from catflap_host.export import signing
from catflap_host.reputation import partners
from catflap_host.store import queries, retention
from catflap_host.store.audit_log import Wanted, noted
from catflap_host.store.database import Database
from catflap_host.store.places import probe_place
from catflap_host.store.tables import audit, probes
from tests.console_app import USER, Client, console
from tests.console_users import another

PLACES = ("", "/tokens", "/audit", "/integrations", "/probes", "/keeping")


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Database]]:
    with console(tmp_path_factory.mktemp("administration")) as found:
        yield found


def user(database: Database, name: str) -> users.User:
    return next(one for one in users.listed(database) if one.name == name)


def secrets_in(text: str) -> list[str]:
    return re.findall(r'<code class="secret" tabindex="0">([^<]*)</code>', text.split('class="once"')[1].split("</div>")[0])


def key_of(database: Database, probe: str) -> bytes:
    with database.read() as connection:
        sealed = connection.execute(select(probes.c.key).where(probes.c.probe == probe)).scalar_one()
    return database.vault.open(sealed, probe_place(probe))


def audited(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(select(audit.c.who, audit.c.what, audit.c.about).order_by(audit.c.id))]


def test_a_user_is_added_enters_by_his_link_and_is_changed_and_disabled(seeded: tuple[Client, Database]) -> None:
    client, database = seeded
    answer = client.post("/administration", {"do": "add", "name": "zhao.lin", "role": "operator", "unmask": "1"})
    (link,) = secrets_in(answer.text)
    assert answer.status == 200 and link.startswith("http://127.0.0.1/enter?code=") and link not in client.get("/administration").text
    assert (user(database, "zhao.lin").role, user(database, "zhao.lin").may_unmask) == (Role.OPERATOR, True)
    entered = Client(client.app)
    assert entered.get(link.removeprefix("http://127.0.0.1")).status == 303 and entered.get("/policy/edit").status == 200
    assert client.post("/administration", {"do": "role", "name": "zhao.lin", "role": "viewer"}).status == 303
    assert (user(database, "zhao.lin").role, user(database, "zhao.lin").may_unmask) == (Role.VIEWER, False)
    assert entered.get("/policy/edit").status == 403, "from his next click on"
    assert len(secrets_in(client.post("/administration", {"do": "link", "name": "zhao.lin"}).text)) == 1
    assert entered.get("/policy").status == 303, "his sessions ended"
    assert client.post("/administration", {"do": "disable", "name": "zhao.lin"}).status == 303
    assert user(database, "zhao.lin").disabled
    for wrong in (
        {"do": "add", "name": "<b>", "role": "viewer"},
        {"do": "add", "name": "zhao.lin", "role": "viewer"},
        {"do": "add", "name": "x", "role": "partner"},
        {"do": "role", "name": USER, "role": "viewer"},
        {"do": "disable", "name": USER},
        {"do": "link", "name": "nobody"},
    ):
        answer = client.post("/administration", wrong)
        assert (answer.status, 'role="alert"' in answer.text, "<b>'" in answer.text) == (400, True, False), wrong
    assert client.post("/administration", {"do": "promote"}).status == 400
    assert [row for row in audited(database) if row[2] == "zhao.lin"] == [
        (USER, f"user-{what}", "zhao.lin") for what in ("add", "role", "link", "disable")
    ]


def test_a_token_is_shown_once_opens_and_is_revoked(seeded: tuple[Client, Database]) -> None:
    client, database = seeded
    answer = client.post("/administration/tokens", {"do": "issue", "user": USER, "purpose": "grafana", "days": "30"})
    (token,) = secrets_in(answer.text)
    assert entering.by_token(database, token) is not None and token not in client.get("/administration/tokens").text
    (known,) = [one for one in tokens.listed(database) if one.purpose == "grafana"]
    for wrong in ({"days": "0"}, {"days": "x"}, {"user": "nobody", "days": "1"}):
        assert client.post("/administration/tokens", {"do": "issue", "user": USER} | wrong).status == 400
    assert client.post("/administration/tokens", {"do": "revoke", "token": known.id}).status == 303
    assert entering.by_token(database, token) is None
    assert client.post("/administration/tokens", {"do": "revoke", "token": known.id}).status == 400


def test_webhooks_and_partners_are_added_and_removed(seeded: tuple[Client, Database]) -> None:
    client, database = seeded
    place = "/administration/integrations"
    answer = client.post(place, {"do": "add-webhook", "url": "http://127.0.0.1:9/x", "private": "1"})
    assert len(secrets_in(answer.text)) == 1
    (webhook,) = outbox.webhooks(database)
    zh = Client(client.app, client.cookies | {"catflap-language": "zh"})
    answer = zh.post(place, {"do": "add-webhook", "url": "ftp://127.0.0.1/"})
    assert answer.status == 400 and "未添加：地址应以 https:// 开头" in answer.text
    assert client.post(place, {"do": "remove-webhook", "webhook": webhook.id}).status == 303
    assert outbox.webhooks(database) == [] and client.post(place, {"do": "remove-webhook", "webhook": webhook.id}).status == 400
    key = re.search(r'<code class="secret" tabindex="0">([^<]*)</code>', client.get(place).text.split("Our public key")[1])
    assert key
    jwk = key[1].replace("&#34;", '"')
    assert signing.read_jwk(jwk)
    terms = {"do": "add-partner", "name": "bank-a", "key": jwk, "trust": "60", "daily_numbers": "500", "for_probes": "1"}
    assert client.post(place, terms).status == 303
    (partner,) = partners.listed(database)
    assert (partner.name, partner.trust, partner.for_probes, partner.daily_numbers) == ("bank-a", 60, True, 500)
    for wrong in ({"trust": "x"}, {"trust": "101"}, {"key": json.dumps({"kty": "RSA"})}, {"name": "a b"}):
        assert client.post(place, terms | wrong).status == 400, wrong
    (token,) = secrets_in(client.post(place, {"do": "partner-token", "name": "bank-a"}).text)
    identity = entering.by_token(database, token)
    assert identity and identity.role is Role.PARTNER
    assert client.post("/administration", {"do": "role", "name": "bank-a", "role": "administrator"}).status == 400
    assert client.post(place, {"do": "remove-partner", "name": "bank-a"}).status == 303
    assert partners.listed(database) == [] and entering.by_token(database, token) is None


def test_a_probe_is_enrolled_with_a_key_that_is_given_out_once(seeded: tuple[Client, Database]) -> None:
    client, database = seeded
    answer = client.post("/administration/probes", {"name": "pi-1"})
    assert (answer.status, answer.headers["content-disposition"]) == (200, 'attachment; filename="pi-1.key"')
    assert key_of(database, "pi-1") == bytes.fromhex(answer.text.strip()) and len(answer.text.strip()) == 64
    assert client.post("/administration/probes", {"name": "pi-1"}).status == 400, "not replaced by a slip"
    again = client.post("/administration/probes", {"name": "pi-1", "replace": "1"})
    assert again.text != answer.text and key_of(database, "pi-1") == bytes.fromhex(again.text.strip())
    assert client.post("/administration/probes", {"name": 'a"\r\nx'}).status == 400
    assert answer.text.strip() not in client.get("/administration/probes").text
    assert audited(database).count((USER, "probe-enrol", "pi-1")) == 2


def test_how_long_data_is_kept(seeded: tuple[Client, Database]) -> None:
    client, database = seeded
    assert client.post("/administration/keeping", {"numbers": "60", "records": "20"}).status == 303
    assert (retention.kept(database)["numbers"], retention.kept(database)["records"], retention.kept(database)["calls"]) == (60, 20, 400)
    for wrong in ({"numbers": "10"}, {"calls": "0"}, {"calls": "ten"}):
        assert client.post("/administration/keeping", wrong).status == 400
    assert retention.kept(database)["numbers"] == 60


def test_the_audit_tells_who_saw_which_number_and_is_filtered(seeded: tuple[Client, Database]) -> None:
    client, database = seeded
    seer = another(client, database, "seer", Role.VIEWER, True)
    pseudonym = queries.calls(database, None, 1)[0].calling_id
    assert seer.post("/number", {"id": pseudonym, "reason": "asked by 13812345678"}).status == 200
    page = client.get("/administration/audit?group=numbers&who=seer").text
    assert f"/number?id={pseudonym}" in page and "asked by 138****5678" in page and "13812345678" not in page
    assert "policy-" not in page and "user-add" not in page
    assert "Nothing fits." in client.get("/administration/audit?group=numbers&who=nobody").text
    assert "Nothing fits." in client.get("/administration/audit?until=2020-01-01&offset_min=480").text
    assert client.get("/administration/audit?since=yesterday").status == 422
    everything = noted(database, Wanted(), 2**53, 10_000)
    assert [row.id for row in noted(database, Wanted(), everything[3].id, 2)] == [everything[4].id, everything[5].id]


def test_only_administrators_come_in(seeded: tuple[Client, Database]) -> None:
    client, database = seeded
    others = [another(client, database, name, role, True) for name, role in (("olga", Role.OPERATOR), ("vito", Role.VIEWER))]
    foreign = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "cross-site"}
    for place in (*(f"/administration{place}" for place in PLACES if place != "/audit"), "/policy", "/policy/edit", "/registers/wish/add"):
        # a page of another site asks in the administrator's name
        assert asyncio.run(client._ask("POST", place, b"do=add&name=evil&role=administrator", foreign)).status == 403, place
    before = (len(users.listed(database)), len(tokens.listed(database)), len(queries.probes(database)))
    for other in others:
        assert "/administration" not in other.get("/").text
        for place in PLACES:
            assert other.get(f"/administration{place}").status == 403, place
        for place, form in (
            ("", {"do": "role", "name": "olga", "role": "administrator"}),
            ("/tokens", {"do": "issue", "user": USER, "days": "9"}),
            ("/integrations", {"do": "add-webhook", "url": "http://127.0.0.1:9/x", "private": "1"}),
            ("/probes", {"name": "evil"}),
            ("/keeping", {"calls": "1"}),
        ):
            assert other.post(f"/administration{place}", form).status == 403, place
    assert (len(users.listed(database)), len(tokens.listed(database)), len(queries.probes(database))) == before
    assert outbox.webhooks(database) == [] and retention.kept(database)["calls"] == 400


def test_the_first_steps_are_shown_to_administrators_until_a_probe_is_enrolled(tmp_path: Path) -> None:
    with console(tmp_path) as (client, database):
        assert "First steps" not in client.get("/").text
        with database.write() as connection:
            connection.execute(delete(probes))
        assert "/administration/probes" in client.get("/overview").text
        assert "First steps" not in another(client, database, "vito", Role.VIEWER).get("/").text
