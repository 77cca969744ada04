"""Transcripts of cellular modems, in the layouts of each maker, with the calls that a person reads in them."""

from tests.replay.transcripts import Read, out

A, B, C = "13812345678", "01062340001", "+442079460000"

HUAWEI = {
    "huawei-answered": (
        """
        1.0 +CRING: VOICE
        1.005 +CLIP: "13812345678",161,,,,0
        6.0 +CRING: VOICE
        6.005 +CLIP: "13812345678",161,,,,0
        8.0 ^CONN:1,0
        9.0 ^RSSI:18
        70.0 ^CEND:1,62,29,16
        """,
        [Read(1.0, A, talked=True, cause="16")],
    ),
    "huawei-rejected": (
        """
        1.0 RING
        1.005 +CLIP: "+442079460000",145,,,,0
        1.1 > AT+CHUP
        1.12 OK
        1.3 ^CEND:1,0,104,16
        """,
        [Read(1.0, C, cause="16")],
    ),
    "huawei-outgoing": (
        """
        1.0 > ATD01062340001;
        1.02 OK
        1.1 ^ORIG:1,0
        2.0 ^CONF:1
        5.0 ^CONN:1,0
        35.0 ^CEND:1,30,29,16
        """,
        [out(1.0, B, talked=True, cause="16")],
    ),
    "huawei-outgoing-busy": (
        """
        1.0 ^ORIG:1,0
        2.5 ^CEND:1,0,67,17
        2.51 BUSY
        """,
        [out(1.0, cause="17")],
    ),
    "huawei-waiting-given-up": (
        """
        1.0 RING
        1.005 +CLIP: "13812345678",129,,,,0
        4.0 ^CONN:1,0
        20.0 +CCWA: "01062340001",129,1
        32.0 ^CEND:2,0,104,16
        90.0 ^CEND:1,86,29,16
        """,
        [Read(1.0, A, talked=True, cause="16"), Read(20.0, B, cause="16")],
    ),
    "huawei-waiting-answered": (
        """
        1.0 RING
        1.005 +CLIP: "13812345678",129,,,,0
        4.0 ^CONN:1,0
        20.0 +CCWA: "01062340001",129,1,,0
        25.0 > AT+CHLD=2
        25.1 ^CONN:2,0
        25.12 OK
        60.0 ^CEND:2,35,29,16
        90.0 ^CEND:1,86,29,16
        """,
        [Read(1.0, A, talked=True, cause="16"), Read(20.0, B, talked=True, cause="16")],
    ),
    "huawei-waiting-given-up-behind-an-outgoing-call": (
        """
        1.0 ATD01062340001;
        1.1 OK
        1.2 ^ORIG:1,0
        4.0 ^CONN:1,0
        20.0 +CCWA: "13812345678",129,1
        28.0 ^CEND:2,0,104,16
        28.02 NO CARRIER
        90.0 ^CEND:1,86,29,31
        """,
        [out(1.0, B, talked=True, cause="31"), Read(20.0, A, cause="16")],
    ),
    "huawei-waiting-rejected": (
        """
        1.0 RING
        1.005 +CLIP: "13812345678",129,,,,0
        4.0 ^CONN:1,0
        20.0 +CCWA: "01062340001",129,1
        20.1 > AT+CHLD=0
        20.2 OK
        20.4 ^CEND:2,0,104,17
        50.0 ^CEND:1,46,29,16
        """,
        [Read(1.0, A, talked=True, cause="16"), Read(20.0, B, cause="17")],
    ),
    "huawei-one-ring-three-callers": (
        """
        1.0 +CRING: VOICE
        1.005 +CLIP: "+22997000001",145,,,,0
        2.2 ^CEND:1,0,104,16
        60.0 +CRING: VOICE
        60.005 +CLIP: "+22997000002",145,,,,0
        61.1 ^CEND:1,0,104,16
        120.0 +CRING: VOICE
        120.005 +CLIP: "+22997000001",145,,,,0
        121.3 ^CEND:1,0,104,16
        """,
        [Read(1.0, "+22997000001", cause="16"), Read(60.0, "+22997000002", cause="16"), Read(120.0, "+22997000001", cause="16")],
    ),
    "huawei-restarts-while-it-rings": (
        """
        1.0 RING
        1.005 +CLIP: "13812345678",129,,,,0
        3.0 ^SYSSTART
        8.0 RING
        8.005 +CLIP: "13812345678",129,,,,0
        13.0 ^CEND:1,0,104,16
        """,
        [Read(1.0, A), Read(8.0, A, cause="16")],
    ),
}

