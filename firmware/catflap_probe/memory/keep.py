"""Keeps a trunk's memory over a restart: one file, checked as a whole, replaced by rename."""

import json
import os
from binascii import crc32

from .rovers import Rover
from .trunk import TrunkMemory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

VERSION = 1


def save(memory: TrunkMemory, path: str) -> None:
    """Writes the memory to a file; raises OSError, and leaves the former file as it was."""
    head = {
        "catflap_memory": VERSION,
        "trunk": memory.salt,
        "rows": [memory.numbers.entries, memory.blocks.entries],
        "since_s": memory.since_s,
        "counters": [[counter.since_s, counter.value] for counter in memory.counters()],
        "line_last_s": memory.line_last_s,
        "recent": memory.recent,
        "next_recent": memory.next_recent,
        "rovers": [[rover.key, rover.first_s, rover.last_s] for rover in memory.rovers.rovers],
        "rovers_last_s": memory.rovers.last_s,
    }
    with open(path + ".new", "wb") as file:
        line = json.dumps(head).encode() + b"\n"
        check = crc32(line)
        file.write(line)
        for cells in memory.numbers.columns + memory.blocks.columns:
            raw = bytes(cells)
            check = crc32(raw, check)
            file.write(raw)
        file.write(b"%08x\n" % check)
        file.flush()
    os.rename(path + ".new", path)


def restore(path: str, trunk_id: str, tables: str) -> "tuple[TrunkMemory, str]":
    """The memory in a file and an empty string; or an empty memory and why the file is of no use (no file: no reason)."""
    memory = TrunkMemory(trunk_id, tables)
    try:
        with open(path, "rb") as file:
            line = file.readline()
            head = json.loads(line.decode())
            if head["catflap_memory"] != VERSION or head["trunk"] != trunk_id:
                return memory, "it is another trunk's, or of another version"
            if head["rows"] != [memory.numbers.entries, memory.blocks.entries]:
                return memory, "it has tables of another size"
            check = crc32(line)
            for cells in memory.numbers.columns + memory.blocks.columns:
                if file.readinto(cells) != len(bytes(cells)):
                    return TrunkMemory(trunk_id, tables), "it is cut short"
                check = crc32(bytes(cells), check)
            if file.readline() != b"%08x\n" % check:
                return TrunkMemory(trunk_id, tables), "its checksum does not fit"
            _set(memory, head)
            return memory, ""
    except OSError:
        return memory, ""
    except (ValueError, KeyError, TypeError, IndexError) as fault:
        return TrunkMemory(trunk_id, tables), "it cannot be read: %s" % fault


def _set(memory: TrunkMemory, head: "dict[str, Any]") -> None:
    memory.since_s = head["since_s"]
    for counter, (since_s, value) in zip(memory.counters(), head["counters"]):
        counter.since_s = since_s
        counter.value = value
    memory.line_last_s[:] = head["line_last_s"]
    memory.recent[:] = head["recent"]
    memory.next_recent = head["next_recent"]
    memory.rovers.rovers = [Rover(key, first_s, last_s) for key, first_s, last_s in head["rovers"]]
    memory.rovers.last_s = head["rovers_last_s"]
