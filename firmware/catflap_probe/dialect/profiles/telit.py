"""Telit (GM862, GE86x, GE910, HE910, LE910): #ECAM tells the states of calls; AT+CHUP rejects."""

from . import Profile
from .generic_3gpp import IDENTIFY, OPTIONS

PROFILE = Profile(
    name="telit",
    identify=IDENTIFY,
    identities=("TELIT", "GM862", "GE864", "GE865", "GE910", "HE910", "LE910"),
    caller_id=(("AT+CLIP=1", "AT+CLIP?"),),
    options=("AT#ECAM=1",) + OPTIONS,
    stop="AT+CHUP",
    stop_waiting="AT+CHLD=0",
    reply_ms=5000,
    faults=("#ECAM counts calls from 0 where +CLCC counts from 1, and some versions give every call a 0.",),
)
