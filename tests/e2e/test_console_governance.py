"""Policy, registers and administration in a real browser: what is clicked is in the store afterwards, in both languages, light and dark."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from catflap_host.access import entering, tokens, users
from catflap_host.access.roles import Role
from catflap_host.policy import kept
from catflap_host.policy.trials import dry_runs
from catflap_host.registers import entries
from catflap_host.registers.kinds import Register
from catflap_host.store import queries
from tests.console_seed import HOSTILE, seed
from tests.e2e.chromium import PICTURES, Seen, Served, chromium, looking, open_page, served, shut_out

LOOKS = [("en", "light"), ("zh", "dark")]
SWITCHBOARD = "01088886666"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("console")) as console:
        seed(console.database, calls=30)
        kept.draft(console.database, json.dumps({"catflap_policy": 1, "deny": [{"prefix": "0755", "note": HOSTILE}]}), "chen.jie", HOSTILE)
        kept.publish(console.database, 1, "chen.jie")
        yield console


def looked_at(seen: Seen, name: str, language: str, theme: str) -> None:
    """A picture of what is there now, and nobody shut out of it."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    seen.page.screenshot(path=PICTURES / f"{name}-{language}-{theme}.png", full_page=True)
    assert not shut_out(seen.page), name


def strange(seen: Seen) -> list[str]:
    """What the browser complained of, but for forms that were refused on purpose."""
    return [complaint for complaint in seen.complaints if "status of 400" not in complaint]


def press(page: Page, name: str, value: str) -> None:
    page.locator(f'main button[name="{name}"][value="{value}"]').first.click()


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_a_policy_is_edited_tried_published_and_rolled_back(browser: Browser, console: Served, language: str, theme: str) -> None:
    before = kept.published(console.database)
    assert before
    with looking(browser, console, language, theme, 1440) as seen:
        page = seen.page
        open_page(seen, console, f"/policy/edit?from={before.version}")
        lines = page.locator("#part-deny [data-row]")
        first = lines.count()
        page.locator("#part-deny button[data-more]").click()
        expect(lines).to_have_count(first + 1)
        page.locator(f'[name="deny-{first}-value"]').fill("88 86")
        press(page, "do", "keep")
        expect(page.locator(f"#fault-deny-{first}-value")).to_be_visible()
        looked_at(seen, "policy-edit-faults", language, theme)
        page.locator(f'[name="deny-{first}-value"]').fill(SWITCHBOARD)
        page.locator('[name="deny-0-what"]').select_option("kind")
        expect(page.locator('[name="deny-0-value"]')).to_be_hidden()
        page.locator('[name="deny-0-kind"]').select_option("premium")
        page.locator('[name="blocks"]').fill("500")
        page.locator('[name="minutes"]').fill("60")
        page.locator('[name="for"]').fill(f"letter 17, {language}")
        press(page, "do", "keep")
        page.wait_for_url("**/policy/versions/*")
        version = int(page.url.rpartition("/")[2])
        tree = json.loads(kept.text_of(console.database, version))
        assert tree["deny"][-2:] == [{"kind": "premium"}, {"number": SWITCHBOARD}] and tree["budget"] == {"blocks": 500, "minutes": 60}
        press(page, "do", "try")
        expect(page.locator("article.run table").first).to_contain_text("010****6666", timeout=30_000)
        (run,) = dry_runs(console.database, version, 10)
        assert run.found and run.found.changed[0].is_honest
        looked_at(seen, "policy-version", language, theme)
        page.locator("article.run table a").first.click()
        expect(page).to_have_url(f"{console.address}/call/{run.found.changed[0].call_id}")
        open_page(seen, console, f"/policy/versions/{version}")
        press(page, "do", "publish")
        page.wait_for_url("**/policy")
        now = kept.published(console.database)
        assert now and now.version == version
        press(page, "do", "roll-back")
        expect(page.locator("#state")).to_contain_text(str(before.version))
        page.wait_for_load_state("domcontentloaded")
        now = kept.published(console.database)
        assert now and (now.version, now.why) == (before.version, "roll-back")
        assert not strange(seen)


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_registers_are_added_to_by_form_and_file_and_an_entry_is_ended(
    browser: Browser, console: Served, tmp_path: Path, language: str, theme: str
) -> None:
    number = "13900001111" if language == "en" else "13900002222"
    with looking(browser, console, language, theme, 1440) as seen:
        page = seen.page
        open_page(seen, console, "/registers/consent")
        page.locator("#add summary").click()
        for name, text in (("number", number), ("holder", HOSTILE), ("evidence", "recording 17"), ("reason", "form 12")):
            page.locator(f'#add [name="{name}"]').fill(text)
        page.locator('#add [name="industry"]').select_option("loans")
        page.locator('#add [name="from"]').fill("2026-01-01T08:00")
        page.locator("#add button.chief").click()
        expect(page.locator("#fault-until")).to_be_visible()
        looked_at(seen, "register-faults", language, theme)
        page.locator('#add [name="until"]').fill("2030-01-01T08:00")
        page.locator("#add button.chief").click()
        expect(page.locator("main table tbody tr").first).to_contain_text(HOSTILE)
        entry = list(entries.everything(console.database, Register.CONSENT))[-1]
        assert (entry.fields["number"], entry.begins_ms) == (f"+86{number}", 1_767_225_600_000), "eight in Shanghai"
        page.locator("main table tbody a").first.click()
        expect(page.locator("main")).not_to_contain_text(number)
        page.locator("form:has(button[value=end]) input[name=reason]").fill("entered by mistake")
        press(page, "do", "end")
        expect(page.locator("main ol.past")).to_contain_text("entered by mistake")
        assert list(entries.everything(console.database, Register.CONSENT))[-1].ends_ms > 0
        looked_at(seen, "register-entry", language, theme)
        (tmp_path / "list.csv").write_text(f"number,industry\n{number},loans\n138,loans\n")
        open_page(seen, console, "/registers/do-not-call")
        page.locator("#import summary").click()
        page.locator("#import input[type=file]").set_input_files(tmp_path / "list.csv")
        page.locator('#import [name="reason"]').fill("list of March")
        page.locator('#import [name="in_part"]').check()
        page.locator("#import button").click()
        expect(page.locator("main [role=alert]")).to_contain_text("3")
        assert list(entries.everything(console.database, Register.DO_NOT_CALL))[-1].fields["number"] == f"+86{number}"
        looked_at(seen, "register-import", language, theme)
        assert not strange(seen)


