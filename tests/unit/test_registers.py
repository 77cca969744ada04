"""The registers: what is read, what takes the place of what, refusals that end consents, history, files, who may do what, and retention."""

import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import select

from catflap_host.access import entering, users
from catflap_host.access.roles import Role
from catflap_host.api import registers as api
from catflap_host.api.guard import Guard
from catflap_host.cli import main
from catflap_host.errors import UserError
from catflap_host.registers import entries, files, tables
from catflap_host.registers.entries import Author, Draft, Outcome
from catflap_host.registers.fields import FieldError, number, number_range, numbers_plan, persons_number
from catflap_host.registers.kinds import KINDS, Register
from catflap_host.store.database import Database, open_database
from catflap_host.store.keys import rotate
from catflap_host.store.parties import DAY_MS
from catflap_host.store.resealing import reseal
from catflap_host.store.retention import expire
from catflap_host.store.tables import audit
from tests.in_process import Answer, ask

NOW_MS = 1_772_380_800_000
NUMBER, OTHER = "+8613812345678", "+8613912345678"
BY = Author("li.wei", "as the law asks")
CN = numbers_plan("CN")


@pytest.fixture
def plain(tmp_path: Path) -> Iterator[Database]:
    with closing(open_database(tmp_path / "data")) as database:
        yield database


def draft(register: Register, begins_ms: int, ends_at: int = 0, **cells: str) -> Draft:
    fields = {field.name: cells.get(field.name, field.otherwise) for field in KINDS[register].fields}
    return Draft(fields, begins_ms, ends_at)


def consent(begins_ms: int, ends_ms: int, **cells: str) -> Draft:
    told = {"number": NUMBER, "holder": "银行甲", "industry": "loans", "evidence": "contract 7", "source": "", "note": ""}
    return Draft(told | cells, begins_ms, ends_ms)


def spans(database: Database, register: Register, subject: str = NUMBER) -> list[tuple[int, int]]:
    return [(entry.begins_ms, entry.ends_ms) for entry in entries.of_subject(database, register, subject)]


def taken(database: Database, register: Register, text: str, in_part: bool = False) -> files.Taken:
    return files.take(database, register, files.opener(text.encode()), "CN", in_part, BY, NOW_MS)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("13812345678", NUMBER),
        ("+86 138 1234 5678", NUMBER),
        ("8613812345678", NUMBER),
        ("013812345678", NUMBER),
        ("010-62345601", "+861062345601"),
        ("+44 20 7123 4567", "+442071234567"),
    ],
)
def test_a_person_s_number_has_one_form(written: str, kept: str) -> None:
    assert persons_number(written, CN) == kept


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("62345601", "no area code"),
        ("138", "no whole"),
        ("95588", "a service's"),
        ("4001234567", "a service's"),
        ("x", "no whole"),
        ("", "no whole"),
    ],
)
def test_what_is_no_person_s_number_is_refused(written: str, fault: str) -> None:
    with pytest.raises(FieldError, match=fault):
        persons_number(written, CN)
    assert number("95588", CN) == "+8695588"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("01062345600-01062345699", "+861062345600-+861062345699"),
        ("01062345600", "+861062345600"),
        ("95588*", "+8695588*"),
        ("0106234*", "+86106234*"),
        ("+4420*", "+4420*"),
        ("0044*", "+44*"),
    ],
)
def test_a_range_has_one_form(written: str, kept: str) -> None:
    assert number_range(written, CN) == kept


@pytest.mark.parametrize("written", ["", "*", "1*", "01062345699-01062345600", "01062345600-13812345678", "95588-", "a-b", "-"])
def test_what_is_no_range_is_refused(written: str) -> None:
    with pytest.raises(FieldError):
        number_range(written, CN)


def test_the_newest_entry_holds_and_the_one_before_ends_with_it(database: Database) -> None:
    for at_ms, word in ((1_000, "accept"), (2_000, "accept"), (3_000, "refuse")):
        entries.add(database, Register.WISH, [draft(Register.WISH, at_ms, wish=word, number=NUMBER, industry="loans")], BY)
    assert spans(database, Register.WISH) == [(1_000, 3_000), (3_000, 0)]
    assert entries.add(
        database, Register.WISH, [draft(Register.WISH, 3_500, wish="refuse", number=NUMBER, industry="loans")], BY
    ) == Outcome(0, 0, 1)
    # one that was wrong from its beginning on never held
    entries.add(database, Register.WISH, [draft(Register.WISH, 2_500, wish="accept", number=NUMBER, industry="loans")], BY)
    found = entries.of_subject(database, Register.WISH, NUMBER)
    assert [(entry.begins_ms, entry.ends_ms) for entry in found] == [(1_000, 2_500), (3_000, 3_000), (2_500, 0)]
    assert [(event.entry, event.what) for event in entries.history(database, found[0].id)][:3] == [
        (found[0].id, "added"),
        (found[0].id, "changed"),
        (found[1].id, "added"),
    ]
    assert {(event.who, event.why) for event in entries.history(database, found[0].id)} == {("li.wei", "as the law asks")}


