"""Any cellular modem of 3GPP TS 27.007: AT+CHUP (clause 6.5) hangs up, a ringing call included."""

from . import Profile

IDENTIFY = ("AT+CGMI", "AT+CGMM")

# +CRC=1 tells calls from offers of a packet connection, which ring too. +CCWA=1 shows waiting calls; with a second parameter it would
# switch call waiting on in the network. +COLP=1 is left out: with it, a dialling command is answered only when the called party answers.
# ATS0=0: it must not answer by itself.
OPTIONS = ("ATS0=0", "AT+CRC=1", "AT+CCWA=1", "AT+CDIP=1", "AT+CNAP=1")

PROFILE = Profile(
    name="generic",
    identify=IDENTIFY,
    caller_id=(("AT+CLIP=1", "AT+CLIP?"),),
    options=OPTIONS,
    stop="AT+CHUP",
    stop_waiting="AT+CHLD=0",
    reply_ms=5000,
    faults=(
        "RING may go on after the modem has answered the rejecting command with OK (gammu/gammu#357).",
        "RING and +CLIP may come milliseconds apart, in either order, or +CLIP without RING (faucamp/python-gsmmodem#64, #83).",
    ),
)
