"""ZyXEL (U-1496, Omni, 2864): caller ID by a bit of register S40, in words of their own (CALLER NUMBER:, FM: and TO:)."""

from . import Profile

PROFILE = Profile(
    name="zyxel",
    identify=("ATI3", "ATI"),
    identities=("ZYXEL", "U-1496", "U-336", "OMNI"),
    initialise=("ATZ", "ATE0Q0V1S0=0"),
    country="AT+GCI=%02X",
    caller_id=(("ATS40.2=1", ""), ("AT+VCID=1", "AT+VCID?")),
    stop="ATH1",
    hang_up="ATH0",
    hold_ms=2000,
    faults=("In Sweden it also writes the number that a call was diverted from: that is not the caller (mgetty cnd.c).",),
)
