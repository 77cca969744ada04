"""Which dialects and modem families there are; only those in use are imported, for a board has little memory."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .profiles import Profile
    from .text import TextDialect

_DIALECTS = {"v253": ("v253", "V253"), "3gpp": ("ts27007", "Ts27007")}
"""Module and class of each."""

DIALECTS = ("v253", "3gpp")
TO_COME = ("q931", "smdr")
"""Dialects of the recording contract that have no reader yet."""

FAMILIES = {
    "v253": ("generic", "usr", "conexant", "agere", "zoom", "rockwell", "ti", "si24xx", "hayes", "zyxel"),
    "3gpp": ("generic", "simcom", "sim800", "huawei", "quectel", "ublox", "telit", "wavecom", "sierra"),
}
"""Modem families of each dialect: a module of profiles/ each, `generic` one of its own for each dialect."""


class DialectError(ValueError):
    """A dialect that there is no reader for; the message says which."""


def find_dialect(name: str) -> "type[TextDialect]":
    """The reader of dialect `name`; raises DialectError."""
    if name in TO_COME:
        raise DialectError("dialect %s is not yet supported" % name)
    if name not in DIALECTS:
        raise DialectError("dialect %r is unknown; known are %s" % (name, ", ".join(sorted(DIALECTS))))
    module, reader = _DIALECTS[name]
    found: type[TextDialect] = getattr(_imported("catflap_probe.dialect." + module), reader)
    return found


def profile_of(dialect: str, family: str) -> "Profile":
    """The data of a family that is one of FAMILIES."""
    module = "generic_" + dialect if family == "generic" else family
    profile: Profile = _imported("catflap_probe.dialect.profiles." + module).PROFILE
    return profile


def find_profile(dialect: str, name: str) -> "tuple[Profile, bool]":
    """The data of a modem family, and whether the name was known; an unknown one is read as `generic`."""
    is_known = name in FAMILIES[dialect]
    return profile_of(dialect, name if is_known else "generic"), is_known


def _imported(module: str) -> "Any":
    return __import__(module, None, None, ("",))
