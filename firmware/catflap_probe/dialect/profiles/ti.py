"""Texas Instruments DSP modems of the late nineties; date and time of a call on one line. Little is known of them: all from hearsay."""

from . import Profile

PROFILE = Profile(
    name="ti",
    identify=("ATI3", "ATI7"),
    identities=("TEXAS INSTRUMENTS", "DSP TYPE TI", "TMS320"),
    initialise=("ATZ", "ATE0Q0V1S0=0"),
    country="AT+GCI=%02X",
    caller_id=(("AT#CID=1", "AT#CID?"), ("AT+VCID=1", "AT+VCID?"), ("AT%CCID=1", "AT%CCID?")),
    stop="ATH1",
    hang_up="ATH0",
    hold_ms=2000,
)
