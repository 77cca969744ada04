"""The public page: in two languages, without script, filled in, looked up, marked by link, and neither forged nor flooded."""

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from starlette.types import ASGIApp

from catflap_host.cli import main
from catflap_host.complaints import cases, form, form_token, links
from catflap_host.complaints.cases import Filter
from catflap_host.complaints.form_words import CHINESE, ENGLISH, spoken
from catflap_host.complaints.terms import Kind, Match, Source
from catflap_host.store import queries
from catflap_host.store.database import Database, open_database
from tests.unit.asgi import Answer, ask
from tests.unit.complained import CARD, HOUR_MS, NOW_MS, call, store

FILLED = {
    "number": CARD,
    "day": "2026-03-01",
    "clock": "23:00",
    "kind": "marketing",
    "industry": "loans",
    "way": "person",
    "talk_s": "35",
    "company": "某公司",
    "content": "<b>低息</b>",
    "contact": "",
    "website": "",
}


@dataclass
class Page:
    """The page over a database, at a moment that the test sets."""

    app: ASGIApp
    database: Database
    now_ms: int = NOW_MS

    def get(self, target: str = "/", language: str = "en") -> Answer:
        return ask(self.app, "GET", target, {"accept-language": language})

    def post(self, target: str, filled: Mapping[str, str], headers: Mapping[str, str] | None = None, address: str = "192.0.2.1") -> Answer:
        named = {"accept-language": "en", "sec-fetch-site": "same-origin"} if headers is None else headers
        return ask(self.app, "POST", target, named, urlencode(filled).encode(), address)

    def send(self, address: str = "192.0.2.1", **changed: str) -> Answer:
        """Fill the form in as a person does, who takes a minute."""
        token = {"token": hidden(self.get(), "token")}
        self.now_ms += 60_000
        return self.post("/", FILLED | token | changed, address=address)


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Page]:
    with closing(open_database(tmp_path)) as database:
        found = Page(form.make_app(database, False), database)
        monkeypatch.setattr(form, "_now_ms", lambda: found.now_ms)
        yield found


def hidden(answer: Answer, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text())
    assert found
    return found[1]


def test_filled_in_and_looked_up(page: Page) -> None:
    taken = page.send()
    code = re.search(r"<output>([^<]+)</output>", taken.text())
    assert taken.status == 200
    assert code
    (case,) = cases.listed(page.database, Filter(), 10)
    assert (case.source, case.number, case.kind, case.talk_s, case.content) == (
        Source.FORM,
        "+86" + CARD,
        Kind.MARKETING,
        35,
        "<b>低息</b>",
    )
    assert case.at_ms == 1_772_377_200_000, "23:00 in China"
    shown = page.post("/state", {"code": code[1]})
    assert "received" in shown.text()
    assert CARD not in shown.text(), "a code tells of the state alone"
    assert page.post("/state", {"code": "ABCD-EFGH-JKLM-NPQR"}).status == 404


@pytest.mark.parametrize(("language", "title"), [("en", ENGLISH.title), ("zh-CN,zh;q=0.9", CHINESE.title), ("fr", CHINESE.title)])
def test_browsers_language_is_spoken(page: Page, language: str, title: str) -> None:
    assert f"<h1>{title}</h1>" in page.get("/", language).text()
    assert f"<h1>{ENGLISH.title}</h1>" in page.get("/?lang=en", language).text()
    assert spoken("zh", "en") is CHINESE


def test_words_are_whole_in_both_languages() -> None:
    for field in fields(ENGLISH):
        english, chinese = (getattr(words, field.name) for words in (ENGLISH, CHINESE))
        assert english not in ("", chinese), field.name
        if field.name not in ("tag", "place", "other_tag", "other_name"):
            assert re.search("[\u4e00-\u9fff]", chinese), field.name


def test_page_needs_no_script_and_runs_none(page: Page) -> None:
    answer = page.get()
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    for place in ("/", "/state"):
        assert "<script" not in page.get(place).text()
        assert 'name="viewport"' in page.get(place).text()
    refused = page.send(number='"><script>x</script>')
    assert refused.status == 400
    assert "<script>" not in refused.text()
    assert "&lt;b&gt;低息&lt;/b&gt;" in refused.text(), "what was typed is kept"


