"""Sierra Wireless (HL, MC, EM): as the standard has it; AT+CHUP rejects."""

from . import Profile
from .generic_3gpp import IDENTIFY, OPTIONS

PROFILE = Profile(
    name="sierra",
    identify=IDENTIFY,
    identities=("SIERRA",),
    caller_id=(("AT+CLIP=1", "AT+CLIP?"),),
    options=OPTIONS,
    stop="AT+CHUP",
    stop_waiting="AT+CHLD=0",
    reply_ms=5000,
)
