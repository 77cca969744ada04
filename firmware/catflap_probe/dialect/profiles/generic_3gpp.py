"""Any cellular modem of 3GPP TS 27.007: AT+CHUP (clause 6.5) hangs up, a ringing call included."""

from . import Profile

PROFILE = Profile(initialise=("ATZ", "ATE0", "AT+CLIP=1"), reply_ms=5000, stop="AT+CHUP")
