"""u-blox (LEON, LISA, SARA, TOBY, LARA): +UCALLSTAT tells the states of calls; AT+CHUP rejects."""

from . import Profile
from .generic_3gpp import IDENTIFY, OPTIONS

PROFILE = Profile(
    name="ublox",
    identify=IDENTIFY,
    identities=("U-BLOX", "LEON-", "LISA-", "SARA-", "TOBY-", "LARA-"),
    caller_id=(("AT+CLIP=1", "AT+CLIP?"),),
    options=("AT+UCALLSTAT=1",) + OPTIONS,
    stop="AT+CHUP",
    stop_waiting="AT+CHLD=0",
    reply_ms=5000,
    faults=(
        "A whole incoming call may come as +UCALLSTAT alone, without RING.",
        "It says nothing of a new start but, sometimes, +PBREADY.",
    ),
)
