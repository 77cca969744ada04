"""Every page over a small world: it opens in both languages, shows what is stored, and lets a caller's name run nothing."""

import json
import re
from collections.abc import Iterator

import pytest

from catflap_host.console import why
from catflap_host.console.frame import make_templates
from catflap_host.console.ladder import ladder
from catflap_host.console.live import row_renderer
from catflap_host.language.catalogue import by_code
from catflap_host.policy.kept import draft
from catflap_host.store import queries
from catflap_host.store.call_filter import CallFilter
from catflap_host.store.call_records import records_of
from catflap_host.store.database import Database
from catflap_host.store.health import health
from catflap_host.store.hours import HOUR_MS, Hours
from catflap_host.store.rows import Original
from catflap_probe.features import NAMES
from tests.console_app import PAGES, Client, console
from tests.console_seed import HOSTILE, UNUSUAL, asked
from tests.unit.test_console_page import Elements, call_with

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Database]]:
    with console(tmp_path_factory.mktemp("console")) as seeded:
        yield seeded


@pytest.fixture
def client(seeded: tuple[Client, Database]) -> Client:
    return seeded[0]


@pytest.fixture
def database(seeded: tuple[Client, Database]) -> Database:
    return seeded[1]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_in_both_languages_and_runs_nothing_of_a_caller(client: Client, path: str) -> None:
    for code, tag in (("en", "en"), ("zh", "zh-Hans")):
        answer = client.get(path, headers={"Accept-Language": code})
        assert answer.status == 200
        assert f'<html lang="{tag}">' in answer.text
        elements = Elements(answer.text)
        assert "img" in elements.names, "the brand's"
        assert elements.names.count("img") == 1
        assert not [name for name in elements.attributes if name.startswith("on") or name == "style"]
        scripts = re.findall(r"<script[^>]*>", answer.text)
        assert all(re.fullmatch(r'<script src="/static/[\w./-]+" defer>', script) for script in scripts)
        assert bool(CHINESE.search(re.sub(r"中国移动|北京|中文", "", elements.text))) == (code == "zh")


def test_a_whole_number_is_on_no_page(client: Client) -> None:
    for path in PAGES:
        assert not re.search(r"1381234\d{4}|01088886666|276123456|861095588|01062345601", client.get(path).text), path


def test_the_overview_counts_what_is_stored(client: Client, database: Database) -> None:
    summary = queries.summary(database)
    text = client.get("/").text
    assert f"<b>{sum(summary.labels.values())}</b> calls in 24 hours" in text
    assert f"<b>{summary.actions['block']}</b> of them blocked" in text
    assert "1 alarm of which nobody has taken note, for 10 minutes" in text
    part = client.get("/overview").text
    assert "1 alarm of which nobody" in part
    assert "<html" not in part


def test_hours_add_up_and_what_is_over_is_counted_once(database: Database) -> None:
    hours = Hours(database)
    (newest,) = queries.calls(database, None, 1)
    total = sum(queries.summary(database).labels.values())
    for now_ms in (newest.received_ms + 1, newest.received_ms + 3 * HOUR_MS, newest.received_ms + 23 * HOUR_MS):
        found = hours.last_day(now_ms)
        assert len(found) == 25
        assert sum(hour.calls for hour in found) == total
        assert sum(hour.blocked for hour in found) == queries.summary(database).actions["block"]
    assert sum(hour.calls for hour in hours.last_day(newest.received_ms + 24 * HOUR_MS + 1)) == 0
    assert hours.since(newest.received_ms).calls >= 1


def test_live_filters_by_what_the_address_says(client: Client, database: Database) -> None:
    stored = queries.calls(database, None, 1000)

    def shown(query: str) -> list[int]:
        return [int(found) for found in re.findall(r'<tr id="call-(\d+)"', client.get(f"/live{query}").text)]

    assert shown("") == [call.id for call in stored]
    for name, value in (("label", "spoof"), ("action", "label"), ("probe", "pudong-2"), ("line", "L03"), ("direction", "out")):
        assert shown(f"?{name}={value}") == [call.id for call in stored if getattr(call, name) == value]
    both = shown("?label=spoof&probe=pudong-2")
    assert both
    assert both == [call.id for call in stored if call.label == "spoof" and call.probe == "pudong-2"]
    assert shown("?before=11") == list(range(10, 0, -1))
    text = client.get("/live?label=%3Cscript%3E").text
    assert "No call fits." in text
    assert "<script>" not in text
    assert client.get(f"/live?line={'x' * 65}").status == 422


def test_calls_are_looked_for_so_far_and_no_further(database: Database) -> None:
    wanted = CallFilter(probe="haidian-1")
    newest = queries.calls(database, None, 1)[0].id
    found, lowest = queries.calls_before(database, None, 5, wanted, 1000)
    assert (len(found), lowest) == (5, found[-1].id)
    found, lowest = queries.calls_before(database, None, 5, CallFilter(probe="nobody"), 10)
    assert (found, lowest) == ([], newest - 9)


def test_the_stream_tells_rows_that_are_wanted_and_ids_of_others(database: Database) -> None:
    encode = row_renderer(make_templates(by_code("en")), CallFilter(label="spoof"))
    for change in queries.changes(database, 0, 1000):
        name, data = encode(change)
        if change.call is None:
            assert name == "state"
        elif change.call.label == "spoof":
            assert (name, f'id="call-{change.call.id}"' in data) == ("call", True)
        else:
            assert (name, data) == ("unwanted", str(change.call.id))


