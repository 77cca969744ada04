"""The 3gpp dialect: rings, numbers, states and endings of calls in the layouts that users posted and manuals give."""

import pytest

from catflap_probe.call import SHOWN, UNAVAILABLE, WITHHELD
from catflap_probe.dialect.text import Listener
from catflap_probe.dialect.ts27007 import Ts27007
from catflap_probe.events import (
    ANSWERED,
    CALLED,
    CAUSE,
    DIALLED,
    FAINT_RING,
    INFORMATION,
    MESSAGE,
    NAME,
    NUMBER,
    RELEASED,
    REPLY,
    RESET,
    RING,
    STORED,
    WAITING,
)

Event = tuple[int, str, int]


class Heard(Listener):
    def __init__(self) -> None:
        self.events: list[Event] = []

    def heard(self, kind: int, t_ms: int, now_ms: int, text: str, detail: int) -> None:
        self.events.append((kind, text, detail))


def events_of(*pieces: bytes, step_ms: int = 1) -> list[Event]:
    """What is heard in pieces that come `step_ms` apart."""
    heard = Heard()
    dialect = Ts27007(heard)
    for index, piece in enumerate(pieces):
        dialect.feed(index * step_ms, piece)
    return heard.events


def lines(*texts: str, step_ms: int = 100) -> list[Event]:
    """What is heard in lines that come `step_ms` apart, information left out."""
    heard = events_of(*[text.encode("latin-1") + b"\r\n" for text in texts], step_ms=step_ms)
    return [event for event in heard if event[0] != INFORMATION]


@pytest.mark.parametrize(
    ("text", "number", "presentation"),
    [
        ('+CLIP: "+420123456789",145,,,,0', "+420123456789", SHOWN),
        ('+CLIP: "420123456789",145,"",128,"",0', "+420123456789", SHOWN),
        ('+CLIP: "13812345678",161,"",0,"",0', "13812345678", SHOWN),
        ('+CLIP: "13812345678",129', "13812345678", SHOWN),
        ('+CLIP: "13812345678",0x81', "13812345678", SHOWN),
        ('+CLIP: "8613812345678",0x91', "+8613812345678", SHOWN),
        ('+CLIP: "13812345678",,,,,0', "13812345678", SHOWN),
        ('+CLIP:"13812345678"', "13812345678", SHOWN),
        ('+CLIP : "13812345678" , 129 , "" ,  0 , "" , 0   ', "13812345678", SHOWN),
        ("+CLIP: 13812345678,129,,,,0", "13812345678", SHOWN),
        ("+CLIP: +8613812345678,145", "+8613812345678", SHOWN),
        ('+CLIP: "*86#1",129', "*86#1", SHOWN),
        ('+CLIP: "95588A",129', "95588", SHOWN),
        ('+CLIP: "sip:+8613812345678@ims.mnc000.mcc460.3gppnetwork.org",128', "+8613812345678", SHOWN),
        ('+CLIP: "002B0038003600310030",145,"",0,"",0', "+8610", SHOWN),
        ('+CLIP: "+13812345678",145,"","",0', "+13812345678", SHOWN),
        ('+CLIP: "13812345678",129,"",128,"",1', "13812345678", SHOWN),
        ('+CLIP: "",128,,,,1', "", WITHHELD),
        ('+CLIP: "",128,,,,2', "", UNAVAILABLE),
        ('+CLIP: "",128,,,,3', "", UNAVAILABLE),
        ('+CLIP: "",128,,,,4', "", UNAVAILABLE),
        ('+CLIP: "",128,,,,0', "", UNAVAILABLE),
        ('+CLIP: "",128', "", UNAVAILABLE),
        ('+CLIP: "",0,"",0', "", UNAVAILABLE),
        ('+CLIP: "",161,,,""', "", UNAVAILABLE),
        ('+CLIP: "Private",128', "", WITHHELD),
        ('+CLIP: "UNKNOWN",128', "", UNAVAILABLE),
        ('+CLIP: "P",128,,,,2', "", UNAVAILABLE),
        ("+CLIP: ,128,,,,1", "", WITHHELD),
    ],
)
def test_clip_layouts_and_validity(text: str, number: str, presentation: int) -> None:
    assert lines(text) == [(NUMBER, number, presentation)]


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ('"SMITH"', "SMITH"),
        ('"Smith, John"', "Smith, John"),
        ('"John "the boss" Smith"', 'John "the boss" Smith'),
        ('"5F204E09"', "张三"),
        ('"004A006F0065"', "Joe"),
        ('"å¼\xa0ä¸\x89"', "张三"),
        ('"Jos\xe9"', "José"),
        ('"facade"', "facade"),
        ('"12345678"', "12345678"),
    ],
)
def test_the_alpha_field_is_the_name(field: str, name: str) -> None:
    assert lines(f'+CLIP: "13812345678",129,"",0,{field},0') == [(NUMBER, "13812345678", SHOWN), (NAME, name, 0)]
    assert lines(f'+CLCC: 1,1,4,0,0,"13812345678",129,{field}') == [(NUMBER, "13812345678", SHOWN), (NAME, name, 0)]
    assert lines(f"+CNAP: {field},0") == [(NAME, name, 0)]