@pytest.mark.parametrize(
    ("changed", "status", "word"),
    [
        ({"number": ""}, 400, ENGLISH.bad_number),
        ({"number": "nobody"}, 400, ENGLISH.bad_number),
        ({"day": "2026-13-01"}, 400, ENGLISH.bad_time),
        ({"day": "1999-01-01"}, 400, ENGLISH.bad_time),
        ({"clock": "25:00"}, 400, ENGLISH.bad_time),
        ({"content": "x" * 2_001}, 400, ENGLISH.too_long),
        ({"kind": "cats"}, 400, ENGLISH.bad_entry),
        ({"talk_s": "a while"}, 400, ENGLISH.bad_entry),
        ({"website": "http://robot.example"}, 400, ENGLISH.bad_entry),
        ({"token": "1.2.3"}, 409, ENGLISH.too_old),
        ({"token": "²." * 2 + "x"}, 409, ENGLISH.too_old),
    ],
)
def test_what_is_not_taken_is_said(page: Page, changed: dict[str, str], status: int, word: str) -> None:
    answer = page.send(**changed)
    assert (answer.status, word in answer.text()) == (status, True)
    assert not cases.listed(page.database, Filter(), 10)


def test_token_is_good_once_and_neither_at_once_nor_for_ever(page: Page) -> None:
    token = form_token.issue(page.database.vault, page.now_ms)
    assert page.post("/", FILLED | {"token": token}).status == 409, "nobody fills it in so fast"
    page.now_ms += 60_000
    assert page.post("/", FILLED | {"token": token}).status == 200
    assert page.post("/", FILLED | {"token": token}).status == 409, "spent"
    other = form_token.issue(page.database.vault, page.now_ms)
    page.now_ms += 4 * HOUR_MS
    assert page.post("/", FILLED | {"token": other}).status == 409, "too old"
    assert len(cases.listed(page.database, Filter(), 10)) == 1


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "none"}, {"origin": "http://evil.example"}])
def test_another_sites_page_sends_nothing(page: Page, headers: dict[str, str]) -> None:
    token = {"token": form_token.issue(page.database.vault, page.now_ms - 60_000)}
    assert page.post("/", FILLED | token, headers).status == 403
    assert page.post("/", FILLED | token, {"origin": "http://localhost"}).status == 200, "an old browser's own page"


def test_one_network_cannot_flood_it(page: Page) -> None:
    statuses = [page.send(address=f"2001:db8:1:2::{host:x}").status for host in range(7)]
    assert statuses == [200] * 5 + [429] * 2, "the 64 bits of a house are one sender"
    assert page.send(address="2001:db8:1:3::1").status == 200
    found = cases.listed(page.database, Filter(), 10)
    assert len({case.complainer for case in found}) == 2


def test_too_long_a_body_is_not_read(page: Page) -> None:
    assert page.post("/", {"content": "x" * 20_000}).status == 413


def test_link_marks_the_very_call(page: Page) -> None:
    store(page.database, [call(CARD, 3, NOW_MS - HOUR_MS)])
    (found,) = queries.calls(page.database, None, 1)
    word = links.issue(page.database, found.id, 7, "test", NOW_MS)
    target = f"/mark?link={quote(word)}"
    for _ in range(2):
        shown = page.get(target)
        assert "138****5678" in shown.text(), "a telephone that looks ahead spends nothing"
    assert page.post("/mark", {"link": word, "kind": "fraud"}, {"sec-fetch-site": "cross-site"}).status == 403
    assert page.post("/mark", {"link": word, "kind": "fraud"}).status == 200
    again = page.post("/mark", {"link": word, "kind": "fraud"})
    assert (again.status, ENGLISH.bad_link in again.text()) == (404, True)
    assert page.get(target).status == 404
    assert page.get("/mark?link=1.2.3.4").status == 404
    (case,) = cases.listed(page.database, Filter(), 10)
    assert (case.source, case.match, case.call_id, case.kind) == (Source.LINK, Match.CALL, found.id, Kind.FRAUD)


def test_page_for_all_the_world_needs_tls(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listen = ["--listen", "127.0.0.1:0", "--console", "127.0.0.1:0", "--complaints", "0.0.0.0:0"]
    assert main(["host", "run", "--data", str(tmp_path), *listen]) == 2
    assert "without TLS" in capsys.readouterr().err