def test_the_page_of_a_call_tells_its_times_reasons_and_records(client: Client, database: Database) -> None:
    spoofed = queries.calls(database, None, 1, label="spoof")[0]
    text = Elements(client.get(f"/call/{spoofed.id}").text).text
    assert "640 ms" in text
    assert "5,400 ms" in text
    assert "Shown with 0086: networks show +86, or nothing." in text
    assert HOSTILE in text
    assert f'"decided_ms": {spoofed.decided_ms}' in text, "what is no number stays whole"
    assert '"calling": "008****5588"' in text
    assert "Why it was not blocked" not in text
    marked = queries.calls(database, None, 1, label="wangiri")[0]
    assert "Why it was not blocked" in client.get(f"/call/{marked.id}").text
    for path in ("/call/999999", "/call/0", f"/call/{2**70}"):
        answer = client.get(path)
        assert (answer.status, "There is no such call" in answer.text) == (404, True)


def test_a_call_is_held_against_honest_ones_and_replayed_under_another_policy(client: Client, database: Database) -> None:
    bank = queries.calls(database, None, 1, label="simbank")[0]
    text = client.get(f"/call/{bank.id}").text
    shown = re.findall(r"<code>((?:number|kind|block|trunk|line)\.\w+)</code>", text)
    assert (shown[:2], len(shown)) == (list(UNUSUAL), 2 + len(NAMES)), "those outside the range, then all"
    assert "2 of its features lie outside" in text and str(asked()["features"]) in text, "and the record as it was sent"
    assert "有 2 项特征" in client.get(f"/call/{bank.id}", headers={"Accept-Language": "zh"}).text
    assert "Features are sent with" in client.get(f"/call/{queries.calls(database, None, 1, label='spoof')[0].id}").text
    version = draft(database, json.dumps({"catflap_policy": 1, "allow": [{"number": bank.calling}]}), "li.wei", HOSTILE)
    text = client.get(f"/call/{bank.id}?version={version}").text
    assert "Another action would have come out:" in text and "policy.allow" in text and HOSTILE not in text
    assert 'role="alert"' in client.get(f"/call/{bank.id}?version=99").text


def test_records_of_a_call_are_found_as_they_came(database: Database) -> None:
    for call in queries.calls(database, None, 20):
        kinds = [original.kind for original in records_of(database, call)]
        assert kinds == (["alert", "end"] if call.ended_ms else ["alert"])


def test_a_ladder_takes_the_lines_own_events_and_nothing_odd() -> None:
    call = call_with("plain")
    body = '{"events": [0, "ring", 5012, "ring", 1900, "number", "x", "ring", 7, "<b>"]}'
    found = ladder(call, [Original(1, "demo-a", "b", 1, "end", call.at_ms + 9_000, body)])
    told = [(rung.after_ms, rung.what) for rung in found.rungs if rung.what in ("ring", "number")]
    assert told == [(0, "ring"), (1_900, "number"), (5_012, "ring")]
    assert [rung.after_ms for rung in found.rungs] == sorted(rung.after_ms for rung in found.rungs)
    assert all(0 <= rung.left <= 100 for rung in found.rungs)
    assert 2 <= len(found.ticks) <= 11
    for odd in ("[]", '{"events": 7}', '{"events": [1]}', "{}"):
        assert ladder(call, [Original(1, "demo-a", "b", 1, "end", 5, odd)]).rungs


def test_why_not_says_something_of_every_call_that_was_not_stopped(database: Database) -> None:
    english = by_code("en")
    for call in queries.calls(database, None, 100):
        told = list(why.why_not_blocked(call, english))
        assert bool(told) == (call.action != "block"), call


def test_probes_tell_their_health(client: Client, database: Database) -> None:
    text = Elements(client.get("/probes").text).text
    assert text.index("haidian-1") < text.index("pudong-2"), "what to look at stands in front"
    assert "Calls in a row rang and showed no caller ID" in text
    text = Elements(client.get("/probes/haidian-1").text).text
    assert "USR 5637 1.2.23" in text
    assert "rings-without-caller-id" in text
    assert client.get("/probes/nobody").status == 404
    told = health(database, 0, 100)
    assert [one.what for one in told] == ["condition", "rings-without-caller-id", "modem-ready", "modem-is"]
    assert health(database, 0, 1) == told[:1]
    assert health(database, 0, 100, "pudong-2") == []


def test_language_and_theme_are_kept_by_the_browser(client: Client) -> None:
    answer = client.post("/preferences", {"language": "zh", "back": "/probes?x=1"})
    assert (answer.status, answer.headers["location"]) == (303, "/probes?x=1")
    assert "HttpOnly" in answer.headers["set-cookie"]
    client.post("/preferences", {"theme": "dark", "back": "/"})
    try:
        assert '<html lang="zh-Hans" data-theme="dark">' in client.get("/", headers={"Accept-Language": "en"}).text
    finally:
        for name in ("catflap-language", "catflap-theme"):
            client.cookies.pop(name, None)
    assert "set-cookie" not in client.post("/preferences", {"language": "x", "theme": "<"}).headers


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/", "/\\evil.example", "\\\\evil.example", "/\n/evil", "", "///x"])
def test_a_choice_leads_nowhere_else(client: Client, back: str) -> None:
    location = client.post("/preferences", {"back": back}).headers["location"]
    assert re.fullmatch(r"/([^/\\\s].*)?", location), location