SIMCOM = {
    "sim800-clip-before-ring": (
        """
        1.0 +CLIP: "+442079460000",145,"",0,"",0
        1.01 RING
        4.0 +CLIP: "+442079460000",145,"",0,"",0
        4.01 RING
        6.0 NO CARRIER
        """,
        [Read(1.0, C)],
    ),
    "sim800-waiting-rings-too": (
        """
        1.0 +CLCC: 1,1,4,0,0,"13812345678",129,""
        1.05 RING
        1.06 +CLIP: "13812345678",129,"",0,"",0
        4.0 > ATA
        4.1 +CLCC: 1,1,0,0,0,"13812345678",129,""
        4.12 OK
        30.0 RING
        30.02 +CCWA: "01062340001",129,1,""
        40.0 +CLCC: 2,1,6,0,0,"01062340001",129,""
        60.0 +CLCC: 1,1,6,0,0,"13812345678",129,""
        60.02 NO CARRIER
        """,
        [Read(1.0, A, talked=True), Read(30.02, B)],
    ),
    "sim800-waiting-rings-too-without-reports": (
        """
        1.0 RING
        1.06 +CLIP: "13812345678",129,"",0,"",0
        30.0 RING
        30.02 +CCWA: "01062340001",129,1,""
        """,
        [Read(1.0, A), Read(30.0, B)],
    ),
    "sim800-poll-echoed": (
        """
        1.0 AT+CLCC
        1.02 OK
        2.0 AT+CLCC
        2.02 +CLCC: 1,1,4,0,0,"13812345678",129,""
        2.03 OK
        2.5 RING
        2.51 +CLIP: "13812345678",129,"",0,"",0
        3.0 AT+CLCC
        3.02 +CLCC: 1,1,4,0,0,"13812345678",129,""
        3.03 OK
        4.0 AT+CLCC
        4.02 +CLCC: 1,1,0,0,0,"13812345678",129,""
        4.03 OK
        5.0 AT+CLCC
        5.02 +CLCC: 1,1,0,0,0,"13812345678",129,""
        5.03 OK
        6.0 AT+CLCC
        6.02 OK
        7.0 AT+CLCC
        7.02 +CLCC: 1,1,4,0,0,"13812345678",129,""
        7.03 OK
        """,
        [Read(2.02, A, talked=True), Read(7.02, A)],
    ),
    "sim800-poll-sent": (
        """
        2.0 > AT+CLCC
        2.02 +CLCC: 1,0,2,0,0,"01062340001",129,""
        2.03 OK
        3.0 > AT+CLCC
        3.02 +CLCC: 1,0,3,0,0,"01062340001",129,""
        3.03 OK
        4.0 > AT+CLCC
        4.02 +CLCC: 1,0,0,0,0,"01062340001",129,""
        4.03 OK
        5.0 > AT+CLCC
        5.02 OK
        6.0 > AT+CLCC
        6.02 OK
        9.0 RING
        """,
        [out(2.02, B, talked=True), Read(9.0, "", "unavailable")],
    ),
    "sim800-poll-two-calls-unseen-commands": (
        """
        1.0 +CLCC: 1,1,0,0,0,"13812345678",129,""
        1.001 OK
        2.0 +CLCC: 1,1,0,0,0,"13812345678",129,""
        2.001 +CLCC: 2,1,5,0,0,"01062340001",129,""
        2.002 OK
        3.0 +CLCC: 1,1,0,0,0,"13812345678",129,""
        3.001 +CLCC: 2,1,5,0,0,"01062340001",129,""
        3.002 OK
        4.0 +CLCC: 1,1,1,0,0,"13812345678",129,""
        4.001 +CLCC: 2,1,0,0,0,"01062340001",129,""
        4.002 OK
        5.0 +CLCC: 1,1,0,0,0,"13812345678",129,""
        5.002 OK
        9.0 NO CARRIER
        """,
        [Read(1.0, A, talked=True), Read(2.001, B, talked=True)],
    ),
    "sim800-restarts-in-a-call": (
        """
        1.0 RING
        1.02 +CLIP: "13812345678",129,"",0,"",0
        3.0 > ATA
        3.2 OK
        20.0 RDY
        20.3 +CFUN: 1
        20.4 +CPIN: READY
        24.0 Call Ready
        25.0 SMS Ready
        40.0 RING
        40.02 +CLIP: "01062340001",129,"",0,"",0
        44.0 NO CARRIER
        """,
        [Read(1.0, A, talked=True), Read(40.0, B)],
    ),
    "sim800-name": (
        """
        1.0 RING
        1.02 +CLIP: "13812345678",129,"",0,"Li, Wei",0
        4.0 RING
        4.02 +CLIP: "13812345678",129,"",0,"Li, Wei",0
        6.0 NO CARRIER
        """,
        [Read(1.0, A, name="Li, Wei")],
    ),
    "sim800-poll-before-clip": (
        """
        1.0 > AT+CLCC
        1.02 +CLCC: 1,1,4,0,0,"",128,""
        1.03 OK
        1.3 RING
        1.32 +CLIP: "13812345678",129,"",0,"",0
        6.0 NO CARRIER
        """,
        [Read(1.02, A)],
    ),
    "sim7600-outgoing-told-as-active-at-once": (
        """
        1.0 > ATD01062340001;
        1.1 OK
        1.2 +CLCC: 1,0,2,0,0,"01062340001",129
        2.0 +CLCC: 1,0,3,0,0,"01062340001",129
        2.1 VOICE CALL: BEGIN
        2.15 +CLCC: 1,0,0,0,0,"01062340001",129
        2.2 +COLP: "01062340001",129
        9.0 +CLCC: 1,0,6,0,0,"01062340001",129
        9.05 NO CARRIER
        9.1 VOICE CALL:END: 000007
        9.2 +CEER: "16 Normal call clearing"
        """,
        [out(1.0, B, talked=True, cause="16")],
    ),
    "sim7600-number-only-in-missed-call": (
        """
        1.0 RING
        4.0 RING
        6.0 MISSED_CALL: 11:53AM 13812345678
        6.1 NO CARRIER
        """,
        [Read(1.0, A)],
    ),
    "sim7600-missed-call-after-its-release": (
        """
        1.0 +CLCC: 1,1,4,0,0,"13812345678",129
        1.1 RING
        4.0 RING
        6.0 +CLCC: 1,1,6,0,0,"13812345678",129
        6.1 MISSED_CALL: 11:53AM 13812345678
        6.2 NO CARRIER
        """,
        [Read(1.0, A)],
    ),
    "sim7600-waiting-answered": (
        """
        1.0 +CLCC: 1,1,4,0,0,"13812345678",129
        1.1 RING
        3.0 VOICE CALL: BEGIN
        3.05 +CLCC: 1,1,0,0,0,"13812345678",129
        30.0 +CCWA: "01062340001",129,1,"",0
        30.1 +CLCC: 2,1,5,0,0,"01062340001",129
        35.0 > AT+CHLD=2
        35.1 +CLCC: 1,1,1,0,0,"13812345678",129
        35.15 +CLCC: 2,1,0,0,0,"01062340001",129
        35.2 OK
        60.0 +CLCC: 2,1,6,0,0,"01062340001",129
        60.1 VOICE CALL: END: 000025
        60.2 NO CARRIER
        61.0 > AT+CHLD=2
        61.1 +CLCC: 1,1,0,0,0,"13812345678",129
        61.2 OK
        90.0 +CLCC: 1,1,6,0,0,"13812345678",129
        90.1 VOICE CALL: END: 000087
        """,
        [Read(1.0, A, talked=True), Read(30.0, B, talked=True)],
    ),
    "sim7600-waiting-missed": (
        """
        1.0 +CLCC: 1,1,4,0,0,"13812345678",129
        1.1 RING
        3.0 VOICE CALL: BEGIN
        3.05 +CLCC: 1,1,0,0,0,"13812345678",129
        30.0 +CLCC: 2,1,5,0,0,"01062340001",129
        38.0 +CLCC: 2,1,6,0,0,"01062340001",129
        38.1 MISSED_CALL: 09:12AM 01062340001
        60.0 +CLCC: 1,1,6,0,0,"13812345678",129
        60.1 VOICE CALL: END: 000057
        """,
        [Read(1.0, A, talked=True), Read(30.0, B)],
    ),
    "sim7600-chatter": (
        """
        1.0 RING
        1.1 +CLCC: 1,1,4,0,0,"13812345678",129
        2.0 +CMTI: "SM",3
        2.5 +CREG: 1
        3.0 *PSUTTZ: 26/03/02,01:00:00","+32",0
        4.0 RING
        5.0 +CTZV: +32
        6.0 +CLCC: 1,1,6,0,0,"13812345678",129
        """,
        [Read(1.0, A)],
    ),
}

