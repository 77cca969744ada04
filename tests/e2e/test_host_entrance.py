"""The console's door: nothing without a user, nothing in a user's name by another site, and the ways in."""

import asyncio
import shutil
import stat
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount, Route

from catflap_host.access import attempts, entering, users
from catflap_host.access.roles import Role
from catflap_host.api.app import Parts, make_app
from catflap_host.api.guard import PUBLIC
from catflap_host.correlate.service import Correlation
from catflap_host.store.commits import Commits
from catflap_host.store.database import open_database
from tests.console_app import USER, Client, console
from tests.e2e.aggregator import Aggregator, catflap, console_context, running
from tests.e2e.browser import Browser
from tests.e2e.test_tls import certificate

PASSWORD = "four horses in a lift"


@pytest.fixture(scope="module")
def aggregator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aggregator]:
    with running(tmp_path_factory.mktemp("door") / "data") as aggregator:
        database = open_database(aggregator.data_dir)
        for role in Role:
            with database.write() as connection:
                users.add(connection, role, role, False, PASSWORD)
        database.close()
        yield aggregator


def command(aggregator: Aggregator, *words: str) -> subprocess.CompletedProcess[str]:
    return catflap("host", "user", *words, "--data", str(aggregator.data_dir))


def signed_in(aggregator: Aggregator, name: str = "viewer") -> Browser:
    browser = Browser(aggregator)
    assert browser.post("/sign-in", {"name": name, "password": PASSWORD}).status == 303
    return browser


def all_routes(tmp_path: Path) -> list[tuple[str, str]]:
    """Method and path of every route of the console."""
    loop = asyncio.new_event_loop()
    found: list[tuple[str, str]] = []

    def walk(routes: list[BaseRoute]) -> None:
        for route in routes:
            if isinstance(route, APIRoute | Route):
                found.extend((method, route.path) for method in sorted(route.methods or ()))
            elif isinstance(route, Mount):
                found.append(("GET", route.path + "/console.js"))
            else:
                walk(route.original_router.routes)  # type: ignore[attr-defined]

    with closing(open_database(tmp_path)) as database:
        walk(make_app(Parts(database, tmp_path, Commits(loop), Correlation(), (), "tests", False)).routes)
    loop.close()
    return found


def test_every_route_asks_who_is_there(aggregator: Aggregator, tmp_path: Path) -> None:
    routes = all_routes(tmp_path)
    assert len(routes) > 12
    for method, path in routes:
        if path in PUBLIC or path.startswith("/static/"):
            continue
        for headers in ({}, {"authorization": "Bearer catflap_no"}, {"authorization": "Basic dGVzdGVyOg=="}, {"cookie": "catflap=no"}):
            browser = Browser(aggregator)
            answer = browser.get(path, accept="*/*", **headers) if method == "GET" else browser.post(path, {}, **headers)
            assert answer.status == 401, (method, path, headers)
            assert answer.headers["www-authenticate"] == "Bearer"


def test_a_browser_is_led_to_the_door_and_in(aggregator: Aggregator) -> None:
    browser = Browser(aggregator)
    answer = browser.get("/")
    assert (answer.status, answer.headers["location"]) == (303, "/sign-in")
    assert "Password" in browser.get("/sign-in").text
    assert browser.post("/sign-in", {"name": "viewer", "password": "not the one"}).status == 403
    assert browser.get("/").status == 303
    answer = browser.post("/sign-in", {"name": "viewer", "password": PASSWORD})
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert all(word in browser.set_cookie for word in ("HttpOnly", "SameSite=lax", "Path=/"))
    page = browser.get("/")
    assert page.status == 200
    assert ">viewer</span>" in page.text
    kept = dict(browser.cookies)
    assert browser.post("/sign-out", {}).headers["location"] == "/sign-in"
    assert not browser.cookies
    assert Browser(aggregator, kept).get("/").status == 303, "the session is over, not only forgotten"


@pytest.mark.parametrize(
    "origin",
    [
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "none"},
        {"sec_fetch_site": "", "origin": "http://evil.example"},
        {"sec_fetch_site": "", "origin": "null"},
        {"sec_fetch_site": ""},
    ],
)
def test_another_site_asks_for_nothing_in_a_users_name(aggregator: Aggregator, origin: dict[str, str]) -> None:
    browser = signed_in(aggregator)
    for path in ("/sign-out", "/account", "/sign-in"):
        assert browser.post(path, {"name": "viewer", "password": PASSWORD}, **origin).status == 403
    assert browser.get("/").status == 200


def test_an_old_browser_shows_its_origin(aggregator: Aggregator) -> None:
    browser = signed_in(aggregator)
    assert browser.post("/sign-out", {}, sec_fetch_site="", origin=aggregator.console).status == 303


def test_a_password_is_changed_by_who_knows_it(aggregator: Aggregator) -> None:
    browser, other = signed_in(aggregator, "operator"), signed_in(aggregator, "operator")
    new = "five horses in a lift"
    for fields, fault in (
        ({"old": "wrong", "password": new, "again": new}, "the old password is another one"),
        ({"old": PASSWORD, "password": new, "again": new + "s"}, "differ"),
        ({"old": PASSWORD, "password": "short", "again": "short"}, "5 characters"),
    ):
        answer = browser.post("/account", fields)
        assert (answer.status, fault in answer.text) == (400, True)
    assert browser.post("/account", {"old": PASSWORD, "password": new, "again": new}).status == 303
    assert browser.get("/").status == 200
    assert other.get("/").status == 303
    assert browser.post("/account", {"old": new, "password": PASSWORD, "again": PASSWORD}).status == 303


