"""Transcripts of cellular modems, in the layouts of each maker, with the calls that a person reads in them."""

from tests.replay.cellular.huawei import HUAWEI
from tests.replay.cellular.others import OTHERS
from tests.replay.cellular.quectel import QUECTEL
from tests.replay.cellular.simcom import SIMCOM
from tests.replay.cellular.states import TELIT, UBLOX, WAVECOM

TRANSCRIPTS = {
    "huawei": HUAWEI,
    "simcom": SIMCOM,
    "quectel": QUECTEL,
    "ublox": UBLOX,
    "telit": TELIT,
    "wavecom": WAVECOM,
    "others": OTHERS,
}
"""By maker, then by name: the text, and the calls in it in the order in which they begin."""
