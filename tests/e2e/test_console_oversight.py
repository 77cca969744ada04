"""Pools, traceback, complaints, appeals, audits and reports in a real browser: nobody is shut out, and what is done is in the store."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from catflap_host.complaints import cases
from catflap_host.complaints.terms import Finding, State
from catflap_host.correlate.service import Correlation
from catflap_host.judged import appeals
from catflap_host.reports.period import DEFAULT_ZONE, Every, around, zone_of
from catflap_host.store.tables import audit
from catflap_host.trunk_audit import findings
from tests.console_app import USER
from tests.console_seed import seed
from tests.e2e.chromium import PICTURES, Served, chromium, looking, open_page, served, shut_out
from tests.oversight_seed import COMPLAINED, plant
from tests.pool_seed import plant_pool

NOW = datetime.now(zone_of(DEFAULT_ZONE)).date()
COUNTED_MS = 120_000
"""A report is counted by a process that starts for it."""
MONTH = around(Every.MONTHLY, NOW).name
PAGES = (
    "/pools",
    "/pools/{pool}",
    "/pools/{pool}/graph",
    "/traceback?pool={pool}",
    "/complaints",
    "/complaints/1",
    "/complaints/appeals",
    "/audits",
    "/audits/1",
    "/audits/outgoing",
    f"/reports?period={MONTH}",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def pages() -> list[str]:
    """Filled in by the console, whose pool has a name of its own."""
    return []


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory, pages: list[str]) -> Iterator[Served]:
    correlation = Correlation()
    with served(tmp_path_factory.mktemp("console"), correlation) as console:
        seed(console.database, calls=12)
        plant(console.database)
        plant_pool(console.database, correlation)
        pages += [path.replace("{pool}", correlation.pools()[0].id) for path in PAGES]
        yield console


def noted(console: Served) -> set[tuple[str, str, str]]:
    with console.database.read() as connection:
        return {(row.who, row.what, row.about) for row in connection.execute(select(audit))}


@pytest.mark.parametrize(("language", "theme", "width"), [("en", "light", 1440), ("zh", "dark", 1440), ("zh", "light", 360)])
def test_no_page_shuts_anybody_out(browser: Browser, console: Served, pages: list[str], language: str, theme: str, width: int) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    faults = []
    with looking(browser, console, language, theme, width) as seen:
        for path in pages:
            open_page(seen, console, path)
            if path == "/complaints/1":
                expect(seen.page.locator("meter")).to_be_visible(timeout=COUNTED_MS)
            if path.startswith("/reports"):
                expect(seen.page.locator(".report")).to_be_visible(timeout=COUNTED_MS)
            if width == 1440:
                faults += [f"{path}: {fault}" for fault in shut_out(seen.page)]
            wide = seen.page.evaluate("document.documentElement.scrollWidth")
            faults += [f"{path}: {wide} wide"] * (wide > width)
            name = re.sub(r"\W+", "-", re.sub(r"pool-\d+", "one", path)).strip("-")
            seen.page.screenshot(path=PICTURES / f"{name}-{language}-{theme}-{width}.png", full_page=True)
        faults += seen.complaints
    assert not faults


def test_a_complaint_is_taken_to_its_answer(browser: Browser, console: Served) -> None:
    with looking(browser, console, "zh", "light", 1440) as seen:
        page = seen.page
        open_page(seen, console, "/complaints")
        page.get_by_label("行业").select_option("loans")
        page.get_by_role("button", name="筛选").click()
        expect(page).to_have_url(re.compile("industry=loans"))
        page.get_by_role("rowheader", name="1").get_by_role("link").click()
        page.get_by_label("属实", exact=True).check()
        page.get_by_label("内部备注").first.fill(f"录音核对 {COMPLAINED}")
        page.get_by_role("button", name="完成核实").click()
        expect(page.locator("h1 + .kind")).to_have_text("已核实")
        assert (cases.one(console.database, 1).state, cases.one(console.database, 1).finding) == (State.VERIFIED, Finding.UPHELD)
        page.get_by_role("button", name="完成处置").click()
        page.get_by_label("答复（举报人可见）").fill("已关停该线路。")
        page.get_by_role("button", name="答复").click()
        expect(page.locator("h1 + .kind")).to_have_text("已答复")
        case = cases.one(console.database, 1)
        assert (case.state, case.answer) == (State.ANSWERED, "已关停该线路。")
        steps = [(event.who, event.state) for event in cases.history(console.database, 1)]
        assert steps[1:] == [(USER, State.VERIFIED), (USER, State.HANDLED), (USER, State.ANSWERED)]
        assert (USER, "complaint-answered", "complaint 1") in noted(console)
        assert "138****5601" in page.locator(".past").inner_text(), "whoever looks on sees a note's numbers masked"
        page.get_by_text("移交其他团队").click()
        page.get_by_label("团队").last.fill("反诈")
        page.get_by_role("button", name="移交").click()
        expect(page.locator(".past")).to_contain_text("移交 反诈")
        assert cases.one(console.database, 1).team == "反诈"
        assert not seen.complaints


def test_appeals_are_taken_and_decided(browser: Browser, console: Served) -> None:
    with looking(browser, console, "en", "dark", 1440) as seen:
        page = seen.page
        open_page(seen, console, "/complaints/appeals")
        first = page.locator(".card").first
        first.get_by_label("Answer to who appealed").fill("A hospital indeed; let through.")
        first.get_by_role("button", name="Uphold").click()
        expect(page.get_by_text("No appeal fits.")).to_be_visible()
        page.get_by_text("Take an appeal in").click()
        page.get_by_label("Number").fill("13812345602")
        page.get_by_label("What is said for it").fill("a courier")
        page.get_by_role("button", name="Take it in").click()
        expect(page.get_by_role("alert")).to_contain_text("is not a number of the form")
        page.get_by_label("Number").fill("+8613812345602")
        page.get_by_role("button", name="Take it in").click()
        expect(page.locator(".card")).to_contain_text("a courier")
        newest, oldest = appeals.listed(console.database, 9)
        assert (newest.number, newest.statement, newest.state) == ("+8613812345602", "a courier", appeals.State.OPEN)
        assert (oldest.state, oldest.decided_by, oldest.answer) == (appeals.State.UPHELD, USER, "A hospital indeed; let through.")
        assert (USER, "appeal-upheld", oldest.id) in noted(console)
        assert [told for told in seen.complaints if "400" not in told] == []


def test_a_finding_is_sent_answered_and_closed(browser: Browser, console: Served) -> None:
    with looking(browser, console, "en", "light", 1440) as seen:
        page = seen.page
        open_page(seen, console, "/audits")
        page.get_by_role("rowheader", name="1").get_by_role("link").click()
        assert page.locator(".calls tbody tr").count() == len(findings.listed(console.database, 0, 1)[0].call_ids) == 3
        said = (
            ("It was sent to the access party", "whose number is it?"),
            ("The access party has answered", "ours"),
            ("Close it", "agreed"),
        )
        for button, text in said:
            page.get_by_label("What is asked, answered or decided").fill(text)
            page.get_by_role("button", name=button).click()
            expect(page.locator(".past li").last).to_contain_text(text)
        found = findings.one(console.database, 1)
        assert found is not None and found.state is findings.State.CLOSED
        assert [(step.who, step.text) for step in found.history[1:]] == [(USER, text) for _, text in said]
        assert (USER, "trunk-finding", "1 closed") in noted(console)
        page.goto(f"{console.address}/audits/outgoing")
        page.get_by_label("Violation").select_option("range")
        page.get_by_role("button", name="Filter").click()
        expect(page.locator("section:last-of-type tbody tr")).to_have_count(3)
        assert not seen.complaints


def test_a_report_is_shown_printed_and_downloaded_in_either_language(browser: Browser, console: Served, tmp_path: Path) -> None:
    with looking(browser, console, "en", "dark", 1440) as seen:
        page = seen.page
        open_page(seen, console, "/reports")
        page.get_by_label("Week or month").select_option(MONTH)
        page.get_by_label("Language of the report").select_option("zh")
        page.get_by_role("button", name="Show", exact=True).click()
        report = page.locator(".report")
        expect(report).to_contain_text("骚扰电话", timeout=COUNTED_MS)
        assert report.get_attribute("lang") == "zh-Hans"
        with page.expect_download() as fetched:
            page.get_by_role("link", name="JSON").click()
        fetched.value.save_as(tmp_path / "report.json")
        told = json.loads((tmp_path / "report.json").read_text())
        calls = told["total"]["counts"]["calls"]
        assert (told["period"], calls > 0) == (MONTH, True)
        expect(report.locator(".sum dd").first).to_have_text(f"{calls:,}")
        page.emulate_media(media="print")
        expect(page.locator("header.bar")).to_be_hidden()
        expect(page.locator("form.filters")).to_be_hidden()
        expect(report).to_be_visible()
        page.emulate_media(media="screen")
        page.get_by_text("Download it with whole numbers").click()
        page.get_by_label("Why are whole numbers wanted?").fill("for the regulator")
        with page.expect_download() as fetched:
            page.get_by_role("button", name="CSV").click()
        fetched.value.save_as(tmp_path / "report.csv")
        assert re.search(r"1381234560\d", (tmp_path / "report.csv").read_text()), "whole, for who may"
        assert any(who == USER and what == "unmask-all" for who, what, _ in noted(console))
        assert not seen.complaints