QUECTEL = {
    "ec25-withheld": (
        """
        1.0 RING
        1.01 +CLIP: "",128,"",,"",1
        7.0 RING
        7.01 +CLIP: "",128,"",,"",1
        12.0 NO CARRIER
        """,
        [Read(1.0, "", "withheld")],
    ),
    "ec25-answered-and-hung-up-here": (
        """
        1.0 RING
        1.01 +CLIP: "13812345678",129,"",,"",0
        4.0 > ATA
        4.05 OK
        30.0 > AT+CHUP
        30.05 OK
        50.0 RING
        50.01 +CLIP: "13812345678",129,"",,"",0
        54.0 NO CARRIER
        """,
        [Read(1.0, A, talked=True), Read(50.0, A)],
    ),
    "ec25-dsci-answered": (
        """
        1.0 ^DSCI: 1,1,4,0,13812345678,129,0
        1.01 RING
        1.02 +CLIP: "13812345678",129,"",,"",0
        4.0 > ATA
        4.1 ^DSCI: 1,1,3,0,13812345678,129,0
        4.2 OK
        33.0 ^DSCI: 1,1,6,0,13812345678,129,0
        33.1 NO CARRIER
        """,
        [Read(1.0, A, talked=True)],
    ),
    "ec25-dsci-outgoing-unanswered": (
        """
        1.0 ^DSCI: 1,0,2,0,01062340001,129,0
        1.8 ^DSCI: 1,0,7,0,01062340001,129,0
        31.0 ^DSCI: 1,0,6,0,01062340001,129,0
        31.1 NO CARRIER
        31.2 +CEER: 5,19
        """,
        [out(1.0, B, cause="19")],
    ),
    "ec25-volte-lists-its-packet-bearer": (
        """
        0.5 AT+CLCC
        0.52 +CLCC: 2,1,0,1,0,"",128
        0.53 OK
        1.0 RING
        1.01 +CLIP: "13812345678",129,"",,"",0
        2.0 AT+CLCC
        2.02 +CLCC: 2,1,0,1,0,"",128
        2.03 +CLCC: 1,1,4,0,0,"13812345678",129
        2.04 OK
        3.0 AT+CLCC
        3.02 +CLCC: 2,1,0,1,0,"",128
        3.03 +CLCC: 1,1,0,0,0,"13812345678",129
        3.04 OK
        4.0 AT+CLCC
        4.02 +CLCC: 2,1,0,1,0,"",128
        4.04 OK
        5.0 RING
        5.01 +CLIP: "13812345678",129,"",,"",0
        """,
        [Read(1.0, A, talked=True), Read(5.0, A)],
    ),
    "ec25-waiting-repeated": (
        """
        1.0 RING
        1.01 +CLIP: "13812345678",129,"",,"",0
        4.0 > ATA
        4.05 OK
        20.0 +CCWA: "01062340001",129,1,,0
        26.0 +CCWA: "01062340001",129,1,,0
        32.0 +CCWA: "01062340001",129,1,,0
        40.0 NO CARRIER
        """,
        [Read(1.0, A, talked=True), Read(20.0, B)],
    ),
    "ec25-waiting-rings-when-the-line-is-free": (
        """
        1.0 RING
        1.01 +CLIP: "13812345678",129,"",,"",0
        4.0 > ATA
        4.05 OK
        20.0 +CCWA: "01062340001",129,1,,0
        26.0 NO CARRIER
        27.0 RING
        27.01 +CLIP: "01062340001",129,"",,"",0
        30.0 > ATA
        30.05 OK
        60.0 NO CARRIER
        """,
        [Read(1.0, A, talked=True), Read(20.0, B, talked=True)],
    ),
    "ec25-sip-address": (
        """
        1.0 RING
        1.01 +CLIP: "sip:+442079460000@ims.mnc000.mcc460.3gppnetwork.org",128,"",,"",0
        4.0 NO CARRIER
        """,
        [Read(1.0, C)],
    ),
    "m95-the-next-caller-comes-without-a-word": (
        """
        1.0 RING
        1.01 +CLIP: "13812345678",129
        6.0 RING
        6.01 +CLIP: "13812345678",129
        11.0 RING
        11.01 +CLIP: "01062340001",129
        16.0 NO CARRIER
        """,
        [Read(1.0, A), Read(11.0, B)],
    ),
}