@pytest.mark.parametrize("is_refusal_first", [False, True])
@pytest.mark.parametrize(
    ("no", "ends"),
    [
        ({}, True),
        ({"industry": "loans"}, True),
        ({"holder": "银行甲"}, True),
        ({"industry": "travel"}, False),
        ({"holder": "银行乙"}, False),
        ({"number": OTHER}, False),
    ],
)
def test_a_refusal_ends_the_consents_it_is_about(database: Database, no: dict[str, str], ends: bool, is_refusal_first: bool) -> None:
    words = [
        (Register.CONSENT, consent(1_000, 9_000)),
        (Register.DO_NOT_CALL, Draft({"number": NUMBER, "holder": "", "industry": "", "source": "", "note": ""} | no, 5_000)),
    ]
    for register, word in reversed(words) if is_refusal_first else words:
        entries.add(database, register, [word], BY)
    assert spans(database, Register.CONSENT) == [(1_000, 5_000 if ends else 9_000)]
    if ends:
        entries.add(database, Register.CONSENT, [consent(6_000, 8_000)], BY)
        assert spans(database, Register.CONSENT) == [(1_000, 5_000), (6_000, 8_000)], "a newer consent is a newer word"


def test_a_wish_to_refuse_ends_consents_and_a_wish_to_accept_none(plain: Database) -> None:
    entries.add(plain, Register.CONSENT, [consent(1_000, 9_000), consent(1_000, 9_000, number=OTHER)], BY)
    for who, word in ((NUMBER, "refuse"), (OTHER, "accept")):
        entries.add(plain, Register.WISH, [draft(Register.WISH, 5_000, number=who, industry="loans", wish=word)], BY)
    assert spans(plain, Register.CONSENT) == [(1_000, 5_000)]
    assert spans(plain, Register.CONSENT, OTHER) == [(1_000, 9_000)]


def test_the_same_consents_taken_in_again_do_not_undo_a_refusal(plain: Database) -> None:
    text = "number,holder,industry,evidence,from,until\n13812345678,银行甲,loans,c,2026-01-01,2027-01-01\n"
    taken(plain, Register.CONSENT, text)
    entries.refuse(plain, NUMBER, "", "", NOW_MS, BY)
    taken(plain, Register.CONSENT, text)
    assert [entry.ends_ms for entry in entries.of_subject(plain, Register.CONSENT, NUMBER) if entry.holds(NOW_MS - 1)] == [NOW_MS]
    assert not [entry for entry in entries.of_subject(plain, Register.CONSENT, NUMBER) if entry.holds(NOW_MS)]


def test_entries_are_found_under_new_keys_and_lie_sealed(tmp_path: Path) -> None:
    for key in range(2):
        with closing(open_database(tmp_path)) as database:
            again = entries.add(database, Register.DO_NOT_CALL, [draft(Register.DO_NOT_CALL, 1_000, number=NUMBER, note="秘密")], BY)
            assert again == Outcome(1 - key, 0, key)
            assert len(entries.words_of(database, [NUMBER])[NUMBER]) == 1
            if key:
                assert reseal(database).resealed
                vault = database.vault
                with database.read() as connection:
                    found = connection.execute(select(tables.entries)).one()
                assert (vault.is_newest(found.sealed), found.subject) == (True, vault.pseudonym(NUMBER))
                assert entries.words_of(database, [NUMBER])[NUMBER][0].fields["note"] == "秘密"
        assert not [path for path in tmp_path.iterdir() if b"3812345678" in path.read_bytes() or "秘密".encode() in path.read_bytes()]
        rotate(tmp_path)


