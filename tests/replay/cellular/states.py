"""Makers whose modems tell a call's state in lines of their own: u-blox +UCALLSTAT, Telit #ECAM, Wavecom +WIND."""

from tests.replay.cellular.numbers import A, B, C
from tests.replay.transcripts import Read, out

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
    "ge910-waiting-given-up": (
        """
        1.0 #ECAM: 0,6,1,,,
        1.02 RING
        1.05 +CLIP: "13812345678",129,"",128,"",0
        3.0 #ECAM: 0,3,1,,,
        20.0 #ECAM: 1,5,1,,,
        20.02 +CCWA: "01062340001",129,1,"",0
        24.0 #ECAM: 1,0,1,,,
        40.0 #ECAM: 0,0,1,,,
        40.02 NO CARRIER
        41.0 +CEER: Normal call clearing
        """,
        [Read(1.0, A, talked=True, cause="16"), Read(20.0, B)],
    ),
    "ge910-waiting-rings-once-the-line-is-free": (
        """
        1.0 RING
        1.02 #ECAM: 0,6,1,,,
        1.05 +CLIP: "13812345678",129,"",128,"",0
        3.0 #ECAM: 0,3,1,,,
        20.0 +CCWA: "01062340001",129,1,"",0
        20.02 #ECAM: 1,5,1,,,
        40.0 #ECAM: 0,0,1,,,
        40.02 NO CARRIER
        41.0 RING
        41.02 #ECAM: 1,0,1,,,
        41.04 NO CARRIER
        """,
        [Read(1.0, A, talked=True), Read(20.0, B)],
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
