"""Transcripts in the manner of many analogue modems, networks and mishaps, with the calls that a person reads in them."""

from tests.replay.transcripts import Event, Read, events_of

WITHHELD = "withheld"
NO_NUMBER = "unavailable"
DLE = "\x10"


def message(kind: int, *parts: bytes) -> bytes:
    """A caller-ID message (SDMF, MDMF), its checksum behind it."""
    body = b"".join(parts)
    data = bytes((kind, len(body))) + body
    return data + bytes((-sum(data) & 0xFF,))


def part(kind: int, value: bytes) -> bytes:
    """A parameter of an MDMF message."""
    return bytes((kind, len(value))) + value


DATE = part(1, b"03021415")
SDMF = message(0x04, b"0302141502079460000")
MDMF = message(0x80, DATE, part(7, b"JOHN DOE"), part(2, b"02079460000"))
WRONG = MDMF[:-1] + bytes((MDMF[-1] ^ 1,))
LAMP = message(0x82, DATE, part(0x0B, b"\xff"))


def wire(*pieces: tuple[float, str]) -> list[Event]:
    """Events of what the modem wrote, byte for byte."""
    return [(second, "o", text) for second, text in pieces]


def keys(start_s: float, text: str) -> list[tuple[float, str]]:
    """DTMF keys as voice mode reports them, one every 140 ms."""
    return [(round(start_s + 0.14 * place, 3), f"{DLE}/{DLE}{key}{DLE}~") for place, key in enumerate(text)]


def raw(data: bytes) -> str:
    """A message as a modem passes it on, byte for byte."""
    return data.decode("latin-1")


MANUALS: dict[str, tuple[str | list[Event], list[Read]]] = {
    "3com-formatted": (
        "1 RING\n2 DATE = 1015\n2 TIME = 2038\n2 NMBR = 8475550001\n2 NAME = U.S.ROBOTICS\n5 RING",
        [Read(1, "8475550001", name="U.S.ROBOTICS")],
    ),
    "raw-hex": (f"1 RING\n2 {MDMF.hex().upper()}\n5 RING", [Read(1, "02079460000", name="JOHN DOE")]),
    "raw-hex-single": (f"1 RING\n2 {SDMF.hex()}\n5 RING", [Read(1, "02079460000")]),
    "raw-hex-blanks-and-lines": (
        f"1 RING\n2 {MDMF[:16].hex(' ').upper()}\n2.01 {MDMF[16:32].hex(' ').upper()}\n2.02 {MDMF[32:].hex(' ').upper()}\n5 RING",
        [Read(1, "02079460000", name="JOHN DOE")],
    ),
    "raw-hex-wrong-checksum": (f"1 RING\n2 {WRONG.hex()}\n5 RING", [Read(1, "", NO_NUMBER)]),
    "raw-hex-cut": (f"1 RING\n2 {MDMF[:20].hex()}\n5 RING", [Read(1, "", NO_NUMBER)]),
    "raw-hex-private": (f"1 RING\n2 {message(0x80, DATE, part(4, b'P'), part(8, b'P')).hex()}\n5 RING", [Read(1, "", WITHHELD)]),
    "raw-hex-before-the-ring": (f"1 {SDMF.hex()}\n1.9 RING\n4.9 RING", [Read(1, "02079460000")]),
    "raw-hex-without-checksum": ("1 RING\n2 0412303332323234303539313435353132333435\n5 RING", [Read(1, "9145512345")]),
    "raw-bytes": (
        wire((1, "\r\nRING\r\n"), (2, raw(MDMF)), (5, "\r\nRING\r\n")),
        [Read(1, "02079460000", name="JOHN DOE")],
    ),
    "raw-bytes-in-pieces": (
        wire((1, "\r\nRING\r\n"), (2, raw(MDMF[:11])), (2.1, raw(MDMF[11:22])), (2.2, raw(MDMF[22:])), (5, "\r\nRING\r\n")),
        [Read(1, "02079460000", name="JOHN DOE")],
    ),
    "raw-bytes-wrong-checksum": (wire((1, raw(WRONG)), (1.9, "\r\nRING\r\n"), (4.9, "\r\nRING\r\n")), [Read(1, "", NO_NUMBER)]),
    "message-lamp": (f"1 {LAMP.hex()}\n60 DATE = 0302\n60 TIME = 1415\n60 MESG = 0B01FF\n120 OK", []),
    "message-waiting-call-type": ("1 MESG = 110181\n1 DATE = 0302\n1 TIME = 1415\n1 NMBR = 08001001571\n9 OK", []),
    "unknown-parameter": ("1 RING\n2 MESG = 06034242431\n5 RING\n11 RING", [Read(1, "", NO_NUMBER)]),
    "call-type-voice": (
        "1 RING\n2 MESG = 110101\n2 DATE = 0421\n2 TIME = 0934\n2 NMBR = P\n2 NAME = WITHHELD\n5 RING",
        [Read(1, "", WITHHELD, name="WITHHELD")],
    ),
    "reason-parameter": ("1 RING\n2 DATE = 0421\n2 TIME = 0934\n2 MESG = 040150\n5 RING", [Read(1, "", WITHHELD)]),
    "netherlands-formatted": ("1 RING\n2 NMBR = 0724749361\n5 RING", [Read(1, "0724749361")]),
    "netherlands-keys-in-hex": ("1 RING\n2 443035333934363238303743\n5 RING", [Read(1, "0539462807")]),
    "black-box-extended": (
        "1 RING\n2 DATE = 0302\n2 TIME = 1415\n2 NMBR = 5551212\n2 REASON NO NAME=Out Of Area\n2 QUAL = Long Distance\n"
        "2 REDIRECT = Call Forward\n2 LOOKUP NAME = X Y\n2 CALLBACK NMBR = 18005551212\n5 RING",
        [Read(1, "5551212")],
    ),
    "multi-tech-called-number": ("1 DID:5980\n1.1 RING\n2 NMBR = 7635551212\n5 RING", [Read(1.1, "7635551212")]),
    "multi-tech-called-number-in-the-ring": ("1 RING5980\n2 NMBR = 7635551212\n5 RING5980", [Read(1, "7635551212", called="5980")]),
    "agere-distinctive": (
        "2 DRON=10\n2.1 RING\n3 DATE = 0302\n3 TIME = 1415\n3 NMBR = 5551212\n6 DROF=40\n7 DRON=10\n7.1 RING",
        [Read(2, "5551212")],
    ),
    "si24xx-mark": (
        "1 RING\n1.6 CIDM\n2 DATE=0101\n2 TIME=0110\n2 NMBR=102\n2 NAME=JONES JENNIFER\n5 RING",
        [Read(1, "102", name="JONES JENNIFER")],
    ),
    "si24xx-dtmf-as-text": ("1 CIDM\n1.5 1155512345\n3 RING\n8 RING", [Read(1.5, "1155512345")]),
    "si24xx-uk-state-tones": ("1 STAS\n2 DATE=0302\n2 TIME=1415\n2 NMBR=02079460000\n3 RING\n6 RING", [Read(2, "02079460000")]),
}
"""In the layouts that manuals give."""

