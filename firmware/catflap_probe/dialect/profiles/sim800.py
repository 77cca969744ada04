"""SIMCom's GSM modules (SIM300, SIM800, SIM808, SIM868, SIM900): ATH rejects a ringing call (SIM900 AT commands manual, ATH)."""

from . import Profile
from .generic_3gpp import IDENTIFY, OPTIONS

PROFILE = Profile(
    name="sim800",
    identify=IDENTIFY,
    identities=("SIM300", "SIM340", "SIM800", "SIM808", "SIM868", "SIM900", "SIM908"),
    caller_id=(("AT+CLIP=1", "AT+CLIP?"),),
    options=("AT+CLCC=1",) + OPTIONS,
    stop="ATH",
    stop_waiting="AT+CHLD=0",
    reply_ms=5000,
    faults=(
        "+CLIP may come before RING (vshymanskyy/TinyGSM#721).",
        "AT+CLCC may show a ringing call before its RING and +CLIP come (esphome/esphome#10864).",
        "RING is written for a waiting call too, before +CCWA (SIM800 AT command manual).",
        "At start it says nothing but Call Ready and SMS Ready while it still looks for the speed of the line (SIM800 AT command manual).",
    ),
)
