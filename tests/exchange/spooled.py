"""What a probe without an uplink has put on record: its spool, read as firmware/PROTOCOL.md section 7 writes it."""

import json
from pathlib import Path
from typing import Any


def records(state: Path) -> list[dict[str, Any]]:
    """The records in a probe's state folder, in order; a line that is still being written is left out."""
    found = []
    for path in sorted((state / "spool").glob("*.log")):
        for line in path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]:
            found.append(json.loads(line.split(" ", 2)[2]))
    return found


def health(state: Path, line: str = "L01") -> list[tuple[str, str]]:
    """(what, detail) of a line's health records, in order."""
    return [(record["what"], record["detail"]) for record in records(state) if record["k"] == "health" and record["line"] == line]