@pytest.mark.parametrize(
    "text",
    [
        "+CLIP: 1,1",
        "+CLIP: 0",
        "+CLIP: (0,1)",
        "+CCWA: 1,1",
        "+CCWA: 0",
        "+CCWA: 0,7",
        "+CCWA: (0,1)",
        "+CLCC: 0",
        "+CLCC: (0,1)",
        "+COLP: 0,1",
        "+CDIP: 1,1",
        "+CNAP: 0,2",
        '+CNAP: "",2',
        "+CRC: 1",
        "+CRING: GPRS",
        "#ECAM: 1",
        "+UCALLSTAT: 1",
        "+WIND: 255",
        "+CEER: No cause information available",
        "+CEER: 0,NONE",
        "+CEER: EMM_CAUSE_ESM_FAILURE",
        "+CEER: Deactivate Cause: SM34 (Service option temporarily out of order)",
        "+CSSU: 5",
        "+CSSI: 3,1",
        '+COPS: 0,0,"CHINA MOBILE",7',
        '+CSCA: "+8613800100500",145',
        "^RSSI:18",
        "^BOOT:27710117,0,0,0,6",
        "+CPIN: READY",
        "+CFUN: 1",
        "Quectel",
        "SIM800 R14.18",
        '+CIEV: "CALL",1',
        "+CIEV: 2,1",
    ],
)
def test_an_answer_or_a_report_of_other_things_is_information_and_no_call(text: str) -> None:
    assert events_of(text.encode() + b"\r\n") == [(INFORMATION, text, 0)]


def test_an_echo_is_nothing() -> None:
    assert events_of(b"AT+CLIP=1\r\r\nOK\r\n", b"AT+CHUP\r", b"ate0\r") == [(REPLY, "OK", 0)]


@pytest.mark.parametrize("ring", ["RING", "+CRING: VOICE", "+CRING:VOICE", "RIG", "+CRIN: VOIC", "+CRNG: VOICE", "RING 1", "\xffRING\x00"])
def test_a_ring(ring: str) -> None:
    assert lines(ring) == [(RING, "", 0)]


@pytest.mark.parametrize("bearer", ["ASYNC", "REL ASYNC", "FAX", "ALT VOICE/FAX"])
def test_a_call_of_data_or_fax_rings_as_well_and_says_what_it_is(bearer: str) -> None:
    assert lines("+CRING: " + bearer) == [(RING, bearer, 0)]


@pytest.mark.parametrize("text", ["CRG: VOC", "RI", "+CLP: 13812345678,129", 'CLIP: "138123', '+CLIP "8123456",129,,,,0'])
def test_the_remains_of_a_ring_or_a_number_are_faint(text: str) -> None:
    assert lines(text) == [(FAINT_RING, "", 0)]


@pytest.mark.parametrize(
    "text",
    ['+CLIP: "13812345678,129', '+CLIP: 13812345678",129', '+CLIP: "13812345678",19', '+CLIP: "138\x01345678",129', '+CLIP: "138k5678"'],
)
def test_a_clip_that_is_not_whole_tells_no_number(text: str) -> None:
    assert lines(text) == [(FAINT_RING, "", 0)]


def test_a_line_behind_noise_or_behind_one_that_lost_its_end_is_read() -> None:
    assert lines('\x8f~\xfe+CLIP: "13812345678",129') == [(NUMBER, "13812345678", SHOWN)]
    assert lines('RING+CLIP: "13812345678",129') == [(RING, "", 0), (NUMBER, "13812345678", SHOWN)]
    assert lines('+CRING: VOIC+CLIP: "13812345678",129') == [(RING, "", 0), (NUMBER, "13812345678", SHOWN)]


