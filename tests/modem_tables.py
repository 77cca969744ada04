"""`python -m tests.modem_tables`: writes the tables of hardware/MODEMS.md anew from the modem families' data files."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from catflap_probe.dialect import profiles
from catflap_probe.dialect.country import t35_code
from catflap_probe.dialect.profiles import Profile
from catflap_probe.dialect.table import FAMILIES, profile_of

DOCUMENT = Path(__file__).resolve().parent.parent / "hardware" / "MODEMS.md"
COUNTRY = "CN"
"""The country commands are shown for it."""


def main() -> None:
    """Rewrites the document."""
    DOCUMENT.write_text(written_anew(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")


def written_anew(text: str) -> str:
    """The document with its tables as they should be; what stands outside of them is kept."""
    for dialect in FAMILIES:
        head, tail = f"<!-- families of {dialect}: made by python -m tests.modem_tables -->\n", "<!-- end of families -->\n"
        before, found, rest = text.partition(head)
        if found:
            text = before + head + "\n" + "\n".join(_families(dialect)) + "\n" + tail + rest.partition(tail)[2]
    return text


def _families(dialect: str) -> Iterator[str]:
    for name in FAMILIES[dialect]:
        profile = profile_of(dialect, name)
        rows = "".join(f"| {what} | {how} |\n" for what, how in _rows(profile))
        yield f"### `{name}`\n\n{_about(profile)}\n\n| | |\n|---|---|\n{rows}"


def _rows(profile: Profile) -> Iterator[tuple[str, str]]:
    words = ", ".join(profile.identities)
    yield "says who it is", f"{_codes(profile.identify)}: {words}" if words else "is taken where no other family fits"
    yield "set up by", _codes(profile.initialise) + (f"; where it takes them also {_codes(profile.options)}" if profile.options else "")
    yield (
        "caller ID",
        "; else ".join(_codes((on,)) + (f", asked after by `{question}`" if question else "") for on, question in profile.caller_id),
    )
    yield "country", f"`{profile.country % t35_code(COUNTRY)}` (China, by ITU-T T.35)" if profile.country else "none"
    if profile.hang_up:
        yield "stops a ringing call", f"`{profile.stop}`, {profile.hold_ms / 1000:g} s, `{profile.hang_up}`: it answers, the caller may pay"
        senses = "it refuses to go off-hook" if profile.senses_use else "it goes off-hook all the same; the probe must know"
        yield "a line in use", senses
    else:
        yield "stops a ringing call", f"`{profile.stop}`"
    yield "stops a waiting call", f"`{profile.stop_waiting}`" if profile.stop_waiting else "nothing"
    yield "known faults", "<br>".join(_escaped(fault) for fault in profile.faults) or "none known to us"


def _about(profile: Profile) -> str:
    """What the family's data file says of it."""
    for module in pkgutil.iter_modules(profiles.__path__):
        found = import_module(f"{profiles.__name__}.{module.name}")
        if found.PROFILE is profile:
            return (found.__doc__ or "").strip()
    raise LookupError(f"no data file holds the family {profile.name}")


def _codes(commands: tuple[str, ...]) -> str:
    return ", ".join(f"`{command}`" for command in commands)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


if __name__ == "__main__":
    main()
