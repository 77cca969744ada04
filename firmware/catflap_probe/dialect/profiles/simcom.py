"""SIMCom (SIM800, SIM7600): ATH rejects a ringing call; newer ones send +CLCC unasked."""

from . import Profile

PROFILE = Profile(name="simcom", caller_id=(("AT+CLIP=1", "AT+CLIP?"),), stop="ATH", stop_waiting="AT+CHLD=0", reply_ms=5000)
