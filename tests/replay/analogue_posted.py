"""Transcripts of analogue modems as users posted them, with the calls that a person reads in them.

The threads and files are named in `transcripts/analog_caller_id.txt` of the real data; digits that were masked throughout are filled in.
"""

from tests.replay.transcripts import Event, Read

NO_NUMBER = "unavailable"

POSTED: dict[str, tuple[str | list[Event], list[Read]]] = {
    "usr-while-another-call-is-up": (
        """
        26 RING
        27 DATE = 0410
        27 TIME = 1844
        27 NMBR = 763228xxxx
        27 NAME = SCHWARTZ,LAWREN
        """,
        [Read(26, "763228xxxx", name="SCHWARTZ,LAWREN")],
    ),
    "usr-wedged": (
        """
        6 RING
        10 RING
        16 RING
        """,
        [Read(6, "", NO_NUMBER)],
    ),
    "usr-on-an-adapter-without-caller-id": (
        """
        1 RING
        7 RING
        13 RING
        """,
        [Read(1, "", NO_NUMBER)],
    ),
    "usr-uk-no-ring-shown": (
        """
        1 DATE=1203
        1 TIME=1452
        1 NMBR=07xxxxxxxx7
        """,
        [Read(1, "07xxxxxxxx7")],
    ),
    "uk-before-the-first-ring": (
        """
        1 DATE = 0124
        1 TIME = 1534
        1 NMBR = 0207####123
        1.8 RING
        4.8 RING
        """,
        [Read(1, "0207####123")],
    ),
    "conexant-off-after-atz-then-on": (
        """
        1 AT+VCID?
        1.1 0
        1.2 OK
        10 RING
        14 RING
        60 > AT+VCID=1
        60.1 OK
        90 RING
        91 DATE = 1015
        91 TIME = 1310
        91 NMBR = 04xxxxxxx7
        94 RING
        """,
        [Read(10, "", NO_NUMBER), Read(90, "04xxxxxxx7")],
    ),
    "zoom-blocked": (
        """
        29 DATE=0102
        29 TIME=1548
        29 NMBR=8005551212
        29 NAME=FIA CARD SERVIC
        29.5 > ATH1
        29.6 OK
        31.6 > ATH0
        32.2 OK
        """,
        [Read(29, "8005551212", name="FIA CARD SERVIC")],
    ),
    "date-with-the-year": (
        """
        1 DATE = 990305
        1 TIME = 1351
        1 NMBR = 5071234567
        1 NAME = KLIER BRIAN J
        2 RING
        """,
        [Read(1, "5071234567", name="KLIER BRIAN J")],
    ),
    "name-and-number-on-one-line": (
        """
        1 DATE=0119
        1 TIME=2215
        1 NAME=ARCHER L       NMBR=5071234567
        2 RING
        """,
        [Read(1, "5071234567", name="ARCHER L")],
    ),
    "all-on-one-line": (
        """
        1 RING RING DATE=0224 NAME=ONMBR=5072884388
        """,
        [Read(1, "5072884388")],
    ),
    "bell-canada": (
        """
        1 DATE = 0910
        1 TIME = 0137
        1 NAME = O
        1 DDN_NMBR= 9932562
        """,
        [Read(1, "9932562")],
    ),
    "zyxel-in-switzerland": (
        """
        1 RING
        1.1 FM:07656283xx TO:86733xx
        """,
        [Read(1, "07656283xx", called="86733xx")],
    ),
    "zyxel-u-1496": (
        """
        1 RING
        2 TIME: 06-18 21:06
        2 CALLER NUMBER: 7045551212
        2 CALLER NAME: SPAULDING TIMOT
        """,
        [Read(1, "7045551212", name="SPAULDING TIMOT")],
    ),
    "caller-id-box": (
        """
        1 ###DATE06182106...NMBR7045551212...NAMESPAULDING TIMOT+++
        100 ###DATE07252019...NMBR5072881030...NAMEWINTER BRUCE LA+++
        200 ###DATE06191942...NMBR...NAME-UNKNOWN CALLER-+++
        """,
        [
            Read(1, "7045551212", name="SPAULDING TIMOT"),
            Read(100, "5072881030", name="WINTER BRUCE LA"),
            Read(200, "", "unavailable", name="UNKNOWN CALLER"),
        ],
    ),
    "usb-fax-modem": (
        """
        1 RING
        2 DATE = 1124
        2 TIME = 1806
        2 NAME = O
        2 DDN_NMBR= 9196278340
        5 RING
        11 RING
        """,
        [Read(1, "9196278340")],
    ),
    "elsa": ("1 RING;08912345;08765", [Read(1, "08912345", called="08765")]),
    "zyxel-1496-number": ("1 RING\n2 CALLER NUMBER: 5551212\n2 CALLER NAME: A B", [Read(1, "5551212", name="A B")]),
    "zyxel-1496-reason": (
        "1 RING\n2 REASON FOR NO CALLER NUMBER: OUT OF AREA\n2 REASON FOR NO CALLER NAME: OUT OF AREA",
        [Read(1, "", NO_NUMBER)],
    ),
    "isdn4linux": ("1 RING\n1.1 CALLER NUMBER: 5551212\n1.2 CALLED NUMBER: 22", [Read(1, "5551212", called="22")]),
    "zyxel-2864": ("1 RING\n1.1 FM:5551212 TO:22", [Read(1, "5551212", called="22")]),
    "rockwell": ("1 RING\n2 NMBR = 5551212", [Read(1, "5551212")]),
    "supra-bell-canada": ("1 RING\n2 MESG = 030735353531323132", [Read(1, "5551212")]),
    "some-rockwell": ("1 RING\n2 DDN_NMBR= 5551212", [Read(1, "5551212")]),
    "zoom-2949": ("1 RING\n2 NMBR=5551212", [Read(1, "5551212")]),
    "callers-number": ("1 RING\n2 CALLER'S NUMBER: 5551212", [Read(1, "5551212")]),
    "kortex": ("1 RING\n2 NBR=0145678901", [Read(1, "0145678901")]),
    "courier-in-russia": ("1 RING\n2 CallerID: 4951234567", [Read(1, "4951234567")]),
    "telia-diverted": ("1 RING\n2 Diverting number: 5551212\n5 RING", [Read(1, "", NO_NUMBER)]),
    "falcom": ('1 RING\n1.1 +CLIP: "5551212",129', [Read(1, "5551212")]),
    "elink-digits-only": ("1 RING\n2 5551212\n5 RING", [Read(1, "5551212")]),
    "distinctive-letter": ("1 RING B\n5 RING B", [Read(1, "", NO_NUMBER)]),
    "distinctive-number": ("1 RING 2\n5 RING 2", [Read(1, "", NO_NUMBER)]),
    "distinctive-bursts": ("1 DRON=5\n2.1 DROF=11\n2.6 DRON=5\n6 DROF=34", [Read(1, "", NO_NUMBER)]),
}
"""By name: the transcript and its calls."""
