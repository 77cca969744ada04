"""SIMCom (SIM800, SIM7600): ATH rejects a ringing call; newer ones send +CLCC unasked."""

from . import Profile

PROFILE = Profile(initialise=("ATZ", "ATE0", "AT+CLIP=1"), reply_ms=5000, stop="ATH")
