"""Any analogue modem that shows caller ID. Which command switches it on is found by trying those in use, V.253's own first.

It cannot reject a call: it answers (the caller may pay), holds until the exchange has noticed, and hangs up.
"""

from . import Profile

PROFILE = Profile(
    name="generic",
    identify=("ATI3", "ATI", "AT+GMM"),
    # ATZ comes first: it may have been left in another mode; S0=0: it must not answer by itself
    initialise=("ATZ", "ATE0Q0V1S0=0"),
    country="AT+GCI=%02X",
    caller_id=(("AT+VCID=1", "AT+VCID?"), ("AT#CID=1", "AT#CID?"), ("AT%CCID=1", "AT%CCID?"), ("AT#CC1", ""), ("AT*ID1", "")),
    stop="ATH1",
    hang_up="ATH0",
    hold_ms=2000,
    faults=("Without the right country many modems miss a caller ID that comes before the first ring (home-assistant/core#20116).",),
)