@pytest.mark.parametrize(("language", "theme"), LOOKS)
def test_a_user_a_token_and_a_probe_are_added(browser: Browser, console: Served, language: str, theme: str) -> None:
    name = f"new.{language}"
    with looking(browser, console, language, theme, 1440) as seen:
        page = seen.page
        open_page(seen, console, "/administration")
        page.locator('section [name="name"]').fill(name)
        page.locator('section [name="role"]').select_option("operator")
        press(page, "do", "add")
        link = page.locator(".once code").inner_text()
        looked_at(seen, "administration-link", language, theme)
        assert next(user for user in users.listed(console.database) if user.name == name).role is Role.OPERATOR
        assert entering.spend_code(console.database, link.partition("code=")[2]) == name
        page.locator("li", has_text=name).locator("summary").click()
        page.locator("li", has_text=name).locator("button[value=disable]").click()
        expect(page.locator("li.gone", has_text=name)).to_be_visible()
        assert next(user for user in users.listed(console.database) if user.name == name).disabled
        open_page(seen, console, "/administration/tokens")
        page.locator('[name="purpose"]').fill(name)
        press(page, "do", "issue")
        token = page.locator(".once code").first.inner_text()
        assert entering.by_token(console.database, token)
        page.locator("tr", has_text=name).locator("button").click()
        expect(page.locator("tr", has_text=name)).to_have_count(0)
        assert not [one for one in tokens.listed(console.database) if one.purpose == name]
        open_page(seen, console, "/administration/probes")
        page.locator('[name="name"]').fill(name)
        with page.expect_download() as download:
            page.locator("main button.chief").click()
        assert len(Path(download.value.path()).read_text().strip()) == 64
        assert name in [probe.probe for probe in queries.probes(console.database)]
        assert not strange(seen)
