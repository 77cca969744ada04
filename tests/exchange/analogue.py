"""Analogue modems as they write: the text of each family, as users have posted it and manuals give it."""

from dataclasses import replace

from tests.exchange.caller_id import DLE, complex_event, dtmf_keys, name_first, raw_hex, text, zyxel
from tests.exchange.family import Family, Notice
from tests.exchange.line import DTMF_FIRST

SPACED = text("\r\nDATE = {date}\r\nTIME = {time}\r\nNMBR = {number}", "\r\n", name="NAME = {name}\r\n", withheld="P", unavailable="O")
UNSPACED = text("\r\nDATE={date}\r\nTIME={time}\r\nNMBR={number}", "\r\n", name="NAME={name}\r\n", withheld="P", unavailable="O")
DIALABLE = name_first("\r\nDATE = {date}\r\nTIME = {time}\r\n", "NAME = {name}\r\n", "DDN_NMBR= {number}", withheld="P", unavailable="O")
COMBINED = text(
    "\r\nDATE TIME={day} {clock}\r\nNMBR={number}", "\r\n", name="NAME={name}\r\n", withheld="PRIVATE", unavailable="OUT OF AREA"
)

USR = Family(
    name="usr",
    dialect="v253",
    profile="usr",
    identity={"I": "5601", "I3": "U.S. Robotics 56K FAX USB V1.2.23", "+GMM": "U.S. Robotics 56K FAX USB V1.2.23"},
    settings={"+VCID": "0", "+FCLASS": "0", "+VLS": "0", "+GCI": "B5"},
    caller_id={"+VCID=1": SPACED},
    setup=("AT+VCID=1",),
    off_hook_delay_s=0.15,
    reply_s=0.2,
)

CONEXANT = replace(
    USR,
    name="conexant",
    profile="conexant",
    identity={"I": "56000", "I3": "CX93001-EIS_V0.2013-V92", "+GMI": "CONEXANT", "+GMM": "V90"},
    settings={"+VCID": "0", "+FCLASS": "0", "+VLS": "0", "+GCI": "B5", "-STE": "0", "-SCID": "0"},
    setup=("AT+VCID=1", "AT-STE=1"),
    in_use_setting="-STE=1",
)

# with distinctive ring reports on, each burst is told by its length before its RING (V.253 +VDR; NCID's notes on modems)
AGERE = replace(
    USR,
    name="agere",
    profile="agere",
    identity={"I": "LT V.92 1.0 MT5634ZBA-USB-V92 Data/Fax/Voice Modem Version 1.25", "I3": "Agere SoftModem Version 2.1.98"},
    settings={"+VCID": "0", "+FCLASS": "0", "+VLS": "0", "+GCI": "B5", "+VDR": "0,0"},
    setup=("AT+VCID=1;+VDR=1,10",),
    rings=(Notice("\r\nDRON=10\r\n\r\nRING\r\n", "+VDR=1"), Notice("\r\nRING\r\n")),
)

ZOOM = replace(
    CONEXANT,
    name="zoom",
    profile="zoom",
    identity={"I": "56000", "I3": "Zoom V92 USB CX93001-EIS_V0.2002-V92", "+GMI": "ZOOM"},
    caller_id={"+VCID=1": UNSPACED},
)

ROCKWELL = replace(
    USR,
    name="rockwell",
    profile="rockwell",
    identity={"I": "14400", "I3": "V1.411-V32bis_2M_DLP", "I4": "a007880284C6002F"},
    settings={"#CID": "0", "#CLS": "0", "#VLS": "0"},
    caller_id={"#CID=1": DIALABLE, "#CID=2": raw_hex},
    setup=("AT#CID=1",),
)

TI = replace(
    USR,
    name="ti",
    profile="ti",
    identity={"I": "5601", "I3": "Texas Instruments 56K V.90 Ver 4.06", "I7": "DSP type TI"},
    settings={"#CID": "0", "#CLS": "0"},
    caller_id={"#CID=1": COMBINED},
    setup=("AT#CID=1",),
)

