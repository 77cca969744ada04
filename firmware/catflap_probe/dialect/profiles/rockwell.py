"""Rockwell chips of the nineties (RC144, RC288, RCV336, RC56: Supra, Digicom and many others): AT#CID=1 (Rockwell 1048, 3.6.1).

It names itself by its firmware (V1.411-V32bis_2M_DLP). The oldest have no +GCI: they are built for one country.
"""

from . import Profile

PROFILE = Profile(
    name="rockwell",
    identify=("ATI3", "ATI4"),
    identities=("ROCKWELL", "_DLP", "-V32BIS", "-V34", "-K56", "RCV", "RC144", "RC288", "RC336", "RC56"),
    initialise=("ATZ", "ATE0Q0V1S0=0"),
    country="AT+GCI=%02X",
    caller_id=(("AT#CID=1", "AT#CID?"), ("AT+VCID=1", "AT+VCID?")),
    stop="ATH1",
    hang_up="ATH0",
    hold_ms=2000,
    faults=(
        "In Canada the number comes as DDN_NMBR, or in hex as MESG = 0307... (misterhouse Caller_ID.pm, mgetty cnd.c).",
        "A caller ID with a wrong checksum is not shown at all (Rockwell 1048, 3.6.1).",
    ),
)
