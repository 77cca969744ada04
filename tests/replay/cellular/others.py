"""Modems of other makers, and what all of them may do: polls, conferences, messages, commands."""

from tests.replay.cellular.numbers import A, B, C
from tests.replay.transcripts import Read, out

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
    "polls-alone-show-a-long-ringing-call": (
        """
        1.0 > AT+CLCC
        1.02 +CLCC: 1,1,4,0,0,"13812345678",129
        1.03 OK
        9.0 > AT+CLCC
        9.02 +CLCC: 1,1,4,0,0,"13812345678",129
        9.03 OK
        17.0 > AT+CLCC
        17.02 +CLCC: 1,1,4,0,0,"13812345678",129
        17.03 OK
        25.0 > AT+CLCC
        25.02 +CLCC: 1,1,0,0,0,"13812345678",129
        25.03 OK
        """,
        [Read(1.02, A, talked=True)],
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