NETWORKS: dict[str, tuple[str | list[Event], list[Read]]] = {
    "china-fsk-after-the-first-ring": (
        "1 RING\n2.2 DATE = 0302\n2.2 TIME = 1415\n2.3 NMBR = 13812345678\n6 RING\n11 RING",
        [Read(1, "13812345678")],
    ),
    "china-international": ("1 RING\n2.2 NMBR = 00442079460000\n6 RING", [Read(1, "00442079460000")]),
    "denmark-keys": (wire(*keys(1, "A12345678#"), (3, f"{DLE}R"), (8, f"{DLE}R")), [Read(1, "12345678")]),
    "denmark-withheld": (wire(*keys(1, "D1#"), (3, f"{DLE}R"), (8, f"{DLE}R")), [Read(1, "", WITHHELD)]),
    "sweden-redirected": (wire(*keys(1, "A0812345678D0867890C"), (5, f"{DLE}R"), (10, f"{DLE}R")), [Read(1, "0812345678")]),
    "sweden-not-available": (wire(*keys(1, "B00C"), (3, f"{DLE}R"), (8, f"{DLE}R")), [Read(1, "", NO_NUMBER)]),
    "taiwan-keys": (wire(*keys(1, "D0223456789C"), (3, "\r\nRING\r\n"), (7, "\r\nRING\r\n")), [Read(1, "0223456789")]),
    "china-keys-between-the-rings": (wire((1, f"{DLE}R"), *keys(2, "A13812345678D"), (6, f"{DLE}R")), [Read(1, "13812345678")]),
    "india-keys-as-text": ("1 A9876543210C\n2 RING\n6 RING", [Read(1, "9876543210")]),
    "brazil-stop-key-lost": (wire(*keys(1, "A1155512345"), (2.9, f"{DLE}R"), (7.9, f"{DLE}R")), [Read(1, "1155512345")]),
    "uk-withheld-before-the-ring": ("1 DATE = 0302\n1 TIME = 1415\n1 NMBR = P\n1.8 RING\n4.8 RING", [Read(1, "", WITHHELD)]),
    "france-conexant": ("1 DATE = 1213\n1 TIME = 2153\n1 NMBR = 0612345678\n1.9 RING\n6.9 RING", [Read(1, "0612345678")]),
    "international-plus": ("1 RING\n2 NMBR = +442079460000\n5 RING", [Read(1, "+442079460000")]),
    "adapter-without-date": ("1 RING\n2 DATE=\n2 TIME=\n2 NMBR=5551212\n2 NAME=\n5 RING", [Read(1, "5551212")]),
    "number-then-masked": ("1 RING\n2 NMBR = 5551212\n2 NMBR = O\n5 RING", [Read(1, "5551212")]),
    "words-for-no-number": (
        "1 RING\n2 NMBR = OUT OF AREA\n5 RING\n60 RING\n61 NMBR = ANONYMOUS\n64 RING\n120 RING\n121 NMBR = Private\n124 RING\n"
        "180 RING\n181 NMBR = BLOCKED\n184 RING\n240 RING\n241 NMBR = UNKNOWN\n244 RING",
        [Read(1, "", NO_NUMBER), Read(60, "", WITHHELD), Read(120, "", WITHHELD), Read(180, "", WITHHELD), Read(240, "", NO_NUMBER)],
    ),
    "empty-number-private-name": ("1 RING\n2 DATE = 0302\n2 NMBR =\n2 NAME = PRIVATE\n5 RING", [Read(1, "", WITHHELD, name="PRIVATE")]),
    "only-a-name": ("1 DATE = 0302\n1 TIME = 1415\n1 NAME = OUT OF AREA\n1.9 RING\n4.9 RING", [Read(1, "", NO_NUMBER, name="OUT OF AREA")]),
    "only-a-name-and-never-a-ring": ("1 DATE = 0302\n1 TIME = 1415\n1 NAME = P", [Read(1, "", WITHHELD)]),
    "russia-digits-not-known": ("1 RING\n2 CallerID: 49512345??\n5 RING", [Read(1, "", NO_NUMBER)]),
}
"""As networks of many countries send it."""

