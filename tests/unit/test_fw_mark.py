"""What a person's mark may say, how often it counts, and the reading of messages out of a modem's memory."""

import asyncio

import pytest

from catflap_probe.care.watch import CHECK_MS, TEXT_MODE
from catflap_probe.events import DIALLED, MESSAGE, TONE
from catflap_probe.mark import KEY, MOST_MARKS, SMS, STAR_CODE, WINDOW_S, MarkRule, Marks, named_in
from tests.unit.fake_line import FakeLine, play_line
from tests.unit.fake_modem import FakeModem

STAFF = "+8613800138000"
RULE = MarkRule("*39", [STAFF])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", ""),
        ("骚扰电话", ""),
        ("*39", ""),
        ("13812345678", "13812345678"),
        ("*39 +86 138-1234-5678", "+8613812345678"),
        ("*3913812345678", "13812345678"),
        ("贷款 13812345678 又来了", "13812345678"),
        ("(010) 6234.5678", "01062345678"),
        ("95", None),
        ("at 10:30", None),
        ("13812345678, 13812345679", None),
        ("1234567890123456", None),
        ("+", None),
    ],
)
def test_a_message_names_a_number_or_the_last_call(text: str, number: str | None) -> None:
    assert named_in(text, "*39") == number


def test_only_the_code_and_the_messages_of_those_named_are_marks() -> None:
    marks = Marks()
    assert marks.read(RULE, 0, DIALLED, "*39", 0) == (STAR_CODE, "", "")
    assert marks.read(RULE, 0, DIALLED, "*390", 0) is None
    assert marks.read(RULE, 0, MESSAGE, f"{STAFF} 95588", 0) == (SMS, "95588", STAFF)
    assert marks.read(RULE, 0, MESSAGE, "13800138000 95588", 0) is None
    without = MarkRule("", [])
    assert [marks.read(without, 0, kind, "", 0) for kind in (DIALLED, TONE, MESSAGE)] == [None, None, None]


def test_keys_of_two_lines_and_keys_far_apart_make_no_code() -> None:
    marks = Marks()
    assert [marks.read(RULE, line, TONE, key, 100) for line, key in ((0, "*"), (0, "3"), (1, "9"))] == [None] * 3
    assert marks.read(RULE, 0, TONE, "9", 6000) is None
    pressed = [marks.read(RULE, 0, TONE, key, 7000) for key in ("*", "busy", "*", "3", "9", "9")]
    assert pressed == [None, None, None, None, (KEY, "", ""), None]


def test_so_many_marks_an_hour_count() -> None:
    marks = Marks()
    assert [marks.may(1000) for _ in range(MOST_MARKS + 1)] == [True] * MOST_MARKS + [False]
    assert marks.may(1000 + WINDOW_S)


@pytest.mark.parametrize("code", ["39", "*", "*39#", "*12345678", 39])
def test_a_code_is_a_star_and_digits(code: str) -> None:
    with pytest.raises(ValueError, match="code"):
        MarkRule(code, [])


class Reading(FakeLine):
    """A line whose messages are read while `wants` says so; those of STAFF are marks."""

    wants = True
    heard: list[str]

    def takes_messages(self) -> bool:
        return self.wants

    def signalled(self, line: object, kind: int, text: str, now_ms: int) -> None:
        self.heard = [*getattr(self, "heard", []), text]
        if text.startswith(STAFF):
            self.watch.marked()


def test_a_message_in_memory_is_read_while_the_line_is_idle_and_a_mark_is_deleted() -> None:
    async def play(line: FakeLine) -> None:
        modem = line.modem
        modem.answers |= {
            "AT+CMGR=3": f'+CMGR: "REC UNREAD","{STAFF}",,"26/03/02,08:00:00+32",145,4,0,0,"+8613800100500",145,4\r\nspam',
            "AT+CMGR=4": '+CMGR: "REC UNREAD","10086",,"26/03/02,08:00:00+32",129,4,0,0,"+8613800100500",145,4\r\nRING',
        }
        await line.until("modem-ready")
        await asyncio.sleep(2 * CHECK_MS / 1000)
        assert [command for command in modem.commands() if command in TEXT_MODE] == list(TEXT_MODE)
        modem.say('+CLIP: "01062345678",129')
        modem.say('+CMTI: "SM",3')
        modem.say('+CMTI: "SM",4')
        await asyncio.sleep(1.0)
        assert "AT+CMGR=3" not in modem.commands(), "it rings"
        modem.say("NO CARRIER")
        await asyncio.sleep(3 * CHECK_MS / 1000)
        assert [command for command in modem.commands() if "+CMG" in command][1:] == ["AT+CMGR=3", "AT+CMGD=3", "AT+CMGR=4"]
        assert isinstance(line, Reading) and line.heard == [f"{STAFF} spam", "10086 RING"]
        assert len(line.calls) == 1, "what a message says rings no bell"

    play_line(play, FakeModem(), "3gpp", "quectel", line_of=Reading)


def test_nothing_is_set_and_nothing_is_read_where_no_message_counts() -> None:
    async def play(line: FakeLine) -> None:
        await line.until("modem-ready")
        line.modem.say('+CMTI: "SM",3')
        await asyncio.sleep(3 * CHECK_MS / 1000)
        assert not [command for command in line.modem.commands() if "+CMG" in command or "+CNMI" in command]

    play_line(play, FakeModem(), "3gpp", "quectel")


def test_a_modem_that_tells_of_no_messages_is_told_of_once() -> None:
    async def play(line: FakeLine) -> None:
        line.modem.answers["AT+CNMI=2,1"] = "ERROR!"
        await line.until("messages-refused")
        await asyncio.sleep(10 * CHECK_MS / 1000)
        assert line.whats().count("messages-refused") == 1
        assert line.detail("messages-refused") == "AT+CNMI=2,1: ERROR"

    play_line(play, FakeModem(), "3gpp", "quectel", line_of=Reading)
