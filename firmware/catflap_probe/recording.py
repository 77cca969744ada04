"""Reads recorded signalling: trunk.json and asciicast v2 line files, up to the first damage of each and no further."""

import json

from .line import NEVER_MS


class RecordingError(ValueError):
    """A folder that is no recording; the message says what is missing or wrong, and where."""


def load_json(path: str) -> object:
    """The JSON in a file; raises RecordingError."""
    try:
        with open(path, "rb") as file:
            return json.loads(file.read().decode())
    except OSError:
        raise RecordingError("%s: cannot be read; is this the folder of a recording?" % path)
    except ValueError as fault:
        raise RecordingError("%s: not JSON: %s" % (path, fault))


def unix_ms(text: str) -> int:
    """Unix time in milliseconds of an RFC 3339 moment such as 2026-03-02T00:00:00+08:00; raises ValueError."""
    if len(text) < 20 or text[4] != "-" or text[7] != "-" or text[10] not in "Tt " or text[13] != ":" or text[16] != ":":
        raise ValueError("%r is no RFC 3339 moment such as 2026-03-02T00:00:00+08:00" % text)
    year, month, day = int(text[0:4]), int(text[5:7]), int(text[8:10])
    seconds = int(text[11:13]) * 3600 + int(text[14:16]) * 60 + int(text[17:19])
    rest = text[19:]
    fraction = ""
    if rest[:1] == ".":
        end = 1
        while rest[end : end + 1].isdigit():
            end += 1
        fraction = rest[1:end]
        rest = rest[end:]
    if rest not in ("Z", "z"):
        if len(rest) != 6 or rest[0] not in "+-" or rest[3] != ":":
            raise ValueError("%r has no time zone such as +08:00 or Z" % text)
        offset_s = int(rest[1:3]) * 3600 + int(rest[4:6]) * 60
        seconds -= offset_s if rest[0] == "+" else -offset_s
    return (_days(year, month, day) * 86400 + seconds) * 1000 + int((fraction + "000")[:3])


def rfc3339(ms: int) -> str:
    """A Unix time in milliseconds as an RFC 3339 moment in UTC."""
    days, ms = ms // 86400000, ms % 86400000
    year = 1970 + days // 366
    while _days(year + 1, 1, 1) <= days:
        year += 1
    month = 1
    while month < 12 and _days(year, month + 1, 1) <= days:
        month += 1
    date = "%04d-%02d-%02d" % (year, month, days - _days(year, month, 1) + 1)
    return "%sT%02d:%02d:%02d.%03d+00:00" % (date, ms // 3600000, ms // 60000 % 60, ms // 1000 % 60, ms % 1000)


def _days(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01, proleptic Gregorian; March is counted as the year's first month, so that leap days end it."""
    if month < 3:
        year -= 1
        month += 12
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * (month - 3) + 2) // 5 + day - 719469


def latin1(text: str) -> bytes:
    """The bytes that code points 0 ... 255 stand for; raises ValueError for any other character."""
    data = text.encode()
    if len(data) == len(text):
        return data
    codes = [ord(character) for character in text]
    if max(codes) > 255:
        raise ValueError("a character over 255")
    return bytes(codes)


class CastReader:
    """One line's file. `next()` moves on to an event; after it has returned False, `fault` tells why, empty at a clean end."""

    def __init__(self, path: str, name: str) -> None:
        """Opens the file; raises RecordingError. `name` is what a fault calls it."""
        self.name = name
        self.t_ms = 0
        self.code = ""
        self.data = b""
        self.fault = ""
        self._number = 1
        try:
            self._file = open(path, "rb")
        except OSError:
            raise RecordingError("%s: the line's file cannot be read" % path)
        header = self._parse(self._file.readline())
        if not isinstance(header, dict) or header.get("version") != 2:
            self._damage("no asciicast v2 header")

    def next(self) -> bool:
        """Moves to the next event (`t_ms`, `code`, `data`); False at the end or the first damage."""
        while not self.fault:
            self._number += 1
            line = self._file.readline()
            if not line:
                self._file.close()
                return False
            if line.strip():
                return self._event(line)
        return False

    def _event(self, line: bytes) -> bool:
        head, comma, rest = line.partition(b",")
        head = head.strip()
        event = self._parse(b"[" + rest) if comma and head[:1] == b"[" else None
        try:
            t_ms = _ms(head[1:].strip().decode())
        except ValueError:
            return self._damage("no time at the start of the event")
        if not isinstance(event, list) or len(event) != 2 or not isinstance(event[0], str) or not isinstance(event[1], str):
            return self._damage('not an event [seconds, "o", "text"]')
        if t_ms < self.t_ms:
            return self._damage("time runs back from %d.%03d s" % (self.t_ms // 1000, self.t_ms % 1000))
        if t_ms >= NEVER_MS >> 1:
            return self._damage("a time beyond all sense")
        try:
            self.data = latin1(event[1])
        except ValueError:
            return self._damage("a character that stands for no byte (over 255)")
        self.t_ms = t_ms
        self.code = event[0]
        return True

    def _parse(self, line: bytes) -> object:
        try:
            return json.loads(line.decode())
        except ValueError:  # UnicodeError is one
            return None

    def _damage(self, what: str) -> bool:
        self.fault = "%s, line %d: %s" % (self.name, self._number, what)
        self._file.close()
        return False


def _ms(seconds: str) -> int:
    """Milliseconds in a decimal number of seconds, cut off, not rounded; without a float, since boards have 24 bits of it."""
    whole, point, fraction = seconds.partition(".")
    if whole.isdigit() and (fraction.isdigit() or not point):
        return int(whole) * 1000 + int((fraction + "000")[:3])
    return int(float(seconds) * 1000)  # an exponent: only numbers too small to matter are written so
