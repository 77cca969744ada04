"""Any analogue modem that formats caller ID by ITU-T V.253.

It cannot reject a call: it answers (the caller may pay), holds until the exchange has noticed, and hangs up.
"""

from . import Profile

PROFILE = Profile(
    name="generic",
    # ATZ comes first: it may have been left in another mode, and it loses the caller-ID setting
    caller_id=(("AT+VCID=1", "AT+VCID?"),),
    stop="ATH1",
    hang_up="ATH0",
    hold_ms=2000,
)