def test_a_split_at_any_byte_changes_nothing() -> None:
    wire = (
        b'\r\n+CRING: VOICE\r\n\r\n+CLIP: "+1234567890",145,,,,0\r\n\r\n^CEND:1,0,104,16\r\n\r\nOK\r\n'
        b'\r\n+CLCC: 1,1,4,0,0,"10086",129,"Joe, \xb6\xb6"\r\n\r\nVOICE CALL: BEGIN\r\n\r\nNO CARRIER\r\n'
    )
    whole = events_of(wire)
    assert whole == [
        (RING, "", 0),
        (NUMBER, "+1234567890", SHOWN),
        (RELEASED, "16", 1),
        (REPLY, "OK", 0),
        (NUMBER, "10086", SHOWN),
        (NAME, "Joe, ¶¶", 0),
        (ANSWERED, "", 1),
        (RELEASED, "", 1),
        (REPLY, "NO CARRIER", 0),
    ]
    assert all(events_of(wire[:cut], wire[cut:]) == whole for cut in range(len(wire)))
    assert events_of(*[wire[place : place + 1] for place in range(len(wire))]) == whole


@pytest.mark.parametrize(
    ("text", "cause", "id_"),
    [
        ("^CEND:1,0,104,16", "16", 1),
        ("^CEND: 1,0, 67, 21", "21", 1),
        ("^CEND: 1,,101,17,0", "17", 1),
        ("^CEND:1,82,29", "", 1),
        ("^CEND:2,5,29,16", "16", 2),
        ("^CEND:1,0,255,255", "", 1),
        ("^CEND:", "", 0),
        ("MISSED_CALL: 11:53AM 08020866256", "", 0),
        ("VOICE CALL: END: 000008", "", 0),
        ("VOICE CALL:END:000004", "", 0),
        ("VOICE CALL: END", "", 0),
        ("+WIND: 6,1", "", 1),
        ("+UCALLSTAT: 1,6", "", 1),
        ("+XCALLSTAT: 2,6", "", 2),
        ("#ECAM: 0,0,1,,,", "", 0),
        ("#ECAM: 1,0,1,,,", "", 2),
        ("*ECAV: 1,0,1,8,17", "17", 1),
        ('^DSCI: 1,1,6,0,0,"13693607335",161,,16,0,"",0', "16", 1),
        ("^DSCI: 1,1,6,0,13022100000,129,0", "", 1),
        ("+ZCEND:28", "", 0),
        ("HANGUP: 1", "", 1),
        ('+CIEV: "CALL",0', "", 0),
        ('+CLCC: 4,1,6,0,0,"08020866256",128', "", 4),
    ],
)
def test_a_release(text: str, cause: str, id_: int) -> None:
    assert lines(text) == [(RELEASED, cause, id_)]


@pytest.mark.parametrize("text", ["NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE"])
def test_a_result_code_that_is_a_release_as_well(text: str) -> None:
    assert lines(text) == [(RELEASED, "", 0), (REPLY, text, 0)]


@pytest.mark.parametrize("text", ["OK", "ERROR", "+CME ERROR: 100", "+CMS ERROR: 500", "+CME ERROR: \xff\xfe", "COMMAND NOT SUPPORT"])
def test_a_reply(text: str) -> None:
    assert [kind for kind, _, _ in lines(text)] == [REPLY]


@pytest.mark.parametrize(
    ("text", "id_"),
    [("VOICE CALL: BEGIN", 0), ("^CONN:1,0", 1), ("^CONN: 2", 2), ("+UCALLSTAT: 1,0", 1), ("#ECAM: 0,3,1,,,", 0), ("*ECAV: 1,3,1", 1)],
)
def test_an_answer(text: str, id_: int) -> None:
    assert lines(text) == [(ANSWERED, "", id_)]


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("+CEER: User busy", "17"),
        ('+CEER: "16 Normal call clearing"', "16"),
        ("+CEER: 17, CM_USER_BUSY", "17"),
        ("+CEER: 0,0,5,16,normal call clearing", "16"),
        ('+CEER: "CC setup error",21,"Call rejected"', "21"),
        ("+CEER: 5,31", "31"),
        ("+CEER: Error 27", "27"),
        ("+CEER: Normal, unspecified", "31"),
        ("+CEER: NO_USER_RESPONDING", "18"),
    ],
)
def test_a_cause_told_by_itself(text: str, cause: str) -> None:
    assert lines(text) == [(CAUSE, cause, 0)]


