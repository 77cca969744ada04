"""The registers' pages: what is filled in, ended or taken in by file is stored, faults stand at their fields, refusals hold."""

import asyncio
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from catflap_host.access.roles import Role
from catflap_host.registers import entries
from catflap_host.registers.kinds import Register
from catflap_host.store.database import Database
from catflap_host.store.tables import audit
from tests.console_app import USER, Answer, Client, console
from tests.console_seed import HOSTILE
from tests.console_users import another

NUMBER = "13812345678"
WHOLE = f"+86{NUMBER}"
CONTRACT = {"contract": "HT-1", "customer": "银行甲", "access_party": "运营商乙", "probe": "haidian-1", "trunk": "t1", "industry": "loans"}


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Database]]:
    with console(tmp_path_factory.mktemp("registers"), Role.OPERATOR) as found:
        yield found


def send_file(client: Client, path: str, content: bytes, **fields: str) -> Answer:
    """A form with a file as a browser sends it."""
    parts = [b'Content-Disposition: form-data; name="%s"\r\n\r\n%s' % (name.encode(), text.encode()) for name, text in fields.items()]
    parts.append(b'Content-Disposition: form-data; name="file"; filename="list.csv"\r\nContent-Type: text/csv\r\n\r\n' + content)
    body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + b"--edge--\r\n"
    return asyncio.run(client._ask("POST", path, body, {"content-type": "multipart/form-data; boundary=edge"}))


def held(database: Database, register: Register) -> list[entries.Entry]:
    return list(entries.everything(database, register))


def test_every_register_is_added_to_by_its_form(seeded: tuple[Client, Database]) -> None:
    client, database = seeded
    chief = another(client, database, "ada", Role.ADMINISTRATOR)
    consent = {
        "number": NUMBER,
        "holder": "银行甲",
        "industry": "loans",
        "evidence": HOSTILE,
        "from": "2026-01-01T08:00",
        "until": "2030-01-01T00:00",
    }
    wanted = {
        Register.DO_NOT_CALL: {"number": "010 62345601", "note": f"told {NUMBER}"},
        Register.CONSENT: consent | {"offset_min": "480"},
        Register.WISH: {"number": NUMBER, "industry": "travel", "wish": "accept", "from": "2026-03-02T00:00"},
        Register.CONTRACT: CONTRACT | {"purpose": "commercial", "hours": "workday 09:00-18:00; restday none"},
        Register.RANGE: {"range": "01062345600-01062345699", "contract": "HT-1"},
        Register.RESOURCE: {"range": "95588*", "holder": "银行甲", "uses-inbound": "1", "uses-service": "1"},
        Register.HOLIDAY: {"day": "2027-02-06", "kind": "rest", "name": "春节"},
    }
    for register, fields in wanted.items():
        answer = chief.post(f"/registers/{register}/add", fields | {"reason": "letter 17"})
        assert (answer.status, answer.headers.get("location")) == (303, f"/registers/{register}"), answer.text[-2_000:]
        (entry,) = held(database, register)
        page = chief.get(f"/registers/{register}").text + chief.get(f"/registers/entries/{entry.id}").text
        assert NUMBER not in page and "62345601" not in page.replace("0106234560", "") and "<img src=x" not in page
    (entry,) = held(database, Register.CONSENT)
    assert (entry.fields["number"], entry.begins_ms) == (WHOLE, 1_767_225_600_000), "08:00 by a clock 8 hours ahead"
    assert held(database, Register.RESOURCE)[0].fields["uses"] == "inbound service"
    with database.read() as connection:
        rows = connection.execute(select(audit.c.who, audit.c.reason).where(audit.c.what == "register-add")).all()
    assert {tuple(row) for row in rows} == {("ada", "letter 17")}
    assert "1 entry" in chief.get("/registers").text


def test_faults_stand_at_their_fields_in_the_readers_language(seeded: tuple[Client, Database]) -> None:
    client, database = seeded
    before = len(held(database, Register.CONSENT))
    speaking = Client(client.app, client.cookies | {"catflap-language": "zh"})
    wrong = {
        "number": "62345601",
        "holder": "a,b",
        "industry": "loans",
        "from": "2026-02-01T00:00",
        "until": "2026-01-01T00:00",
        "reason": "as asked",
    }
    answer = speaking.post("/registers/consent/add", wrong)
    assert answer.status == 400
    for field, words in (("number", "缺少区号"), ("holder", "不是名称"), ("evidence", "证据 为空：凭证")):
        found = re.search(rf'id="fault-{field}">([^<]*)', answer.text)
        assert found and words in found[1], (field, found)
    good = wrong | {"number": NUMBER, "holder": "银行甲", "evidence": "x"}
    assert "until 不晚于 from" in speaking.post("/registers/consent/add", good).text
    answer = speaking.post("/registers/consent/add", good | {"until": "2030-01-01T00:00", "reason": " "})
    assert (answer.status, 'id="fault-reason"' in answer.text) == (400, True)
    assert len(held(database, Register.CONSENT)) == before


