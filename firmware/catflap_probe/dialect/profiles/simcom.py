"""SIMCom's LTE modules (SIM7500, SIM7600, A7670, A7672): +CLCC unasked, VOICE CALL and MISSED_CALL; AT+CHUP rejects, ATH alone does not."""

from . import Profile
from .generic_3gpp import IDENTIFY, OPTIONS

PROFILE = Profile(
    name="simcom",
    identify=IDENTIFY,
    identities=("SIMCOM", "SIM7", "A7670", "A7672"),
    caller_id=(("AT+CLIP=1", "AT+CLIP?"),),
    options=("AT+CLCC=1", "AT+CVHU=0") + OPTIONS,
    stop="AT+CHUP",
    stop_waiting="AT+CHLD=0",
    reply_ms=5000,
    faults=(
        "ATH does not end a voice call unless AT+CVHU=0 was sent (Xinyuan-LilyGO/T-SIM7600X#65).",
        "An outgoing call may be told as active, by +CLCC and VOICE CALL: BEGIN, while the called party's phone still rings.",
        "VOICE CALL:END: may come without its blank.",
    ),
)