def test_a_change_needs_a_reason_and_is_audited(plain: Database) -> None:
    with pytest.raises(UserError, match="say why"):
        entries.add(plain, Register.DO_NOT_CALL, [draft(Register.DO_NOT_CALL, 1, number=NUMBER)], Author("x", "  "))
    entries.add(plain, Register.DO_NOT_CALL, [draft(Register.DO_NOT_CALL, 1, number=NUMBER)], BY)
    entry = entries.of_subject(plain, Register.DO_NOT_CALL, NUMBER)[0]
    entries.end(plain, entry.id, 5_000, BY)
    for wrong, fault in ((entry.id, "over already"), (99, "no entry 99")):
        with pytest.raises(UserError, match=fault):
            entries.end(plain, wrong, 6_000, BY)
    with plain.read() as connection:
        assert [(row.who, row.what, row.about) for row in connection.execute(select(audit))] == [
            ("li.wei", "register-add", "do-not-call: 1 added, 0 changed"),
            ("li.wei", "register-end", f"do-not-call {entry.id}"),
        ]


def test_every_fault_of_a_file_is_told_and_then_nothing_is_taken(plain: Database) -> None:
    text = (
        "\ufeffNumber,industry,from,until,id\r\n"
        "13812345678,loans,2026-01-01,,17\r\n"
        "138,money,yesterday,,\r\n"
        ",,,,\r\n"
        "13912345678,,2026-02-01,2026-01-01,\r\n"
        "13912345678,,,,,6\r\n"
    )
    found = taken(plain, Register.DO_NOT_CALL, text)
    assert (found.lines, found.faulty, found.outcome) == (4, 3, Outcome())
    assert [(fault.line, fault.text.split(":")[0]) for fault in found.faults] == [
        (3, "number"),
        (3, "industry"),
        (3, "from"),
        (5, "until is not later than from"),
        (6, "has 6 cells, the first line names 5 columns"),
    ]
    assert not list(entries.everything(plain, Register.DO_NOT_CALL))
    assert taken(plain, Register.DO_NOT_CALL, text, in_part=True).outcome == Outcome(1)
    assert [entry.fields["number"] for entry in entries.everything(plain, Register.DO_NOT_CALL)] == [NUMBER]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"tel\n1\n", "the first line names the columns"),
        (b"number,number\n", "each once"),
        (b"number,colour\n13812345678,red\n", "no column 'colour'"),
        ("number,note\n13812345678,贷款\n".encode("gb18030"), "not UTF-8"),
        (b'number,note\n13812345678,"open', "no CSV"),
        (b"number,note\n13812345678," + b"x" * 20_000, "no CSV"),
        (b"number,note\n13812345678,a\x00b\n", "on one line"),
    ],
)
def test_a_file_that_is_none_is_refused(plain: Database, content: bytes, fault: str) -> None:
    found = files.take(plain, Register.DO_NOT_CALL, files.opener(content), "CN", False, BY, NOW_MS)
    assert [one for one in found.faults if fault in one.text], found.faults
    assert found.outcome == Outcome()


def test_needed_columns_are_asked_for(plain: Database) -> None:
    faults = taken(plain, Register.CONSENT, "number\n13812345678\n").faults
    assert [fault.text.split(" is empty")[0] for fault in faults] == ["holder", "industry", "evidence", "from", "until"]
    wrong = taken(plain, Register.CONTRACT, "contract,customer,access_party,probe,trunk,hours,seats\nc,a,b,p,t,9-5,-1\n").faults
    assert [fault.text.split(" ")[0] for fault in wrong] == ["seats:", "hours:", "industry"]
    assert "industry is empty" in taken(plain, Register.CONTRACT, "contract,customer,access_party,probe,trunk\nc,a,b,p,t\n").faults[0].text


def test_what_is_written_can_be_taken_in_again(tmp_path: Path, plain: Database) -> None:
    note = "=HYPERLINK(1)"
    taken(plain, Register.RANGE, f"range,contract,note\n01062345600-01062345699,c1,{note}\n")
    taken(plain, Register.DO_NOT_CALL, "number,note\n13812345678,call +8613812345678\n")
    text = "".join(files.written(Register.RANGE, entries.everything(plain, Register.RANGE), True))
    assert f"'{note}" in text
    with closing(open_database(tmp_path / "other")) as other:
        assert taken(other, Register.RANGE, text).outcome == Outcome(1)
        copied = next(entries.everything(other, Register.RANGE))
        assert (copied.fields, copied.begins_ms) == (next(entries.everything(plain, Register.RANGE)).fields, NOW_MS)
    masked = "".join(files.written(Register.DO_NOT_CALL, entries.everything(plain, Register.DO_NOT_CALL), False))
    assert "12345678" not in masked
    assert masked.count("138****5678") == 2


