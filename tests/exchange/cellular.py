"""Cellular modems as they write: the text of each family, as users have posted it and manuals give it."""

from dataclasses import replace

from tests.exchange.caller_id import text
from tests.exchange.family import Family, Notice
from tests.exchange.line import Ringing

REJECTS = {"H": "", "+CHUP": ""}
SETTINGS = {"+CLIP": "0", "+CRC": "0", "+CCWA": "0", "+CMEE": "0", "+COLP": "0"}
ENDED = (Notice("\r\nNO CARRIER\r\n"),)


def every(period_s: float) -> Ringing:
    """A modem that writes RING so often, whatever the network's cadence."""
    return Ringing(period_s=period_s, burst_end_s=0.0, caller_id="never")


GENERIC = Family(
    name="3gpp-generic",
    dialect="3gpp",
    profile="generic",
    identity={"I": "MODEM", "+GMI": "MODEM", "+CGMI": "MODEM", "+CGMM": "LTE"},
    settings=SETTINGS,
    caller_id={"+CLIP=1": text('\r\n+CLIP: "{number}', '",{type}\r\n')},
    setup=("AT+CLIP=1", "AT+CCWA=1"),
    waiting={"+CCWA=1": text('\r\n+CCWA: "{number}', '",{type},1\r\n')},
    notices={"ended": ENDED, "missed": ENDED},
    ringing=every(5.0),
    rejects=REJECTS,
)

# ATH leaves a voice call alone unless +CVHU=0 (SIM7500/SIM7600 manual); +CLCC unasked where it is switched on
SIMCOM = replace(
    GENERIC,
    name="simcom",
    profile="simcom",
    identity={
        "I": "Manufacturer: SIMCOM INCORPORATED\r\nModel: SIMCOM_SIM7600E\r\nRevision: SIM7600M22_V2.0",
        "+GMI": "SIMCOM INCORPORATED",
        "+CGMI": "SIMCOM INCORPORATED",
        "+GMM": "SIMCOM_SIM7600E",
        "+CGMM": "SIMCOM_SIM7600E",
    },
    settings=SETTINGS | {"+CLCC": "0", "+CVHU": "1"},
    caller_id={"+CLIP=1": text('\r\n+CLIP: "{number}', '",{type},"",0,"",{validity}\r\n')},
    setup=("AT+CLIP=1", "AT+CCWA=1", "AT+CLCC=1"),
    waiting={"+CCWA=1": text('\r\n+CCWA: "{number}', '",{type},1,"",{validity}\r\n')},
    notices={
        "incoming": (Notice('\r\n+CLCC: {id},1,4,0,0,"{number}",{type}\r\n', "+CLCC=1"),),
        "answered": (Notice("\r\nVOICE CALL: BEGIN\r\n"), Notice('\r\n+CLCC: {id},1,0,0,0,"{number}",{type}\r\n', "+CLCC=1")),
        "ended": (
            Notice('\r\n+CLCC: {id},1,6,0,0,"{number}",{type}\r\n', "+CLCC=1"),
            Notice("\r\nVOICE CALL: END: {duration:0>6}\r\n"),
            *ENDED,
        ),
        "missed": (
            Notice('\r\n+CLCC: {id},1,6,0,0,"{number}",{type}\r\n', "+CLCC=1"),
            Notice("\r\nMISSED_CALL: {half_day} {number}\r\n"),
        ),
        "rejected": ENDED,
        "waiting": (Notice('\r\n+CLCC: {id},1,5,0,0,"{number}",{type}\r\n', "+CLCC=1"),),
        "waiting-over": (Notice('\r\n+CLCC: {id},1,6,0,0,"{number}",{type}\r\n', "+CLCC=1"),),
    },
    ringing=every(3.0),
    rejects={"H": "+CVHU=0", "+CHUP": ""},
    banner="\r\nRDY\r\n\r\n+CPIN: READY\r\n\r\nSMS DONE\r\n\r\nPB DONE\r\n",
    chatter=('+CMTI: "SM",3', "+CREG: 1"),
)