EVENTS: dict[str, tuple[str | list[Event], list[Read]]] = {
    "split-in-the-number-s-name": (
        wire((1, "\r\nDATE = 1107\r\nTIME = 1152\r\nNMBR"), (1.1, " = 987654321\r\n"), (1.9, "\r\nRING\r\n"), (6, "\r\nRING\r\n")),
        [Read(1, "987654321")],
    ),
    "after-the-second-ring": ("1 RING\n5 RING\n6 DATE = 0302\n6 TIME = 1415\n6 NMBR = 5551212\n9 RING", [Read(1, "5551212")]),
    "shown-twice": (
        "1 RING\n2 DATE = 0302\n2 TIME = 1415\n2 NMBR = 5551212\n2.5 DATE = 0302\n2.5 TIME = 1415\n2.5 NMBR = 5551212\n5 RING",
        [Read(1, "5551212")],
    ),
    "rings-on-after-going-off-hook-failed": (
        "32 RING\n33 DATE=0117\n33 TIME=1452\n33 NMBR=5551212\n33 NAME=WIRELESS CALLER\n33.1 > ATH1\n38 RING\n44 RING\n50 RING",
        [Read(32, "5551212", name="WIRELESS CALLER")],
    ),
    "next-caller-without-a-pause": (
        "1 RING\n2 NMBR = 5551212\n8 RING\n9 NMBR = 4155550123\n14 RING",
        [Read(1, "5551212"), Read(8, "4155550123")],
    ),
    "the-same-caller-dials-again": (
        "1 RING\n2 NMBR = 5551212\n5 RING\n30 RING\n31 NMBR = 5551212\n34 RING",
        [Read(1, "5551212"), Read(30, "5551212")],
    ),
    "voice-mode": (
        wire(
            (1, f"{DLE}R"),
            (2, f"{DLE}XDATE = 0302\r\nTIME = 1415\r\nNMBR = 5551212\r\nNAME = A B\r\n{DLE}."),
            (6, f"{DLE}R"),
            (8, f"{DLE}H"),
            (60, f"{DLE}b"),
            (62, f"{DLE}h"),
        ),
        [Read(1, "5551212", talked=True, name="A B")],
    ),
    "voice-mode-header-glued": (
        wire((1, f"{DLE}R\r\n"), (2, f"NMBR = 5551212\r\n{DLE}.{DLE}XNAME = A B\r\n{DLE}.{DLE}R\r\n")),
        [Read(1, "5551212", name="A B")],
    ),
    "answered-on-an-extension": (
        wire(
            (1, f"{DLE}R"),
            (2, "\r\nNMBR = 5551212\r\n"),
            (6, f"{DLE}R"),
            (8, f"{DLE}P"),
            (90, f"{DLE}p"),
            (200, f"{DLE}R"),
            (201, "\r\nNMBR = P\r\n"),
        ),
        [Read(1, "5551212", talked=True), Read(200, "", WITHHELD)],
    ),
    "call-waiting-in-voice-mode": (
        wire(
            (1, f"{DLE}R"),
            (2, "\r\nNMBR = 5551212\r\n"),
            (4, f"{DLE}H"),
            (40, f"{DLE}w"),
            (40.5, f"{DLE}XDATE = 0302\r\nTIME = 1415\r\nNMBR = 4155550123\r\nNAME = C D\r\n{DLE}."),
            (99, f"{DLE}h"),
        ),
        [Read(1, "5551212", talked=True), Read(40.5, "4155550123", name="C D")],
    ),
    "call-waiting-asked-for": (
        f"1 +VCIDR:\n1.1 {MDMF[:16].hex(' ')}\n1.2 {MDMF[16:].hex(' ')}\n1.3 OK",
        [Read(1.1, "02079460000", name="JOHN DOE")],
    ),
    "digits-that-are-an-answer": ("1 > AT+GSN\n1.1 123456789\n1.2 OK\n9 5551212\n9.1 OK", []),
    "chatter-between-the-rings": (
        "1 RING\n2 NMBR = 5551212\n3 > AT+VCID?\n3.1 1\n3.2 OK\n5 RING\n8 +VCID: 1\n8.1 OK",
        [Read(1, "5551212")],
    ),
    "line-ends-lost": (
        wire((1, "RINGDATE = 0302TIME = 1415NMBR = 5551212NAME = A B"), (5, "\r\nRING\r\n")),
        [Read(1, "5551212", name="A B")],
    ),
    "noise-around-it": (
        wire((1, "\x99\xc3\r\nRING\r\n"), (2, "\xff\r\nNMBR = 5551212\r\n\x80"), (5, "\r\nRING\r\n")),
        [Read(1, "5551212")],
    ),
    "a-digit-that-is-none": ("1 RING\n2 NMBR = 555\xa51212\n5 RING", [Read(1, "", NO_NUMBER)]),
    "the-modem-rings-somebody": ("1 RINGING\n5 RINGING\n9 BUSY", []),
    "restarted": ("1 Modem ready V2.1\n60 RING\n61 NMBR = 5551212\n64 RING", [Read(60, "5551212")]),
    "unplugged-in-the-block": (
        "1 RING\n2 DATE = 0302\n2.1 ! unplugged\n9 RING\n10 NMBR = 5551212\n13 RING",
        [Read(1, "", NO_NUMBER), Read(9, "5551212")],
    ),
    "carriage-returns-only": (
        wire((1, "RING\r"), (2, "DATE = 0302\rTIME = 1415\rNMBR = 5551212\rNAME = A B\r"), (5, "RING\r")),
        [Read(1, "5551212", name="A B")],
    ),
    "box-lamp": ("1 ###DATE...NMBR...NAME-MSG OFF-+++\n60 ###DATE...NMBR...NAME-MSG WAITING-+++", []),
    "telia-diverted-and-calling": ("1 RING\n2 CALLER NUMBER: 5551212\n2 Diverting number: 0812345678\n5 RING", [Read(1, "5551212")]),
}
"""Events, mishaps, and what is no call."""

TRANSCRIPTS = {"manuals": MANUALS, "networks": NETWORKS, "events": EVENTS}


def recorded(transcript: str | list[Event]) -> list[Event]:
    """The events of a transcript, whichever way it is written."""
    return events_of(transcript) if isinstance(transcript, str) else transcript