def test_entries_go_when_their_time_is_over(plain: Database) -> None:
    now_ms = 2_000 * DAY_MS
    for number_, ends_ms in ((NUMBER, now_ms - 800 * DAY_MS), (OTHER, now_ms - 700 * DAY_MS)):
        entries.add(plain, Register.DO_NOT_CALL, [draft(Register.DO_NOT_CALL, 1, ends_ms, number=number_)], BY)
    entries.add(plain, Register.DO_NOT_CALL, [draft(Register.DO_NOT_CALL, now_ms, number=NUMBER)], BY)
    first = entries.of_subject(plain, Register.DO_NOT_CALL, NUMBER)[0]
    assert expire(plain, now_ms)["registers"] == 2, "and its history"
    assert [spans(plain, Register.DO_NOT_CALL, number_) for number_ in (NUMBER, OTHER)] == [
        [(now_ms, 0)],
        [(1, now_ms - 700 * DAY_MS)],
    ]
    assert not entries.history(plain, first.id)


@pytest.fixture
def client(plain: Database) -> FastAPI:
    """The API behind its guard, with a token for each role."""
    app = FastAPI()
    app.include_router(api.make_router(plain), prefix="/api/v1")
    app.add_middleware(Guard, database=plain, is_tls=False)
    with plain.write() as connection:
        for name, role, may_unmask in (
            ("vera", Role.VIEWER, False),
            ("otto", Role.OPERATOR, False),
            ("ada", Role.ADMINISTRATOR, False),
            ("seer", Role.VIEWER, True),
        ):
            users.add(connection, name, role, may_unmask, None)
    return app


def asked(client: FastAPI, database: Database, user: str, method: str, path: str, **more: Any) -> Answer:
    token = entering.issue_token(database, user, "", 1) if user else ""
    return ask(client, method, f"/api/v1{path}", token, **more)


def test_roles_are_kept_and_numbers_masked(client: FastAPI, plain: Database) -> None:
    wanted = {"fields": {"number": "13812345678"}, "reason": "he called us"}
    contract = {"contract": "c", "customer": "a", "access_party": "b", "probe": "p", "trunk": "t", "purpose": "service"}
    assert asked(client, plain, "", "GET", "/registers/do-not-call").status == 401
    for user, register, fields, status in (
        ("vera", "do-not-call", wanted["fields"], 403),
        ("otto", "do-not-call", wanted["fields"], 200),
        ("otto", "contract", contract, 403),
        ("ada", "contract", contract, 200),
    ):
        answer = asked(client, plain, user, "POST", f"/registers/{register}/add", body={"fields": fields, "reason": "as asked"})
        assert answer.status == status, answer.text
    shown = asked(client, plain, "vera", "GET", "/registers/do-not-call").json()
    assert [(entry["fields"]["number"], entry["holds"]) for entry in shown] == [("+86138****5678", True)]
    whole = {"query": {"unmask_reason": "letter 5"}}
    assert asked(client, plain, "otto", "GET", "/registers/do-not-call", **whole).status == 403
    assert asked(client, plain, "seer", "GET", "/registers/do-not-call", **whole).json()[0]["fields"]["number"] == NUMBER
    assert asked(client, plain, "vera", "POST", "/registers/do-not-call/find", body={"subject": "13812345678"}).status == 403
    assert len(asked(client, plain, "otto", "POST", "/registers/do-not-call/find", body={"subject": "13812345678"}).json()) == 1
    assert asked(client, plain, "otto", "POST", "/registers/do-not-call/find", body={"subject": "138"}).status == 409
    assert "138****5678" in asked(client, plain, "vera", "GET", "/registers/do-not-call/export").text
    assert NUMBER in asked(client, plain, "seer", "GET", "/registers/do-not-call/export", **whole).text
    with plain.read() as connection:
        noted = [row.who for row in connection.execute(select(audit).where(audit.c.what == "unmask-all"))]
    assert noted == ["seer", "seer"]