# a waiting call rings too (SIM800 manual: RING before +CCWA)
SIM800 = replace(
    GENERIC,
    name="sim800",
    profile="sim800",
    identity={
        "I": "SIM800 R14.18",
        "+GMI": "SIMCOM_Ltd",
        "+CGMI": "SIMCOM_Ltd",
        "+GMM": "SIMCOM_SIM800L",
        "+CGMM": "SIMCOM_SIM800L",
    },
    settings=SETTINGS | {"+CLCC": "0", "+DDET": "0"},
    caller_id={"+CLIP=1": text('\r\n+CLIP: "{number}', '",{type},"",0,"",{validity}\r\n')},
    waiting={"+CCWA=1": text('\r\nRING\r\n\r\n+CCWA: "{number}', '",{type},1,""\r\n')},
    ringing=every(4.0),
    banner="\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\nCall Ready\r\n\r\nSMS Ready\r\n",
    chatter=("UNDER-VOLTAGE WARNNING", '+CMTI: "SM",1', '*PSUTTZ: 2026,3,2,0,1,0,"+32",0'),
)

_HUAWEI_MISSED = (Notice("\r\n^CEND:{id},0,104,16\r\n", "^CURC=1"),)
HUAWEI = replace(
    GENERIC,
    name="huawei",
    profile="huawei",
    identity={
        "I": "Manufacturer: huawei\r\nModel: E1752\r\nRevision: 11.126.85.00.00\r\n+GCAP: +CGSM,+DS,+ES",
        "+GMI": "huawei",
        "+CGMI": "huawei",
        "+GMM": "E1752",
        "+CGMM": "E1752",
    },
    settings=SETTINGS | {"^CURC": "1"},
    caller_id={"+CLIP=1": text('\r\n+CLIP: "{number}', '",{type},,,,{validity}\r\n')},
    notices={
        "answered": (Notice("\r\n^CONN:{id},0\r\n", "^CURC=1"),),
        "ended": (Notice("\r\n^CEND:{id},{duration},29,16\r\n", "^CURC=1"),),
        "missed": _HUAWEI_MISSED,
        "rejected": _HUAWEI_MISSED,
        "waiting-over": _HUAWEI_MISSED,
    },
    rejects={"+CHUP": ""},
    unknown="COMMAND NOT SUPPORT",
    banner="\r\n^SYSSTART\r\n",
    chatter=("^RSSI:14", "^MODE:5,4", "^BOOT:20096657,0,0,0,6", '^HCSQ:"WCDMA",30,30,58'),
)

QUECTEL = replace(
    GENERIC,
    name="quectel",
    profile="quectel",
    identity={
        "I": "Quectel\r\nEC25\r\nRevision: EC25EFAR06A01M4G",
        "+GMI": "Quectel",
        "+CGMI": "Quectel",
        "+GMM": "EC25",
        "+CGMM": "EC25",
    },
    caller_id={"+CLIP=1": text('\r\n+CLIP: "{number}', '",{type},"",,"",{validity}\r\n')},
    waiting={"+CCWA=1": text('\r\n+CCWA: "{number}', '",{type},1,,{validity}\r\n')},
    ringing=every(6.0),
    banner="\r\nRDY\r\n\r\n+CFUN: 1\r\n\r\n+CPIN: READY\r\n\r\n+QUSIM: 1\r\n\r\n+QIND: SMS DONE\r\n\r\n+QIND: PB DONE\r\n",
    chatter=('+QIND: "csq",28,99', '+CMTI: "ME",0'),
)

_UBLOX_OVER = Notice("\r\n+UCALLSTAT: {id},6\r\n", "+UCALLSTAT=1")
UBLOX = replace(
    GENERIC,
    name="ublox",
    profile="ublox",
    identity={"I": "SARA-U201-03S-00", "+GMI": "u-blox", "+CGMI": "u-blox", "+GMM": "SARA-U201", "+CGMM": "SARA-U201"},
    settings=SETTINGS | {"+UCALLSTAT": "0"},
    caller_id={"+CLIP=1": text('\r\n+CLIP: "{number}', '",{type},"",,"",{validity}\r\n')},
    setup=("AT+CLIP=1", "AT+CCWA=1", "AT+UCALLSTAT=1"),
    waiting={"+CCWA=1": text('\r\n+CCWA: "{number}', '",{type},1,"",{validity}\r\n')},
    notices={
        "incoming": (Notice("\r\n+UCALLSTAT: {id},4\r\n", "+UCALLSTAT=1"),),
        "answered": (Notice("\r\n+UCALLSTAT: {id},7\r\n\r\n+UCALLSTAT: {id},0\r\n", "+UCALLSTAT=1"),),
        "ended": (_UBLOX_OVER, *ENDED),
        "missed": (_UBLOX_OVER, *ENDED),
        "rejected": (_UBLOX_OVER,),
        "waiting": (Notice("\r\n+UCALLSTAT: {id},5\r\n", "+UCALLSTAT=1"),),
        "waiting-over": (_UBLOX_OVER,),
    },
    ringing=every(4.0),
    banner="\r\n+PBREADY\r\n",
    chatter=("+UUPSDD: 0", "+CIEV: 2,4", "+UMWI: 0,1"),
)

