"""Wavecom, later Sierra (Q24, Q26, Fastrack): +WIND tells of calls; ATH releases them all, a ringing one too (their AT commands guide)."""

from . import Profile
from .generic_3gpp import IDENTIFY, OPTIONS

PROFILE = Profile(
    name="wavecom",
    identify=IDENTIFY,
    identities=("WAVECOM", "FASTRACK", "Q2403", "Q2406", "Q2686", "Q2687"),
    caller_id=(("AT+CLIP=1", "AT+CLIP?"),),
    # SIM, called party rings, ready, ready for all, call begun, call over; kept over a restart by itself
    options=("AT+WIND=63",) + OPTIONS,
    stop="ATH",
    stop_waiting="AT+CHLD=0",
    reply_ms=5000,
    faults=(
        "AT+CPIN? is answered without a final OK (faucamp/python-gsmmodem).",
        "A dialling command is answered OK only when the called party answers (faucamp/python-gsmmodem).",
    ),
)
