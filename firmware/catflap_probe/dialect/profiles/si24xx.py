"""Silicon Laboratories ISOmodem (Si2404 ... Si2494; application note AN93).

+VCDT (table 110) says what is listened for: 0 after the first ring only, 1 always, 2 United Kingdom, 3 Japan, 4 ... 7 DTMF. 1 reads FSK
caller ID before and after a ring; DTMF caller ID wants +FCLASS=8 and +VLS=14, and comes as keys behind <DLE> or as text after CIDM.
"""

from . import Profile

PROFILE = Profile(
    name="si24xx",
    identify=("ATI6", "ATI3"),
    identities=("SI24", "2404", "2415", "2434", "2439", "2457", "2493", "2494"),
    initialise=("ATZ", "ATE0Q0V1S0=0"),
    country="AT+GCI=%02X",
    caller_id=(("AT+VCID=1", "AT+VCID?"),),
    options=("AT+VCDT=1",),
    stop="ATH1",
    hang_up="ATH0",
    hold_ms=2000,
    # as strapped on most boards
    bauds=(19200, 115200, 9600, 57600, 38400),
    faults=(
        "With +VDR=1,0 rings are reported as DRON and DROF alone, without RING (AN93, table 110).",
        "FSK and DTMF caller ID are read at once only in voice mode (AN93, 6.3.5): choose by what the exchange sends.",
    ),
)
