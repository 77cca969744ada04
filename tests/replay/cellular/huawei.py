"""Huawei sticks and modules: ^ORIG, ^CONN and ^CEND."""

from tests.replay.cellular.numbers import A, B, C
from tests.replay.transcripts import Read, out

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