def test_a_file_is_taken_whole_or_in_part_or_not(seeded: tuple[Client, Database]) -> None:
    client, database = seeded
    path, before = "/registers/wish/import", len(held(database, Register.WISH))
    content = f"\ufeffnumber,industry,wish,from,note\r\n13911112222,loans,refuse,2026-03-02,a\r\n{'1' * 40},loans,maybe,,\r\n".encode()
    answer = send_file(client, path, content, reason="list of March")
    assert (
        answer.status == 400
        and "1 line is at fault" in answer.text
        and "line 3: wish: " in answer.text
        and "nothing was taken" in answer.text
    )
    assert len(held(database, Register.WISH)) == before
    answer = send_file(client, path, content, reason="list of March", in_part="1")
    assert answer.status == 200 and "1 new, 0 changed" in answer.text and "the others were taken" in answer.text
    assert held(database, Register.WISH)[-1].fields["number"] == "+8613911112222"
    assert send_file(client, path, "number\n贷款".encode("gb18030"), reason="list of March").status == 400
    assert send_file(client, path, b"", reason="list of March").status == send_file(client, path, content).status == 400
    assert client.post(path, {"reason": "list of March"}).status == 400, "no file in it"
    assert len(held(database, Register.WISH)) == before + 1


def test_an_entry_is_found_ended_and_shown_whole_to_who_may(seeded: tuple[Client, Database]) -> None:
    client, database = seeded
    entries.add(database, Register.DO_NOT_CALL, [], entries.Author(USER, "as asked"))
    assert client.post("/registers/do-not-call/add", {"number": "13700001111", "reason": "told 13700001111"}).status == 303
    entry = held(database, Register.DO_NOT_CALL)[-1]
    found = client.post("/registers/do-not-call/find", {"subject": "137 0000 1111"})
    assert found.status == 200 and f'href="/registers/entries/{entry.id}"' in found.text and found.text.count("/registers/entries/") == 1
    assert client.post("/registers/do-not-call/find", {"subject": "137"}).status == 400
    seer, viewer = another(client, database, "seer", Role.OPERATOR, True), another(client, database, "vera", Role.VIEWER)
    own = f"/registers/entries/{entry.id}"
    for who in (client, seer, viewer):
        assert "13700001111" not in who.get(own).text
    assert client.post(own, {"do": "show", "reason": "letter 5"}).status == 403
    assert seer.post(own, {"do": "show", "reason": "?"}).status == 400
    assert "+8613700001111" in seer.post(own, {"do": "show", "reason": "letter 5"}).text
    assert 'name="do"' not in viewer.get(own).text.split("<main")[1]
    assert viewer.post(own, {"do": "end", "reason": "as asked"}).status == 403
    assert client.post(own, {"do": "end", "reason": ""}).status == 400
    assert client.post(own, {"do": "end", "reason": "by mistake"}).status == 303
    assert held(database, Register.DO_NOT_CALL)[-1].ends_ms > 0
    assert "by mistake" in viewer.get(own).text
    assert own not in client.get("/registers/do-not-call").text and own in client.get("/registers/do-not-call?all=1").text
    with database.read() as connection:
        assert "letter 5" in [row.reason for row in connection.execute(select(audit).where(audit.c.what == "unmask-all"))]


def test_who_may_not_is_refused(seeded: tuple[Client, Database]) -> None:
    client, database = seeded
    viewer = another(client, database, "otto", Role.VIEWER)
    before = {register: len(held(database, register)) for register in Register}
    person = {"number": NUMBER, "reason": "as asked"}
    assert (
        viewer.post("/registers/do-not-call/add", person).status
        == viewer.post("/registers/do-not-call/find", {"subject": NUMBER}).status
        == 403
    )
    assert client.post("/registers/contract/add", CONTRACT | {"reason": "as asked"}).status == 403, "an administrator's"
    assert send_file(viewer, "/registers/do-not-call/import", b"number\n13812345678\n", reason="as asked").status == 403
    assert "<form" not in viewer.get("/registers/contract").text.split("<main")[1]
    assert (
        client.get("/registers/entries/999").status
        == client.post("/registers/entries/999", {"do": "end", "reason": "as asked"}).status
        == 404
    )
    assert {register: len(held(database, register)) for register in Register} == before
