"""How modems write a caller's number: fields of text, raw messages in hex, DTMF keys, voice-mode reports.

A format takes what is known of the caller (see `Modem.fields`) and gives the text up to where the number is complete, and the rest.
"""

from collections.abc import Callable, Mapping

Fields = Mapping[str, str]
"""number, presentation, name, date (MMDD), time (HHMM), day (MM-DD), clock (HH:MM), type, validity, duration, id."""
Format = Callable[[Fields], tuple[str, str]]

DLE = "\x10"


def text(head: str, tail: str, name: str = "", withheld: str = "", unavailable: str = "") -> Format:
    """Templates, and the words that stand for a hidden number; `name` follows where the network gives one."""

    def written(fields: Fields) -> tuple[str, str]:
        word = {"withheld": withheld, "unavailable": unavailable}.get(fields["presentation"], fields["number"])
        shown = {**fields, "number": word}
        return head.format(**shown), (tail + (name if fields["name"] else "")).format(**shown)

    return written


def name_first(head: str, name: str, number: str, withheld: str, unavailable: str) -> Format:
    """Templates, the number last; where the network gives no name, one is reported as out of area."""

    def written(fields: Fields) -> tuple[str, str]:
        word = {"withheld": withheld, "unavailable": unavailable}.get(fields["presentation"], fields["number"])
        shown = {**fields, "number": word, "name": fields["name"] or "O"}
        return (head + name + number).format(**shown), "\r\n"

    return written


def zyxel(fields: Fields) -> tuple[str, str]:
    """ZyXEL's own words, the reason in the number's place where there is none (as mgetty's table lists them)."""
    reason = {"withheld": "PRIVATE", "unavailable": "OUT OF AREA"}.get(fields["presentation"])
    number = f"REASON FOR NO CALLER NUMBER: {reason}" if reason else f"CALLER NUMBER: {fields['number']}"
    return f"\r\nTIME: {fields['day']} {fields['clock']}\r\n{number}", "\r\n" + (
        f"CALLER NAME: {fields['name']}\r\n" if fields["name"] else ""
    )


def raw_hex(fields: Fields) -> tuple[str, str]:
    """The network's own message in hex digits (V.253, +VCID=2): multiple data where it has a name, single data otherwise."""
    moment = (fields["date"] + fields["time"]).encode()
    number = {"withheld": b"P", "unavailable": b"O"}.get(fields["presentation"], fields["number"].encode())
    if fields["name"]:
        parts = [(1, moment), (2 if fields["presentation"] == "shown" else 4, number), (7, fields["name"].encode())]
        body = b"".join(bytes((kind, len(data))) + data for kind, data in parts)
        message = bytes((0x80, len(body))) + body
    else:
        message = bytes((0x04, len(moment + number))) + moment + number
    return f"\r\n{message.hex().upper()}{-sum(message) & 0xFF:02X}", "\r\n"


def dtmf_keys(fields: Fields) -> tuple[str, str]:
    """Keys between a start and a stop code, each shielded by DLE (ETS 300 659-1 annex): D number C, B10C withheld, B00C not available."""
    keys = {"withheld": "B10C", "unavailable": "B00C"}.get(fields["presentation"], f"D{fields['number'].lstrip('+')}C")
    return "".join(DLE + key for key in keys), ""


def complex_event(format_: Format) -> Format:
    """A caller-ID report of voice mode: DLE X, lines, DLE `.` (V.253)."""

    def written(fields: Fields) -> tuple[str, str]:
        head, tail = format_(fields)
        return f"{DLE}X{head}", f"{tail}{DLE}."

    return written
