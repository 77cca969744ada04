"""Which dialects and modem families there are."""

from .profiles import (
    Profile,
    agere,
    conexant,
    generic_3gpp,
    generic_v253,
    hayes,
    huawei,
    quectel,
    rockwell,
    si24xx,
    sierra,
    sim800,
    simcom,
    telit,
    ti,
    ublox,
    usr,
    wavecom,
    zoom,
    zyxel,
)
from .text import Listener, TextDialect
from .ts27007 import Ts27007
from .v253 import V253

DIALECTS = {"v253": V253, "3gpp": Ts27007}
TO_COME = ("q931", "smdr")
"""Dialects of the recording contract that have no reader yet."""

PROFILES = {
    "v253": {
        "generic": generic_v253.PROFILE,
        "usr": usr.PROFILE,
        "conexant": conexant.PROFILE,
        "agere": agere.PROFILE,
        "zoom": zoom.PROFILE,
        "rockwell": rockwell.PROFILE,
        "ti": ti.PROFILE,
        "si24xx": si24xx.PROFILE,
        "hayes": hayes.PROFILE,
        "zyxel": zyxel.PROFILE,
    },
    "3gpp": {
        "generic": generic_3gpp.PROFILE,
        "simcom": simcom.PROFILE,
        "sim800": sim800.PROFILE,
        "huawei": huawei.PROFILE,
        "quectel": quectel.PROFILE,
        "ublox": ublox.PROFILE,
        "telit": telit.PROFILE,
        "wavecom": wavecom.PROFILE,
        "sierra": sierra.PROFILE,
    },
}


class DialectError(ValueError):
    """A dialect that there is no reader for; the message says which."""


def open_dialect(name: str, listener: Listener) -> TextDialect:
    """A reader of dialect `name` that tells `listener`; raises DialectError."""
    if name in TO_COME:
        raise DialectError("dialect %s is not yet supported" % name)
    if name not in DIALECTS:
        raise DialectError("dialect %r is unknown; known are %s" % (name, ", ".join(sorted(DIALECTS))))
    return DIALECTS[name](listener)


def find_profile(dialect: str, name: str) -> "tuple[Profile, bool]":
    """The data of a modem family, and whether the name was known; an unknown one is read as `generic`."""
    profiles = PROFILES[dialect]
    if name in profiles:
        return profiles[name], True
    return profiles["generic"], False
