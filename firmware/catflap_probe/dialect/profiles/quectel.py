"""Quectel (EC20, EC25, EG9x, M95, UC20): RING every 6 s unless told otherwise, ^DSCI for the states of calls; AT+CHUP rejects."""

from . import Profile
from .generic_3gpp import IDENTIFY, OPTIONS

PROFILE = Profile(
    name="quectel",
    identify=IDENTIFY,
    identities=("QUECTEL",),
    caller_id=(("AT+CLIP=1", "AT+CLIP?"),),
    options=("AT^DSCI=1",) + OPTIONS,
    stop="AT+CHUP",
    stop_waiting="AT+CHLD=0",
    reply_ms=5000,
    faults=(
        'Reports go to one port only, AT+QURCCFG="urcport" says which; on another the modem answers commands and shows no call.',
        "With VoLTE, AT+CLCC lists the packet bearer as an active call of data without a number (EC25 AT commands manual).",
        "^DSCI counts states otherwise than +CLCC: 3 is connected, 7 alerting (EC25 AT commands manual).",
    ),
)
