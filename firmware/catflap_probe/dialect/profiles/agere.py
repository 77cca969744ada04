"""Agere, before that Lucent (LT Winmodem, Multi-Tech MT5634ZBA and its like).

+VDR=1,0 (Multi-Tech S000273): the lengths of a ring's bursts are written beside RING, as DRON= and DROF=.
"""

from . import Profile

PROFILE = Profile(
    name="agere",
    identify=("ATI3", "ATI"),
    identities=("AGERE", "LUCENT", "LT V.9", "LT WIN", "MT5634", "SOFTMODEM"),
    initialise=("ATZ", "ATE0Q0V1S0=0"),
    country="AT+GCI=%02X",
    caller_id=(("AT+VCID=1", "AT+VCID?"),),
    options=("AT+VDR=1,0",),
    stop="ATH1",
    hang_up="ATH0",
    hold_ms=2000,
    faults=("Its manuals want S0=2 with caller ID, which would have it answer every call: S0 is set to 0.",),
)
