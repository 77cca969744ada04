"""Quectel (EC25 and its like): RING every 6 s unless told otherwise; AT+CHUP rejects."""

from . import Profile

PROFILE = Profile(initialise=("ATZ", "ATE0", "AT+CLIP=1"), reply_ms=5000, stop="AT+CHUP")
