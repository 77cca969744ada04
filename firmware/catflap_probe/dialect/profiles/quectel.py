"""Quectel (EC25 and its like): RING every 6 s unless told otherwise; AT+CHUP rejects."""

from . import Profile

PROFILE = Profile(name="quectel", caller_id=(("AT+CLIP=1", "AT+CLIP?"),), stop="AT+CHUP", stop_waiting="AT+CHLD=0", reply_ms=5000)