@pytest.mark.parametrize(
    ("text", "number", "presentation", "name"),
    [
        ('+CCWA: "13812345678",129,1', "13812345678", SHOWN, ""),
        ('+CCWA: "8613812345678",145,1,,0', "+8613812345678", SHOWN, ""),
        ('+CCWA: "88888",161,1,,0,"",0', "88888", SHOWN, ""),
        ('+CCWA: "13812345678",129,1,"Wang, Li",0', "13812345678", SHOWN, "Wang, Li"),
        ('+CCWA: "",128,1,"",1', "", WITHHELD, ""),
        ('+CCWA: "",128,1,,2', "", UNAVAILABLE, ""),
        ('+CCWA: "+2222222222"', "+2222222222", SHOWN, ""),
    ],
)
def test_a_waiting_call(text: str, number: str, presentation: int, name: str) -> None:
    assert lines(text) == [(WAITING, number, presentation)] + ([(NAME, name, 0)] if name else [])


@pytest.mark.parametrize("text", ['+CCWA: "13812345678,129,1', '+CCWA: "13812345678",12'])
def test_somebody_waits_whose_number_was_damaged(text: str) -> None:
    assert lines(text) == [(WAITING, "", UNAVAILABLE)]


def test_numbers_of_the_called_side() -> None:
    assert lines('+CDIP: "01062345601",129') == [(CALLED, "01062345601", 0)]
    assert lines('+COLP: "18127870064",129,"",0,""') == [(CALLED, "18127870064", 0), (ANSWERED, "", 0)]
    assert lines('+COLP: "",0,"",0') == [(ANSWERED, "", 0)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ('+CLCC: 3,0,2,0,0,"01062345601",129', "01062345601"),
        ('+CLCC: 3,0,3,0,0,"8613812345678",145', "+8613812345678"),
        ("ATD01062345601;", "01062345601"),
        ("^ORIG:1,0", ""),
        ('^DSCI: 1,0,2,0,0,"10086",129', "10086"),
        ("^DSCI: 1,0,2,0,10086,129,0", "10086"),
        ("^DSCI: 1,0,2,1,0,18062077083,129,,,,0", "18062077083"),
        ("#ECAM: 1,1,1,,,10086,129", "10086"),
        ("+WIND: 2", ""),
        ("+UCALLSTAT: 1,2", ""),
    ],
)
def test_dialling(text: str, number: str) -> None:
    ((kind, called, _),) = lines(text)
    assert (kind, called) == (DIALLED, number)


@pytest.mark.parametrize("text", ["ATD*99#", "ATD*99***1#", "ATD*100#;", "^ORIG:1,2", '+CLCC: 2,1,0,1,0,"",128', "+CLCC: 1,0,0,1,0"])
def test_packets_and_service_codes_are_no_calls(text: str) -> None:
    assert lines(text) == []


def test_a_dialling_command_that_the_modem_refuses_is_over() -> None:
    assert lines("ATD10086;", "ERROR") == [(DIALLED, "10086", SHOWN), (RELEASED, "", 0), (REPLY, "ERROR", 0)]
    assert lines("ATD10086;", "OK", "ERROR") == [(DIALLED, "10086", SHOWN), (REPLY, "OK", 0), (REPLY, "ERROR", 0)]


def test_wavecom_says_ok_when_the_called_party_answers() -> None:
    heard = lines("ATD10086;", "+WIND: 5,1", "+WIND: 2", "OK", "NO CARRIER", "+WIND: 6,1")
    assert [event for event in heard if event[0] != DIALLED] == [
        (ANSWERED, "", 0),
        (REPLY, "OK", 0),
        (RELEASED, "", 0),
        (REPLY, "NO CARRIER", 0),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "+CLCC: 4,1",
        "+CLCC: 4,1,4",
        "+CLCC: 1,14,0,0",
        "+CLCC: 1,1,14,0,0",
        '+CLCC: 11,4,0,0,"08020866256",128',
        '+CLCC: 1,1,0,0,"08020866256",128',
        '+CLCC: 1,1,4,0,0,"08020866256,128',
        '+CLCC: 1,1,4,0,0,"08020866256",18',
        "+CLCC: ,1,4,0,0",
        '+CLCC: 1,1,7,0,0,"08020866256",128',
        '+CLCC: 0,1,4,0,0,"08020866256",128',
        '^DSCI: 1,1,4,0,"13693607335",16',
        "+UCALLSTAT: 14",
        "+UCALLSTAT: 1,44",
        "#ECAM: 06,1,,,",
        "VOICE CALL: END: 00k008",
    ],
)
def test_a_damaged_state_is_no_state(text: str) -> None:
    assert lines(text) == []