UBLOX = {
    "sara-without-ring": (
        """
        1.0 +UCALLSTAT: 1,4
        1.05 +CLIP: "+442079460000",145,"",,"",0
        9.0 +UCALLSTAT: 1,6
        """,
        [Read(1.0, C)],
    ),
    "sara-answered": (
        """
        1.0 +UCALLSTAT: 1,4
        1.02 RING
        1.05 +CLIP: "13812345678",129,"",,"",0
        5.0 RING
        5.05 +CLIP: "13812345678",129,"",,"",0
        6.0 +UCALLSTAT: 1,0
        30.0 +UCALLSTAT: 1,6
        30.02 NO CARRIER
        """,
        [Read(1.0, A, talked=True)],
    ),
    "sara-waiting-given-up": (
        """
        1.0 +UCALLSTAT: 1,4
        1.02 RING
        1.05 +CLIP: "13812345678",129,"",,"",0
        6.0 +UCALLSTAT: 1,7
        6.01 +UCALLSTAT: 1,0
        20.0 +UCALLSTAT: 2,5
        20.02 +CCWA: "01062340001",129,1,"",0
        28.0 +UCALLSTAT: 2,6
        60.0 +UCALLSTAT: 1,6
        60.02 NO CARRIER
        """,
        [Read(1.0, A, talked=True), Read(20.0, B)],
    ),
    "sara-outgoing-number-only-in-a-poll": (
        """
        1.1 +UCALLSTAT: 1,2
        2.0 > AT+CLCC
        2.1 +CLCC: 1,0,3,0,0,"01062340001",129,""
        2.2 OK
        2.3 +UCALLSTAT: 1,3
        20.0 +UCALLSTAT: 1,6
        20.01 NO ANSWER
        """,
        [out(1.1, B)],
    ),
    "sara-outgoing": (
        """
        1.0 > ATD01062340001;
        1.02 OK
        1.1 +UCALLSTAT: 1,2
        2.0 +UCALLSTAT: 1,3
        6.0 +UCALLSTAT: 1,7
        6.01 +UCALLSTAT: 1,0
        20.0 +UCALLSTAT: 1,6
        20.01 NO CARRIER
        20.5 +CEER: "CC setup error",16,"Normal call clearing"
        """,
        [out(1.0, B, talked=True, cause="16")],
    ),
}

