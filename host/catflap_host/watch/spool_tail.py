"""Reads a spool while its probe writes it (PROTOCOL.md section 7), and touches nothing."""

import json
from binascii import crc32
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spooled:
    """A record, its boot and its sequence number."""

    boot: str
    number: int
    fields: dict[str, object]


@dataclass(slots=True)
class _File:
    boot: str
    offset: int = 0
    first: int = 0
    last: int = 0
    is_damaged: bool = False


class SpoolTail:
    """Follows the folder of a spool; a file that the probe has forgotten is no fault."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, _File] = {}

    def read(self) -> list[Spooled]:
        """Whole records that came since the last time, oldest first; nothing where there is no spool yet."""
        found: list[Spooled] = []
        names = sorted(path.name for path in self._folder.glob("*.log"))
        self._files = {name: self._files.get(name) or _File(name.removesuffix(".log").partition("-")[2]) for name in names}
        for name, file in self._files.items():
            if not file.is_damaged:
                found += self._read_file(self._folder / name, file)
        return found

    def unsent(self) -> int:
        """How many sequence numbers no aggregator has committed, as far as they were read."""
        boot, _, ack = _text(self._folder / "acked").strip().partition(" ")
        acked = int(ack) if ack.isdecimal() else 0
        left = (file.last - max(file.first - 1, acked if file.boot == boot else 0) for file in self._files.values() if file.last)
        return sum(max(count, 0) for count in left)

    def _read_file(self, path: Path, file: _File) -> list[Spooled]:
        try:
            with path.open("rb") as lines:
                lines.seek(file.offset)
                content = lines.read()
        except OSError:
            return []
        whole = content[: content.rfind(b"\n") + 1]
        found = []
        for line in whole.splitlines():
            record = _record(line, file.boot)
            if record is None:
                # like the probe itself: nothing behind a damaged record counts
                file.is_damaged = True
                break
            file.first = file.first or record.number
            covers = record.fields.get("n") if record.fields.get("k") == "drop" else 1
            file.last = record.number + (covers if type(covers) is int else 1) - 1
            found.append(record)
        file.offset += len(whole)
        return found


def _record(line: bytes, boot: str) -> Spooled | None:
    number, _, rest = line.partition(b" ")
    check, _, body = rest.partition(b" ")
    try:
        if int(check, 16) != crc32(body):
            return None
        fields = json.loads(body)
        return Spooled(boot, int(number), fields) if isinstance(fields, dict) else None
    except ValueError:
        return None


def _text(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace")
    except OSError:
        return ""