def test_a_link_lets_in_once_and_asks_for_a_password(aggregator: Aggregator) -> None:
    done = command(aggregator, "add", "li.wei", "--role", "operator", "--unmask")
    link = done.stdout.strip()
    assert link.startswith("/enter?code=")
    browser = Browser(aggregator)
    assert browser.get(link, sec_fetch_site="cross-site").status == 403
    answer = browser.get(link)
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert "Choose a password" in browser.get("/").text
    assert Browser(aggregator).get(link).status == 403
    assert browser.post("/account", {"password": PASSWORD, "again": PASSWORD}).status == 303
    assert "Choose a password" not in browser.get("/").text
    assert "li.wei\toperator\tmay unmask\n" in command(aggregator, "list").stdout
    again = command(aggregator, "link", "li.wei").stdout.strip()
    assert browser.get("/").status == 303, "who asks for a link has lost his password, and maybe his sessions"
    assert Browser(aggregator).post("/sign-in", {"name": "li.wei", "password": PASSWORD}).status == 403
    assert Browser(aggregator).get(again).status == 303


def test_roles_tokens_and_the_end_of_a_user(aggregator: Aggregator) -> None:
    assert command(aggregator, "add", "script", "--role", "viewer").returncode == 0
    token = command(aggregator, "token", "script", "--for", "tests").stdout.strip()
    asking = {"authorization": f"Bearer {token}"}
    me = Browser(aggregator).get("/api/v1/me", **asking)
    assert (me.status, me.text) == (200, '{"user":"script","role":"viewer","may_unmask":false}')
    assert command(aggregator, "role", "script", "--role", "operator").returncode == 0
    assert '"operator"' in Browser(aggregator).get("/api/v1/me", **asking).text
    newer = command(aggregator, "token", "script", "--for", "tests").stdout.strip()
    assert Browser(aggregator).get("/api/v1/me", **asking).status == 401
    asking = {"authorization": f"Bearer {newer}"}
    assert Browser(aggregator).post("/account", {"password": PASSWORD, "again": PASSWORD}, **asking).status == 400
    assert command(aggregator, "disable", "script").returncode == 0
    assert Browser(aggregator).get("/api/v1/me", **asking).status == 401
    for words, fault in (
        (("token", "script"), "script is disabled"),
        (("role", "nobody", "--role", "viewer"), "there is no user 'nobody'"),
        (("add", "no good", "--role", "viewer"), "is no user name"),
        (("token", "viewer", "--days", "0"), "--days 0 is out of range"),
    ):
        done = command(aggregator, *words)
        assert (done.returncode, fault in done.stderr, done.stdout) == (2, True, "")


def test_guessing_is_slowed_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # the application without its process: a bucket leaks meanwhile, and how long guessing takes is the machine's business
    monkeypatch.setattr(attempts, "now_ms", lambda: 1_800_000_000_000)
    with console(tmp_path) as (insider, _):
        guesser = Client(insider.app)
        for _ in range(10):
            assert guesser.post("/sign-in", {"name": USER, "password": "guess"}).status == 403
        answer = guesser.post("/sign-in", {"name": USER, "password": "guess"})
        assert answer.status == 429
        assert answer.headers["retry-after"] == "31"
        assert insider.get("/api/v1/me").status == 200, "who is in already is not hindered"


def test_first_run_is_set_up_in_the_browser(tmp_path: Path) -> None:
    with running(tmp_path / "data", with_user=False) as aggregator:
        assert aggregator.process.stdout
        said = aggregator.process.stdout.readline().strip()
        code_file = aggregator.data_dir / "setup-code"
        assert said == f"set-up code for the first user in {code_file}"
        assert stat.S_IMODE(code_file.stat().st_mode) == 0o600
        code = code_file.read_text().strip()
        browser = Browser(aggregator)
        assert browser.get("/sign-in").headers["location"] == "/set-up"
        fields = {"code": code, "name": "<ada>", "password": PASSWORD, "again": PASSWORD}
        refused = browser.post("/set-up", fields)
        assert (refused.status, "is no user name" in refused.text, "<ada>" in refused.text) == (400, True, False)
        assert browser.post("/set-up", fields | {"code": "guess", "name": "ada"}).status == 400
        assert browser.post("/set-up", fields | {"name": "ada", "again": "another"}).status == 400
        assert browser.post("/set-up", fields | {"name": "ada"}).status == 303
        assert browser.get("/").status == 200
        assert not code_file.exists()
        assert Browser(aggregator).get("/set-up").headers["location"] == "/sign-in"
        assert Browser(aggregator).post("/set-up", fields | {"name": "eve"}).status == 400


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl to make a certificate with")
def test_console_for_others_speaks_tls_and_its_cookie_is_bound_to_it(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path, "console")
    options = ["--tls-cert", str(cert), "--tls-key", str(key), "--console", "0.0.0.0:0"]
    with running(tmp_path / "data", options, ca=console_context(cert)) as aggregator:
        database = open_database(aggregator.data_dir)
        code = entering.issue_code(database, "tester")
        database.close()
        browser = Browser(aggregator)
        assert browser.get(f"/enter?code={code}").status == 303
        assert browser.set_cookie.startswith("__Host-catflap=")
        assert "Secure" in browser.set_cookie
        assert browser.get("/").status == 200
        assert browser.get("/", host="catflap.example").status == 200, "its name is the certificate's business"