TELIT = {
    "ge910-answered": (
        """
        1.0 #ECAM: 0,6,1,,,
        1.02 RING
        1.05 +CLIP: "13812345678",129,"",128,"",0
        6.0 RING
        6.05 +CLIP: "13812345678",129,"",128,"",0
        8.0 #ECAM: 0,3,1,,,
        8.02 OK
        50.0 #ECAM: 0,0,1,,,
        50.02 NO CARRIER
        """,
        [Read(1.0, A, talked=True)],
    ),
    "ge910-outgoing-busy": (
        """
        1.0 #ECAM: 0,1,1,,,"01062340001",129
        1.8 #ECAM: 0,2,1,,,
        4.0 #ECAM: 0,7,1,,,
        4.02 BUSY
        4.05 #ECAM: 0,0,1,,,
        5.0 +CEER: User busy
        """,
        [out(1.0, B, cause="17")],
    ),
    "ge910-waiting-answered": (
        """
        1.0 #ECAM: 0,6,1,,,
        1.02 RING
        1.05 +CLIP: "13812345678",129,"",128,"",0
        3.0 #ECAM: 0,3,1,,,
        20.0 #ECAM: 0,5,1,,,
        20.02 +CCWA: "01062340001",129,1,"",0
        24.0 #ECAM: 0,4,1,,,
        24.05 #ECAM: 0,3,1,,,
        24.1 OK
        """,
        [Read(1.0, A, talked=True), Read(20.0, B, talked=True)],
    ),
}

