"""Quectel: ^DSCI, waiting calls, lists with a packet bearer in them."""

from tests.replay.cellular.numbers import A, B, C
from tests.replay.transcripts import Read, out

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