@pytest.mark.parametrize("text", ['+CCWA: "13812345678,129,1', '+CCWA: "13812345678",12'])
def test_a_damaged_waiting_call_waits_without_its_number(text: str) -> None:
    assert lines(text) == [(WAITING, "", UNAVAILABLE)]


def test_a_number_without_quotes_and_type_is_no_number() -> None:
    assert lines("+CLIP: 53888539329,,,,") == [(FAINT_RING, "", 0)]


def test_the_text_of_a_message_is_no_event_of_the_line() -> None:
    forged = ['+CMT: "+8613900000000",,"26/11/24,10:00:00+32"', "RING"]
    assert lines(*forged) == [(MESSAGE, "+8613900000000 RING", 0)]
    read = lines('+CMGR: "REC UNREAD","10086"', '+CLIP: "110",129', "RING", "OK")
    assert read == [(MESSAGE, '10086 +CLIP: "110",129', 0), (REPLY, "OK", 0)]
    # with a second between them it is none
    assert lines(*forged, step_ms=1500) == [(RING, "", 0)]


@pytest.mark.parametrize(
    ("header", "sender"),
    [
        ('+CMT: "+8613800138000",,"26/03/02,08:00:00+32"', "+8613800138000"),
        ('+CMT: "8613800138000","LI, WEI","26/03/02,08:00:00+32",145,4,0,8,"+8613800100500",145,3', "+8613800138000"),
        (
            '+CMGR: "REC READ","002B0038003600310033003800300030003100330038003000300030",,"26/03/02,08:00:00+32",145,4,0,8,"",145,3',
            "+8613800138000",
        ),
        ('+CMGR: "REC READ","13800138000",,"26/03/02,08:00:00+32",129,4,0,8,"+8613800100500",145,3', "13800138000"),
    ],
)
def test_a_message_tells_its_sender_and_its_text(header: str, sender: str) -> None:
    text, wide = "\u9a9a\u6270", "9A9A6270"
    found = text if ",4,0,8," in header else wide
    assert lines(header, wide, "OK")[0] == (MESSAGE, f"{sender} {found}", 0)


@pytest.mark.parametrize("header", ["+CMT: ,24", '+CMT: "BANK",,"26/03/02,08:00:00+32"', '+CMGL: 1,"REC READ","10086"', "+CMGR: 0,,24"])
def test_a_message_without_a_number_is_none(header: str) -> None:
    assert MESSAGE not in [kind for kind, _, _ in lines(header, "0891683108200505F0")]


def test_where_a_message_lies_is_told() -> None:
    assert events_of(b'+CMTI: "SM",3\r\n') == [(STORED, "3", 0), (INFORMATION, '+CMTI: "SM",3', 0)]
    assert events_of(b'+CMTI: "SM"\r\n') == [(INFORMATION, '+CMTI: "SM"', 0)]


@pytest.mark.parametrize(
    "banner", ["RDY", "START", "^SYSSTART", "^SYSSTART AIRPLANE MODE", "*ATREADY: 1", "Call Ready", "+WIND: 3", "+WIND: 4", "PB DONE"]
)
def test_a_banner_tells_of_a_new_start(banner: str) -> None:
    assert lines(banner) == [(RESET, banner, 0)]


def test_the_banners_of_one_start_tell_of_one() -> None:
    simcom = ("RDY", "+CFUN: 1", "+CPIN: READY", "Call Ready", "SMS Ready")
    assert lines(*simcom, step_ms=4000) == [(RESET, "RDY", 0)]
    assert lines(*simcom, *simcom, step_ms=4000) == [(RESET, "RDY", 0)] * 2
    assert lines("+WIND: 1", "+WIND: 7", "+WIND: 4") == [(RESET, "+WIND: 4", 0)]


def test_a_sim_that_is_read_again_during_a_call_is_no_start() -> None:
    assert lines("RING", "PB DONE") == [(RING, "", 0)]
    assert lines("^CONN:1,0", "SMS DONE", step_ms=60_000) == [(ANSWERED, "", 1)]
    assert lines("RING", "RDY") == [(RING, "", 0), (RESET, "RDY", 0)]