WAVECOM = {
    "fastrack-missed": (
        """
        1.0 +CRING: VOICE
        1.005 +CLIP: "+442079460000",145
        6.0 +CRING: VOICE
        6.005 +CLIP: "+442079460000",145
        8.0 NO CARRIER
        8.02 +WIND: 6,1
        """,
        [Read(1.0, C)],
    ),
    "fastrack-outgoing-answered": (
        """
        1.0 ATD01062340001;
        1.2 +WIND: 5,1
        3.0 +WIND: 2
        8.0 OK
        40.0 NO CARRIER
        40.02 +WIND: 6,1
        """,
        [out(1.0, B, talked=True)],
    ),
    "fastrack-outgoing-unanswered-echo-off": (
        """
        1.2 +WIND: 5,1
        3.0 +WIND: 2
        40.0 NO ANSWER
        40.02 +WIND: 6,1
        """,
        [out(3.0)],
    ),
    "q24-starts-while-it-rings": (
        """
        1.0 RING
        1.005 +CLIP: "13812345678",129
        3.0 +WIND: 1
        3.5 +WIND: 3
        7.0 +WIND: 4
        9.0 +WIND: 7
        """,
        [Read(1.0, A)],
    ),
}

OTHERS = {
    "two-rings-before-the-number": (
        """
        1.0 RING
        5.0 RING
        5.01 +CLIP: "13812345678",129
        9.0 NO CARRIER
        """,
        [Read(1.0, A)],
    ),
    "number-without-a-ring": (
        """
        1.0 +CLIP: "13812345678",129,,,,0
        9.0 NO CARRIER
        """,
        [Read(1.0, A)],
    ),
    "called-number-and-name": (
        """
        1.0 +CRING: VOICE
        1.01 +CLIP: "13812345678",129,,,,0
        1.02 +CDIP: "01062345602",129
        1.03 +CNAP: "SMITH, JOHN",0
        5.0 NO CARRIER
        """,
        [Read(1.0, A, called="01062345602", name="SMITH, JOHN")],
    ),
    "fax-and-data": (
        """
        1.0 +CRING: FAX
        1.01 +CLIP: "01062340001",129
        6.0 NO CARRIER
        30.0 +CRING: REL ASYNC
        30.01 +CLIP: "+442079460000",145,,,,0
        36.0 NO CARRIER
        """,
        [Read(1.0, B), Read(30.0, C)],
    ),
    "packet-connection-offered": (
        """
        1.0 +CRING: GPRS "IP","10.0.0.1"
        6.0 +CRING: GPRS "IP","10.0.0.1"
        """,
        [],
    ),
    "conference": (
        """
        1.0 AT+CLCC
        1.02 +CLCC: 1,1,0,0,0,"13812345678",129
        1.03 OK
        2.0 AT+CLCC
        2.02 +CLCC: 1,1,1,0,0,"13812345678",129
        2.03 +CLCC: 2,1,0,0,0,"01062340001",129
        2.04 OK
        3.0 AT+CLCC
        3.02 +CLCC: 1,1,0,0,1,"13812345678",129
        3.03 +CLCC: 2,1,0,0,1,"01062340001",129
        3.04 OK
        4.0 AT+CLCC
        4.02 +CLCC: 2,1,0,0,0,"01062340001",129
        4.04 OK
        5.0 AT+CLCC
        5.04 OK
        """,
        [Read(1.02, A, talked=True), Read(2.03, B, talked=True)],
    ),
    "cinterion-list": (
        """
        1.0 RING
        1.1 ^SLCC: 1,1,4,0,0,1,"13812345678",161
        1.11 ^SLCC:
        3.0 ^SLCC: 1,1,0,0,0,1,"13812345678",161
        3.01 ^SLCC:
        20.0 ^SLCC: 1,1,0,0,0,1,"13812345678",161
        20.01 ^SLCC: 2,1,5,0,0,0,"01062340001",161
        20.02 ^SLCC:
        30.0 ^SLCC: 1,1,0,0,0,1,"13812345678",161
        30.01 ^SLCC:
        40.0 ^SLCC:
        45.0 RING
        """,
        [Read(1.0, A, talked=True), Read(20.01, B), Read(45.0, "", "unavailable")],
    ),
    "ericsson": (
        """
        1.0 RING
        1.02 *ECAV: 1,6,1
        1.05 +CLIP: "",161,,,""
        6.0 RING
        6.05 +CLIP: "",161,,,""
        8.0 *ECAV: 1,0,1,8,16
        """,
        [Read(1.0, "", "unavailable", cause="16")],
    ),
    "zte-outgoing": (
        """
        1.0 > ATD01062340001;
        1.1 OK
        6.0 CONNECT
        20.0 HANGUP: 1
        """,
        [out(1.0, B, talked=True)],
    ),
    "zte-missed": (
        """
        1.0 RING
        1.01 +CLIP: "13812345678",129,,,,0
        4.0 +ZCEND:28
        """,
        [Read(1.0, A)],
    ),
    "a9-outgoing-busy": (
        """
        1.0 ATD01062340001;
        1.1 OK
        1.2 +CIEV: "CALL",1
        1.3 +CIEV: "SOUNDER",1
        4.0 +CIEV: "CALL",1
        4.1 +CIEV: "SOUNDER",0
        4.2 +CIEV: "CALL",0
        4.3 BUSY
        """,
        [out(1.0, B)],
    ),
    "messages-that-look-like-calls": (
        """
        1.0 +CMT: "+8613900000000",,"26/03/02,08:00:00+32"
        1.001 RING
        2.0 +CMT: "+8613900000000",,"26/03/02,08:00:01+32"
        2.001 +CLIP: "110",129,,,,0
        3.0 +CMTI: "SM",4
        4.0 > AT+CMGR=4
        4.1 +CMGR: "REC UNREAD","+8613900000000",,"26/03/02,08:00:02+32"
        4.101 +CCWA: "110",129,1
        4.11 OK
        """,
        [],
    ),
    "the-same-caller-dials-again-at-once": (
        """
        1.0 RING
        1.01 +CLIP: "13812345678",129,,,,0
        3.0 NO CARRIER
        6.0 RING
        6.01 +CLIP: "13812345678",129,,,,0
        8.0 NO CARRIER
        """,
        [Read(1.0, A), Read(6.0, A)],
    ),
    "between-polls-the-caller-changed": (
        """
        1.0 > AT+CLCC
        1.02 +CLCC: 1,1,4,0,0,"13812345678",129
        1.03 OK
        6.0 > AT+CLCC
        6.02 +CLCC: 1,1,4,0,0,"01062340001",129
        6.03 OK
        11.0 > AT+CLCC
        11.03 OK
        """,
        [Read(1.02, A), Read(6.02, B)],
    ),
    "between-polls-the-talk-ended-and-another-began": (
        """
        1.0 > AT+CLCC
        1.02 +CLCC: 1,1,0,0,0,"13812345678",129
        1.03 OK
        61.0 > AT+CLCC
        61.02 +CLCC: 1,1,4,0,0,"13812345678",129
        61.03 OK
        """,
        [Read(1.02, A, talked=True), Read(61.02, A)],
    ),
    "hexadecimal-characters": (
        """
        1.0 RING
        1.01 +CLIP: "002B003400340032003000370039003400360030003000300030",145,"",0,"5F204E09",0
        4.0 NO CARRIER
        """,
        [Read(1.0, C, name="张三")],
    ),
    "neoway": (
        """
        1.0 MODEM:STARTUP
        2.0 +PBREADY
        10.0 RING
        10.02 +CLIP: "13812345678",129,,,,0
        15.0 RING
        15.02 +CLIP: "13812345678",129,,,,0
        17.0 NO CARRIER
        """,
        [Read(10.0, A)],
    ),
    "answered-and-hung-up-by-echoed-commands": (
        """
        1.0 RING
        1.02 +CLIP: "13812345678",129,,,,0
        3.0 ATA
        3.1 OK
        20.0 ATH
        20.1 OK
        24.0 RING
        24.02 +CLIP: "13812345678",129,,,,0
        """,
        [Read(1.0, A, talked=True), Read(24.0, A)],
    ),
    "it-rings-on-after-the-rejecting-command": (
        """
        1.0 RING
        1.02 +CLIP: "13812345678",129,,,,0
        1.1 > ATH
        1.2 OK
        6.0 RING
        6.02 +CLIP: "13812345678",129,,,,0
        11.0 RING
        11.02 +CLIP: "13812345678",129,,,,0
        """,
        [Read(1.0, A)],
    ),
    "settings-asked-for": (
        """
        1.0 > AT+CLIP?
        1.1 +CLIP: 1,1
        1.2 OK
        2.0 > AT+CCWA?
        2.1 +CCWA: 1,1
        2.2 OK
        3.0 > AT+CLCC=?
        3.1 OK
        4.0 > AT+COLP?
        4.1 +COLP: 0,1
        4.2 OK
        """,
        [],
    ),
    "unplugged-while-it-rings": (
        """
        1.0 RING
        1.02 +CLIP: "13812345678",129,,,,0
        3.0 ! unplugged
        8.0 RING
        8.02 +CLIP: "13812345678",129,,,,0
        """,
        [Read(1.0, A), Read(8.0, A)],
    ),
}

TRANSCRIPTS = {
    "huawei": HUAWEI,
    "simcom": SIMCOM,
    "quectel": QUECTEL,
    "ublox": UBLOX,
    "telit": TELIT,
    "wavecom": WAVECOM,
    "others": OTHERS,
}
"""By maker, then by name: the text, and the calls in it in the order in which they begin."""
