"""Zoom USB modems (3095, 1063 ...), on Conexant chips: caller ID without blanks around the =."""

from . import Profile

PROFILE = Profile(
    name="zoom",
    identify=("ATI3", "AT+GMI"),
    identities=("ZOOM",),
    initialise=("ATZ", "ATE0Q0V1S0=0"),
    country="AT+GCI=%02X",
    caller_id=(("AT+VCID=1", "AT+VCID?"), ("AT#CID=1", "AT#CID?")),
    options=("AT-STE=1",),
    stop="ATH1",
    hang_up="ATH0",
    hold_ms=2000,
    faults=(
        "It takes itself to be in the United States until told otherwise: no caller ID in the United Kingdom (home-assistant/core#20116).",
        "A 1063 in the United Kingdom showed rings and no number, where a USR5637 on the same line did (emxsys/callattendant#139).",
    ),
)
