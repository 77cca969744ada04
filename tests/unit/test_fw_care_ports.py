"""Care of a modem's port: missing, denied, unplugged, or in the hands of another program, each told by name, by codes explained."""

import ast
import asyncio
import errno
import re
from pathlib import Path

import pytest

from tests.unit.fake_line import NAMED_S, PATH, FakeLine, play_line
from tests.unit.fake_modem import FakeModem


def test_a_modem_unplugged_and_plugged_back_is_told_once_and_set_up_again() -> None:
    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        line.modem.say("RING")
        await asyncio.sleep(0.1)
        line.modem.unplug()
        await asyncio.sleep(300.0)
        assert line.whats().count("unplugged") == 1 and "port-missing" not in line.whats()
        assert len(line.ended_calls) == 1
        line.modem.is_plugged = True
        back_s = line.now_s()
        await line.until("modem-ready", 2)
        assert line.now_s() - back_s <= NAMED_S
        assert line.detail("port-open") == PATH
        assert line.modem.is_on

    play_line(play, FakeModem())


def test_a_missing_port_is_told_once_and_when_it_is_there() -> None:
    async def play(line: FakeLine) -> None:
        await asyncio.sleep(60.0)
        assert line.whats() == ["port-missing"]
        line.modem.is_plugged = True
        await line.until("modem-ready")
        assert "port-open" in line.whats()

    modem = FakeModem()
    modem.is_plugged = False
    play_line(play, modem)


def test_a_port_that_may_not_be_opened_names_the_group() -> None:
    """Peers' pain 14: port permissions."""

    async def play(line: FakeLine) -> None:
        line.board.refusals[PATH] = PermissionError(errno.EACCES, "permission denied")
        await line.until("port-denied")
        assert "group dialout" in line.detail("port-denied")
        del line.board.refusals[PATH]
        await line.until("modem-ready")

    play_line(play, FakeModem())


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EBUSY])
def test_a_program_that_keeps_the_port_is_named(number: int) -> None:
    """Peers' pain 14: ModemManager grabs the port."""

    async def play(line: FakeLine) -> None:
        line.board.refusals[PATH] = OSError(number, "busy")
        line.board.holders[PATH] = "ModemManager (pid 612)"
        await line.until("port-busy", limit_s=NAMED_S)
        assert "ModemManager (pid 612)" in line.detail("port-busy")
        line.board.refusals.clear()
        line.board.holders.clear()
        await line.until("modem-ready")

    play_line(play, FakeModem())


def test_a_program_that_reads_along_is_named_when_it_comes_and_when_it_goes() -> None:
    """Peers' pain 14: ModemManager grabs the port."""

    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        line.board.holders[PATH] = "ModemManager (pid 612)"
        came_s = line.now_s()
        await line.until("port-shared")
        assert line.now_s() - came_s <= NAMED_S
        assert "ModemManager (pid 612)" in line.detail("port-shared")
        line.board.holders.clear()
        await line.until("port-free")
        assert line.whats().count("port-shared") == 1

    play_line(play, FakeModem())


def test_a_program_that_takes_the_answers_is_blamed_rather_than_the_modem() -> None:
    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        opened = len(line.modem.opened)
        line.board.holders[PATH] = "minicom (pid 7)"
        line.modem.is_wedged = True
        await asyncio.sleep(120.0)
        assert "port-shared" in line.whats() and "modem-silent" not in line.whats()
        assert len(line.modem.opened) == opened
        line.board.holders.clear()
        line.modem.is_wedged = False
        await line.until("modem-ready", 2)

    play_line(play, FakeModem())


def test_a_name_that_changes_is_told_with_the_one_that_stays() -> None:
    async def play(line: FakeLine) -> None:
        line.board.aliases[PATH] = "/dev/serial/by-id/usb-U.S.Robotics-if00"
        await line.until("unstable-name")
        assert "/dev/serial/by-id/usb-U.S.Robotics-if00" in line.detail("unstable-name")
        line.modem.unplug()
        line.modem.is_plugged = True
        await line.until("modem-ready")
        assert line.whats().count("unstable-name") == 1

    play_line(play, FakeModem())


def constants_told(source: str) -> set[str]:
    """The codes that a module's source tells as health records."""
    found = set()
    places = {"tell": 0, "_tell": 0, "_set_up": 0, "health": 1}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in places:
            what = node.args[places[node.func.attr]] if node.args else None  # a file's tell() has none
            found |= {str(what.value)} if isinstance(what, ast.Constant) else set()
        elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "what" and isinstance(node.value, ast.Constant):
            found.add(str(node.value.value))
    return found


def test_every_code_of_a_health_record_is_explained_in_the_protocol_and_none_is_only_there() -> None:
    firmware = Path(__file__).parents[2] / "firmware"
    told = set()
    for path in (firmware / "catflap_probe").rglob("*.py"):
        told |= constants_told(path.read_text(encoding="utf-8"))
    table = (firmware / "PROTOCOL.md").read_text(encoding="utf-8").partition("What a `health` record tells")[2].partition("\n\nWhile")[0]
    explained = {code for row in table.splitlines() if row.startswith("| `") for code in re.findall("`([a-z-]+)`", row.split("|")[1])} - {
        "what"
    }
    assert told == explained
