"""Conexant chips (CX93010, CX93001, CX8...: many USB voice modems, Dell RD02-D400, TrendNet TFM-561U, StarTech USB56KEMH2).

-STE=1 (Conexant 102184, 3.2): where the board has the detector, a line in use is not taken by ATD, the modem answers LINE-IN-USE.
The manual does not say so of ATH1, so nothing relies on it.
"""

from . import Profile

PROFILE = Profile(
    name="conexant",
    identify=("ATI3", "AT+GMI"),
    identities=("CONEXANT", "CX9", "CX8", "CX06", "HSF"),
    initialise=("ATZ", "ATE0Q0V1S0=0"),
    country="AT+GCI=%02X",
    caller_id=(("AT+VCID=1", "AT+VCID?"), ("AT#CID=1", "AT#CID?")),
    options=("AT-STE=1",),
    stop="ATH1",
    hang_up="ATH0",
    hold_ms=2000,
    faults=(
        "ATZ switches caller ID off, AT&W does not keep it on (home-assistant/core#57765).",
        "An RD02-D400 showed caller ID in France only after its country was patched into its RAM (thess/callattendant#2).",
        "Distinctive rings left on by another program can hide the word RING (emxsys/callattendant#139).",
    ),
)