def test_a_refusal_by_the_api_counts_at_once_and_its_entry_can_be_ended(client: FastAPI, plain: Database) -> None:
    entries.add(plain, Register.CONSENT, [consent(1_000, 10**13)], BY)
    refused = {"number": "13812345678", "holder": "银行甲", "reason": "told the agent so"}
    assert asked(client, plain, "otto", "POST", "/refusals", body=refused).json() == {"added": 1, "changed": 0, "unchanged": 0}
    assert not asked(client, plain, "vera", "GET", "/registers/consent").json()[0]["holds"]
    entry = asked(client, plain, "vera", "GET", "/registers/do-not-call").json()[0]["id"]
    assert asked(client, plain, "vera", "POST", f"/registers/entries/{entry}/end", body={"reason": "by mistake"}).status == 403
    assert asked(client, plain, "otto", "POST", f"/registers/entries/{entry}/end", body={"reason": "by mistake"}).json()["holds"] is False
    assert [event["what"] for event in asked(client, plain, "vera", "GET", f"/registers/entries/{entry}/history").json()] == [
        "added",
        "ended",
    ]
    for method, path in (("GET", "/registers/entries/99/history"), ("POST", "/registers/entries/99/end")):
        assert asked(client, plain, "otto", method, path, body={"reason": "by mistake"}).status == 404
    wrong = {"fields": {"number": "138", "colour": "red"}, "reason": "as asked"}
    detail = asked(client, plain, "otto", "POST", "/registers/do-not-call/add", body=wrong).json()["detail"]
    assert "no whole telephone number" in detail
    assert "no column 'colour'" in detail
    assert len(asked(client, plain, "vera", "GET", "/registers").json()) == len(Register)


def test_a_file_by_the_api(client: FastAPI, plain: Database) -> None:
    bad = b"number\n138\n13812345678\n"
    params = {"reason": "monthly list"}
    answer = asked(client, plain, "otto", "POST", "/registers/do-not-call/import", query=params, content=bad)
    assert (answer.status, answer.json()["faults"][0]["line"], answer.json()["outcome"]["added"]) == (409, 2, 0)
    answer = asked(client, plain, "otto", "POST", "/registers/do-not-call/import", query=params | {"in_part": "true"}, content=bad)
    assert (answer.status, answer.json()["outcome"]["added"]) == (200, 1)
    assert asked(client, plain, "vera", "POST", "/registers/do-not-call/import", query=params, content=bad).status == 403


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = str(tmp_path / "data")

    def run(*words: str) -> tuple[int, str, str]:
        status = main(["host", "register", *words, *([] if words[0] == "kinds" else ["--data", data])])
        return status, *capsys.readouterr()

    file = tmp_path / "list.csv"
    file.write_text("number,industry\n13812345678,loans\n138,\n", encoding="utf-8")
    status, out, err = run("import", "do-not-call", str(file), "--reason", "monthly list")
    assert (status, out) == (1, "0 added, 0 in the place of another, 0 were there already\n")
    assert err == (
        f"{file}:3: number: '138' is no whole telephone number; write 13812345678 or +8613812345678\n"
        "1 of 2 lines are at fault; nothing was taken\n"
    )
    assert run("import", "do-not-call", str(file), "--reason", "monthly list", "--in-part")[1].startswith("1 added")
    assert run("add", "wish", "number=13812345678", "industry=travel", "wish=accept", "from=2026-01-01", "--reason", "a form")[0] == 0
    assert run("refuse", "13812345678", "--industry", "travel", "--reason", "on the phone")[0] == 0
    listing = run("list", "do-not-call", "--of", "13812345678")[1].splitlines()
    assert [line.split("\t")[3:] for line in listing] == [["number=+86138****5678", f"industry={one}"] for one in ("loans", "travel")]
    entry = listing[0].split("\t")[0]
    assert run("end", entry, "--reason", "by mistake")[0] == 0
    assert len(run("list", "do-not-call")[1].splitlines()) == 1
    assert len(run("list", "do-not-call", "--all")[1].splitlines()) == 2
    assert "\tended\t" in run("history", entry)[1]
    assert "接收意愿" in run("kinds")[1]
    out_file = tmp_path / "out.csv"
    assert run("export", "do-not-call", "--out", str(out_file))[1] == f"2 entries in {out_file}\n"
    assert stat.S_IMODE(out_file.stat().st_mode) == 0o600
    assert "138****5678" in out_file.read_text(encoding="utf-8")
    for words, fault in (
        (("export", "do-not-call", "--out", str(out_file)), "is there already"),
        (("add", "wish", "number", "--reason", "a form"), "is not COLUMN=TEXT"),
        (("history", "99"), "no entry 99"),
        (("list", "wish", "--unmask-as", "nobody", "--unmask-reason", "a letter"), "may not see whole numbers"),
        (("list", "wish", "--of", "138"), "no whole telephone number"),
        (("import", "wish", str(tmp_path / "none"), "--reason", "a form"), "cannot read"),
    ):
        status, _, err = run(*words)
        assert (status, fault in err) == (2, True), err
