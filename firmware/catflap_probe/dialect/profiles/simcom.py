"""SIMCom (SIM800, SIM7600): AT+CHUP rejects; a SIM7600 leaves a voice call alone on ATH unless +CVHU=0; newer ones send +CLCC unasked."""

from . import Profile

PROFILE = Profile(name="simcom", caller_id=(("AT+CLIP=1", "AT+CLIP?"),), stop="AT+CHUP", stop_waiting="AT+CHLD=0", reply_ms=5000)
