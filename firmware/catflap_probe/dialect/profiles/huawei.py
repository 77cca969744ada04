"""Huawei sticks (E1550, E173, E1752, K3715) and modules (MU509, ME909): ^CONN and ^CEND; AT+CHUP rejects, ATH leaves a call ringing."""

from . import Profile
from .generic_3gpp import IDENTIFY, OPTIONS

PROFILE = Profile(
    name="huawei",
    identify=IDENTIFY,
    identities=("HUAWEI",),
    caller_id=(("AT+CLIP=1", "AT+CLIP?"),),
    # ^CONN and ^CEND come only where unsolicited reports are on
    options=("AT^CURC=1",) + OPTIONS,
    stop="AT+CHUP",
    stop_waiting="AT+CHLD=0",
    reply_ms=5000,
    faults=(
        "ATH does not end a voice call unless AT+CVHU=0 was sent (tdelenikas/smslib#5).",
        "The E1752 says COMMAND NOT SUPPORT in place of ERROR (faucamp/python-gsmmodem).",
        "AT+CHLD=11 ends the first of two calls and leaves the second without voice (bg111/asterisk-chan-dongle).",
        "A stick without voice answers nothing more once call waiting was asked of the network (bg111/asterisk-chan-dongle#132).",
        "^BOOT and ^RSSI come all the time and tell of no new start.",
    ),
)
