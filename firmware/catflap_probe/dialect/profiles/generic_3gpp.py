"""Any cellular modem of 3GPP TS 27.007: AT+CHUP (clause 6.5) hangs up, a ringing call included."""

from . import Profile

PROFILE = Profile(name="generic", caller_id=(("AT+CLIP=1", "AT+CLIP?"),), stop="AT+CHUP", stop_waiting="AT+CHLD=0", reply_ms=5000)
