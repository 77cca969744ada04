"""How analogue modems show a caller: fields of text in their spellings and orders, messages in hex, DTMF keys."""

from collections.abc import Mapping
from dataclasses import dataclass

DLE = "\x10"


@dataclass(frozen=True, slots=True)
class Layout:
    """Lines of a caller-ID block, as templates of number, name, date, time, day and clock; a line with the name is left out without one."""

    lines: tuple[str, ...]
    withheld: str = "P"
    unavailable: str = "O"
    no_number: str = ""
    """What stands in place of the number's line where there is no number; empty: the same line."""
    before: str = ""
    """What the modem writes when it begins to hear a caller ID."""
    form: str = "text"
    """`text`; `sdmf` or `mdmf`: the network's message in hex; `mesg`: its parameters in hex, behind MESG."""


SPACED = Layout(("DATE = {date}", "TIME = {time}", "NMBR = {number}", "NAME = {name}"))
UNSPACED = Layout(("DATE={date}", "TIME={time}", "NMBR={number}", "NAME={name}"))
NAME_FIRST = Layout(("DATE = {date}", "TIME = {time}", "NAME = {name}", "NMBR = {number}"))
NUMBER_FIRST = Layout(("NMBR = {number}", "NAME = {name}", "DATE = {date}", "TIME = {time}"))
DIALABLE = Layout(("DATE = {date}", "TIME = {time}", "DDN_NMBR= {number}", "NAME = {name}"))
COMBINED = Layout(("DATE TIME={day} {clock}", "NBR={number}", "NAME={name}"), withheld="PRIVATE", unavailable="OUT OF AREA")
MESSAGE = Layout(("DATE = {date}", "TIME = {time}", "MESG = {hex}"), form="mesg")
SDMF = Layout(("{hex}",), form="sdmf")
MDMF = Layout(("{hex}",), form="mdmf")
ANNOUNCED = Layout(UNSPACED.lines, before="CIDM")
WORDS = Layout(
    ("TIME: {day} {clock}", "CALLER NUMBER: {number}", "CALLER NAME: {name}"),
    withheld="PRIVATE",
    unavailable="OUT OF AREA",
    no_number="REASON FOR NO CALLER NUMBER: {number}",
)
LAYOUTS = (SPACED, UNSPACED, NAME_FIRST, NUMBER_FIRST, DIALABLE, COMBINED, MESSAGE, SDMF, MDMF, ANNOUNCED, WORDS)


def block(layout: Layout, number: str, presentation: str, name: str, moment: Mapping[str, str]) -> tuple[tuple[str, ...], int]:
    """The block's lines, with their ends, and which of them shows the number."""
    word = {"withheld": layout.withheld, "unavailable": layout.unavailable}.get(presentation, number)
    hex_ = "" if layout.form == "text" else _hex(layout.form, word, presentation, name, moment["date"] + moment["time"])
    found: list[str] = []
    number_at = 0
    for template in layout.lines:
        if "{name}" in template and not name:
            continue
        if "{number}" in template or "{hex}" in template:
            number_at = len(found)
        is_replaced = "{number}" in template and presentation != "shown" and layout.no_number
        found.append((layout.no_number if is_replaced else template).format(number=word, name=name, hex=hex_, **moment) + "\r\n")
    found[0] = "\r\n" + found[0]
    return tuple(found), number_at


def keys(start: str, stop: str, number: str, presentation: str) -> tuple[str, ...]:
    """DTMF keys of a caller ID, each behind DLE: `start`, the number, `stop`; B and a code where there is none (ETS 300 659-1 annex)."""
    run = {"withheld": "B10C", "unavailable": "B00C"}.get(presentation, start + number + stop)
    return tuple(DLE + key for key in run)


def _hex(form: str, word: str, presentation: str, name: str, moment: str) -> str:
    """The message of the exchange (Telcordia GR-30), with its checksum but for MESG."""
    number = word.encode("ascii")
    if form == "sdmf":
        body = moment.encode() + number
        message = bytes((0x04, len(body))) + body
    else:
        # 3: dialable number, as the makers that write MESG do not know it by name
        kind = 4 if presentation != "shown" else 3 if form == "mesg" else 2
        parameters = [(kind, number), (7, name.encode("latin-1"))] if name else [(kind, number)]
        if form == "mdmf":
            parameters.insert(0, (1, moment.encode()))
        body = b"".join(bytes((kind, len(data))) + data for kind, data in parameters)
        if form == "mesg":
            return body.hex().upper()
        message = bytes((0x80, len(body))) + body
    return (message + bytes((-sum(message) & 0xFF,))).hex().upper()
