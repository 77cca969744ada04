"""Writes down what a live probe's lines say and what it is told about their calls, as a recording that replays to the same verdicts."""

import json
import logging

from .recording import rfc3339

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import BinaryIO

    from .board import Board
    from .trunk import TrunkSettings


log = logging.getLogger("catflap.tape")


class Tape:
    """One recording (trunk.json and a .cast file a line); ends by itself, and says so once, where it cannot be written."""

    def __init__(self, board: "Board", folder: str, settings: "TrunkSettings", start_ms: int) -> None:
        """Begins a recording in a folder that is there; `start_ms` is second 0 of the lines in Unix time. Raises OSError."""
        lines = [
            {"id": line.id, "file": line.id + ".cast", "dialect": line.dialect, "profile": line.profile, "numbers": line.numbers}
            for line in settings.lines
        ]
        head = {
            "catflap_trunk": 1,
            "id": settings.id,
            "start": rfc3339(start_ms),
            "country": settings.country,
            "area_code": settings.area_code,
            "role": settings.role,
            "lines": lines,
        }
        with open(folder + "/trunk.json", "w") as file:
            file.write(json.dumps(head) + "\n")
        self._is_ended = False
        self._files: list[BinaryIO] = []
        for line in settings.lines:
            cast = board.append_to("%s/%s.cast" % (folder, line.id))
            cast.write(b'{"version": 2, "width": 80, "height": 24, "timestamp": %d}\n' % (start_ms // 1000))
            self._files.append(cast)

    def add(self, place: int, now_ms: int, code: str, data: bytes) -> None:
        """Adds an event of a line: `o` from the modem, `i` to it, `m` anything else. A line's times never run back."""
        if self._is_ended:
            return
        # a byte is the character of its number, whatever it is
        text = json.dumps("".join([chr(byte) for byte in data]))
        event = ('[%d.%03d, "%s", %s]\n' % (now_ms // 1000, now_ms % 1000, code, text)).encode()
        try:
            if self._files[place].write(event) != len(event):
                raise OSError("the disk is full")
        except OSError as fault:
            self._is_ended = True
            log.error("the recording ends here: %s", fault)

    def close(self) -> None:
        """Closes its files."""
        for file in self._files:
            file.close()