# it says that a message has begun; DTMF or FSK by +VCDT (Silicon Laboratories AN93)
SI24XX = replace(
    USR,
    name="si24xx",
    profile="si24xx",
    identity={"I": "2457", "I1": "D", "I3": "2457", "I6": "2457"},
    settings={"+VCID": "0", "+VCDT": "0", "+FCLASS": "0", "+VLS": "0", "+GCI": "B5", "+PCW": "2"},
    caller_id={
        "+VCID=1": text(
            "\r\nCIDM\r\n\r\nDATE={date}\r\nTIME={time}\r\nNMBR={number}", "\r\n", "NAME={name}\r\n", withheld="P", unavailable="O"
        ),
        "+VCID=2": raw_hex,
    },
    setup=("AT+VCID=1",),
    reply_s=0.02,
)

HAYES = replace(
    USR,
    name="hayes",
    profile="hayes",
    identity={"I": "336", "I3": "HAYES ACCURA 56K V1.2", "I4": "Hayes Microcomputer Products"},
    settings={"#CID": "0", "+VCID": "0", "+FCLASS": "0"},
    caller_id={"#CID=1": SPACED, "+VCID=1": SPACED},
    setup=("AT#CID=1",),
    rings=(Notice("\r\nRING 1\r\n"),),
)

HEX = replace(
    USR,
    name="v253-hex",
    profile="generic",
    identity={"I": "56000", "I3": "56K V.92 modem"},
    settings={"+VCID": "0", "+FCLASS": "0", "+VLS": "0", "+GCI": "B5"},
    caller_id={"+VCID=2": raw_hex, "+VCID=1": SPACED},
    setup=("AT+VCID=2",),
)

# voice mode: DTMF keys before the first ring, everything as DLE events
DTMF = replace(
    USR,
    name="dtmf",
    profile="generic",
    identity={"I": "56000", "I3": "56K V.92 voice modem"},
    settings={"+VCID": "0", "+FCLASS": "0", "+VLS": "0", "+GCI": "B5"},
    caller_id={"+FCLASS=8": dtmf_keys},
    setup=("AT+FCLASS=8", "AT+VLS=0"),
    rings=(Notice(f"{DLE}R", "+FCLASS=8"), Notice("\r\nRING\r\n")),
    ringing=DTMF_FIRST,
    key_s=0.14,
)

# voice mode on a line with FSK caller ID, a handset behind the modem
VOICE = replace(
    USR,
    name="voice",
    profile="generic",
    identity={"I": "56000", "I3": "56K V.92 voice modem with handset"},
    settings={"+VCID": "0", "+FCLASS": "0", "+VLS": "0", "+GCI": "B5"},
    caller_id={"+FCLASS=8": complex_event(SPACED), "+VCID=1": SPACED},
    setup=("AT+VCID=1", "AT+FCLASS=8"),
    rings=(Notice(f"{DLE}R", "+FCLASS=8"), Notice("\r\nRING\r\n")),
    notices={"answered": (Notice(f"{DLE}H", "+FCLASS=8"),), "ended": (Notice(f"{DLE}h", "+FCLASS=8"),)},
    waiting={"+FCLASS=8": complex_event(SPACED)},
)

ZYXEL = replace(
    USR,
    name="zyxel",
    profile="zyxel",
    identity={"I": "2886", "I1": "OK", "I3": "ZyXEL Omni 56K", "+GMI": "ZyXEL"},
    settings={"+VCID": "0", "S40.2": "0", "+FCLASS": "0"},
    caller_id={"S40.2=1": zyxel, "+VCID=1": zyxel},
    setup=("ATS40.2=1",),
)

ANALOGUE = (USR, CONEXANT, AGERE, ZOOM, ROCKWELL, TI, SI24XX, HAYES, HEX, DTMF, VOICE, ZYXEL)
