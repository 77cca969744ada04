"""Hayes (Accura, Optima). %CCID=1 gives CALLER NUMBER: and the like, %CCID=3 the fields of the others (Hayes technical reference)."""

from . import Profile

PROFILE = Profile(
    name="hayes",
    identify=("ATI3", "ATI4"),
    identities=("HAYES", "ACCURA", "OPTIMA"),
    initialise=("ATZ", "ATE0Q0V1S0=0"),
    country="AT+GCI=%02X",
    caller_id=(("AT%CCID=1", "AT%CCID?"), ("AT#CID=1", "AT#CID?"), ("AT*ID1", ""), ("AT+VCID=1", "AT+VCID?")),
    stop="ATH1",
    hang_up="ATH0",
    hold_ms=2000,
    faults=("An Accura 288 has caller ID and no voice commands (thess/callattendant#4).",),
)
