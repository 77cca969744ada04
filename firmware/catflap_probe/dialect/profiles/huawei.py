"""Huawei sticks: +CRING and ^CEND; ATH leaves a ringing call ringing, AT+CHUP ends it."""

from . import Profile

PROFILE = Profile(initialise=("ATZ", "ATE0", "AT+CLIP=1", "AT+CRC=1"), reply_ms=5000, stop="AT+CHUP")
