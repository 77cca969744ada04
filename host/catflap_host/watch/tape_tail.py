"""What a line and its probe say to one another, out of the recording that the probe is making (PROTOCOL.md section 9)."""

import json
from dataclasses import dataclass
from pathlib import Path

TAIL_BYTES = 16_384
"""So much of a line's file is looked at."""


@dataclass(frozen=True, slots=True)
class Frame:
    """An event of a line: second of the recording, `o` from the modem, `i` to it, `m` anything else; control characters made visible."""

    t_s: float
    code: str
    text: str


def latest(folder: Path, line: str, most: int) -> list[Frame]:
    """The last events of a line in the newest recording of a folder; none where nothing is recorded."""
    files = sorted(folder.glob(f"*/{line}.cast"), key=lambda path: path.stat().st_mtime)
    if not files:
        return []
    with files[-1].open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - TAIL_BYTES, 0))
        content = file.read()
    found = []
    for text in content[: content.rfind(b"\n") + 1].splitlines():
        try:
            event = json.loads(text)
        except ValueError:
            continue
        if isinstance(event, list) and len(event) == 3 and isinstance(event[0], int | float):
            found.append(Frame(float(event[0]), str(event[1]), _visible(str(event[2]))))
    return found[-most:]


def _visible(text: str) -> str:
    named = text.replace("\r", "\\r").replace("\n", "\\n")
    return "".join(char if char.isprintable() else f"\\x{ord(char):02x}" for char in named)
