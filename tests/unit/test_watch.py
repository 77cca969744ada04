"""`catflap watch`: what the real spool of a probe holds is seen, as it comes, and a caller's text stays text."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.widgets import DataTable, Static

from boards.linux.board import LinuxBoard
from catflap_host.cli import main
from catflap_host.language.catalogue import by_code
from catflap_host.watch.screen import WatchScreen
from catflap_host.watch.seen import MOST_CALLS, Seen
from catflap_host.watch.spool_tail import SpoolTail
from catflap_host.watch.tape_tail import latest
from catflap_probe.spool import Spool

NAME = "[bold red]Bank[/]\x1b]0;mine\x07\u202e"
"""A caller's name that would be markup, a terminal's command and writing from right to left."""


def alert(call: int, **fields: object) -> dict[str, object]:
    told = {"k": "alert", "trunk": "t", "line": "L01", "call": call, "at_ms": 1_772_380_800_000 + call, "direction": "in", "name": ""}
    shown = {"calling": f"1381234{call:04}", "presentation": "shown", "label": "simbank", "score": 9991, "action": "block", "shadow": False}
    return told | shown | {"reasons": ["pool.strangers", "model.simbank"]} | fields


def end(call: int, **fields: object) -> dict[str, object]:
    told = {"k": "end", "trunk": "t", "line": "L01", "call": call, "at_ms": 1_772_380_800_000 + call, "ended_ms": 1_772_380_809_000}
    return told | {"name": "", "final_label": "simbank", "outcome": "stopped", "answered_ms": -1} | fields


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    """A probe's own."""
    spool = Spool(LinuxBoard(), str(tmp_path / "spool"), "9f0c41d2a7b3e658", 1 << 20, 2048)
    yield spool
    asyncio.run(spool.sync())
    if spool._file is not None:
        spool._file.close()


def watched(state: Path, steps: Callable[[WatchScreen, Any], Coroutine[Any, Any, None]], language: str = "en") -> None:
    """Runs steps on a terminal of its own."""
    screen = WatchScreen(state, state / "tapes", ["L01"], by_code(language))

    async def run() -> None:
        async with screen.run_test(size=(140, 40)) as pilot:
            await pilot.pause()
            await steps(screen, pilot)

    asyncio.run(run())


def shown(screen: WatchScreen) -> list[list[str]]:
    table = screen.query_one("#calls", DataTable)
    return [[cell.plain for cell in table.get_row_at(row)] for row in range(table.row_count)]


def said(screen: WatchScreen, widget: str) -> str:
    return str(screen.query_one(widget, Static).render())


def test_calls_come_end_and_are_explained(tmp_path: Path, spool: Spool) -> None:
    spool.append(alert(1, name=NAME))

    async def steps(screen: WatchScreen, pilot: Any) -> None:
        (row,) = shown(screen)
        assert row[1:3] == ["L01", "13812340001"] and row[4:] == ["SIM bank", "100%", "blocked", "going on"]
        assert row[3].startswith("[bold red]Bank[/]") and row[3].isprintable()
        spool.append(end(1))
        spool.append(alert(2, label="telemarketing", action="label", shadow=True, reasons=["model.telemarketing"]))
        screen.look()
        await pilot.pause()
        assert [row[7] for row in shown(screen)] == ["stopped", "going on"]
        assert "All is well" in said(screen, "#well") and "2 calls, 1 to be stopped, 0 alarms, 3 records unsent" in said(screen, "#well")
        await pilot.press("up")
        await pilot.pause()
        assert "pool.strangers" in said(screen, "#call") and "Five other mobiles" in said(screen, "#call")
        await pilot.press("b")
        assert [row[2] for row in shown(screen)] == ["13812340001"]

    watched(tmp_path, steps)


def test_paused_it_stands_still_and_a_worry_is_said_in_chinese(tmp_path: Path, spool: Spool) -> None:
    async def steps(screen: WatchScreen, pilot: Any) -> None:
        await pilot.press("p")
        spool.append(alert(1))
        spool.append({"k": "health", "line": "L01", "at_ms": 1, "what": "modem-silent", "detail": "30 s"})
        screen.look()
        assert shown(screen) == [] and "已暂停" in said(screen, "#well")
        await pilot.press("p")
        screen.look()
        assert len(shown(screen)) == 1
        assert "L01" in said(screen, "#well") and "(30 s)" in said(screen, "#well")

    watched(tmp_path, steps, "zh")


def test_what_a_line_says_is_shown_without_its_control_characters(tmp_path: Path, spool: Spool) -> None:
    spool.append(end(1))
    tape = tmp_path / "tapes" / "9f0c41d2a7b3e658"
    tape.mkdir(parents=True)
    (tape / "L01.cast").write_text('{"version": 2}\n[1.5, "o", "\\r\\nRING\\r\\n"]\n[2.0, "i", "AT\\u001b\\r"]\n[2.5, "o", "half', "utf-8")
    assert [(frame.code, frame.text) for frame in latest(tmp_path / "tapes", "L01", 9)] == [("o", "\\r\\nRING\\r\\n"), ("i", "AT\\x1b\\r")]

    async def steps(screen: WatchScreen, pilot: Any) -> None:
        assert not screen.query_one("#frames").display
        await pilot.press("f")
        assert "← \\r\\nRING\\r\\n" in said(screen, "#frames")
        await pilot.press("f")
        assert not screen.query_one("#frames").display

    watched(tmp_path, steps)


def test_a_tail_reads_across_files_and_counts_what_is_unsent(tmp_path: Path, spool: Spool) -> None:
    tail = SpoolTail(tmp_path / "spool")
    for call in range(1, 31):
        spool.append(alert(call))
    assert [spooled.fields["call"] for spooled in tail.read()] == list(range(1, 31)) and tail.unsent() == 30
    assert len(list((tmp_path / "spool").glob("*.log"))) > 2
    spool.committed(spool.boot, 20)
    spool.append(alert(31))
    assert [spooled.number for spooled in tail.read()] == [31] and tail.unsent() == 11


def test_half_a_record_waits_and_a_damaged_one_ends_its_file(tmp_path: Path, spool: Spool) -> None:
    spool.append(alert(1))
    (path,) = (tmp_path / "spool").glob("*.log")
    tail = SpoolTail(tmp_path / "spool")
    whole = path.read_bytes()
    path.write_bytes(whole + b'2 0badc0de {"k":')
    assert len(tail.read()) == 1 and tail.read() == []
    path.write_bytes(whole + b'2 0badc0de {"k":"end"}\n' + whole)
    assert tail.read() == []


def test_tables_are_bounded() -> None:
    seen = Seen()
    for call in range(MOST_CALLS + 5):
        seen.take("b", alert(call))
    assert len(seen.calls) == MOST_CALLS and ("b", "L01", 4) not in seen.calls


def test_without_a_spool_it_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    trunk = {"id": "t", "lines": [{"id": "a", "port": "/dev/null", "dialect": "v253", "numbers": []}]}
    config = tmp_path / "probe.json"
    config.write_text(
        json.dumps({"catflap_probe": 1, "id": "p", "state": f"{tmp_path}/state", "model": "m", "policy": "p", "trunk": trunk})
    )
    assert main(["watch", "--config", str(config)]) == 2
    assert "start the probe first" in capsys.readouterr().err