_TELIT_OVER = Notice("\r\n#ECAM: {index},0,1,,,\r\n", "#ECAM=1")
TELIT = replace(
    GENERIC,
    name="telit",
    profile="telit",
    identity={"I": "332", "+GMI": "Telit", "+CGMI": "Telit", "+GMM": "GE910-QUAD", "+CGMM": "GE910-QUAD"},
    settings=SETTINGS | {"#ECAM": "0"},
    caller_id={"+CLIP=1": text('\r\n+CLIP: "{number}', '",{type},"",128,"",{validity}\r\n')},
    setup=("AT+CLIP=1", "AT+CCWA=1", "AT#ECAM=1"),
    waiting={"+CCWA=1": text('\r\n+CCWA: "{number}', '",{type},1,"",{validity}\r\n')},
    notices={
        "incoming": (Notice("\r\n#ECAM: {index},6,1,,,\r\n", "#ECAM=1"),),
        "answered": (Notice("\r\n#ECAM: {index},3,1,,,\r\n", "#ECAM=1"),),
        "ended": (_TELIT_OVER, *ENDED),
        "missed": (_TELIT_OVER, *ENDED),
        "rejected": (_TELIT_OVER,),
        "waiting": (Notice("\r\n#ECAM: {index},5,1,,,\r\n", "#ECAM=1"),),
        "waiting-over": (_TELIT_OVER,),
    },
    ringing=every(5.0),
    chatter=("#QSS: 2", '+CMTI: "SM",7'),
)

_WAVECOM_OVER = Notice("\r\n+WIND: 6,{id}\r\n", "+WIND=63")
WAVECOM = replace(
    GENERIC,
    name="wavecom",
    profile="wavecom",
    identity={
        "I": "WAVECOM MODEM\r\n MULTIBAND  900E  1800",
        "+GMI": "WAVECOM MODEM",
        "+CGMI": " WAVECOM MODEM",
        "+GMM": "MULTIBAND  900E  1800",
        "+CGMM": " MULTIBAND  900E  1800",
    },
    settings=SETTINGS | {"+WIND": "0"},
    kept=frozenset({"+WIND"}),
    caller_id={"+CLIP=1": text('\r\n+CLIP: "{number}', '",{type}\r\n')},
    setup=("AT+CLIP=1;+CRC=1", "AT+CCWA=1", "AT+WIND=63"),
    notices={
        "ended": (*ENDED, _WAVECOM_OVER),
        "missed": (*ENDED, _WAVECOM_OVER),
        "rejected": (_WAVECOM_OVER,),
        "waiting": (Notice("\r\n+WIND: 5,{id}\r\n", "+WIND=63"),),
        "waiting-over": (_WAVECOM_OVER,),
    },
    banner="\r\n+WIND: 1\r\n\r\n+WIND: 7\r\n\r\n+WIND: 4\r\n",
    chatter=("+WIND: 7", "+CREG: 1"),
)

SIERRA = replace(
    GENERIC,
    name="sierra",
    profile="sierra",
    identity={
        "I": "Manufacturer: Sierra Wireless, Incorporated\r\nModel: HL7588\r\nRevision: RHL75xx.A.2.15",
        "+GMI": "Sierra Wireless, Incorporated",
        "+CGMI": "Sierra Wireless, Incorporated",
        "+GMM": "HL7588",
        "+CGMM": "HL7588",
    },
    caller_id={"+CLIP=1": text('\r\n+CLIP: "{number}', '",{type},,,,{validity}\r\n')},
    waiting={"+CCWA=1": text('\r\n+CCWA: "{number}', '",{type},1,,{validity}\r\n')},
    setup=("AT+CLIP=1;+CRC=1", "AT+CCWA=1"),
    ringing=every(5.0),
    banner="\r\n+SIM: 1\r\n",
    chatter=("+PSINF: 0", "+KSUP: 0"),
)

CELLULAR = (GENERIC, SIMCOM, SIM800, HUAWEI, QUECTEL, UBLOX, TELIT, WAVECOM, SIERRA)
