"""SIMCom: +CLCC unasked and asked for, VOICE CALL, MISSED_CALL, restarts."""

from tests.replay.cellular.numbers import A, B, C
from tests.replay.transcripts import Read, out

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
