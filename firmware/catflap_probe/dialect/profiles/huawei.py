"""Huawei sticks: +CRING and ^CEND; ATH leaves a ringing call ringing, AT+CHUP ends it."""

from . import Profile

PROFILE = Profile(
    name="huawei",
    caller_id=(("AT+CLIP=1", "AT+CLIP?"),),
    options=("AT+CRC=1",),
    stop="AT+CHUP",
    stop_waiting="AT+CHLD=0",
    reply_ms=5000,
)
