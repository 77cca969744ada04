"""Keeps a trunk's memory over a restart: one file, checked as a whole, replaced by rename.

{"catflap_memory":6,...}     what it is, and the single values
[[0,0],...]                  counters; last calls by line; last calls; suspects and their last calls; a line a rover
...                          the columns of both tables, as they lie in memory
5e0d1b7a                     CRC-32 of all that

Piece by piece, since a board's heap has few places for a large block.
"""

import asyncio
import json
import os
from binascii import crc32

from .rovers import Rover
from .trunk import TrunkMemory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator
    from typing import Any, BinaryIO

VERSION = 6


def save(memory: TrunkMemory, path: str) -> None:
    """Writes the memory to a file; raises OSError, and leaves the former file as it was."""
    for _ in _saving(memory, path):
        pass


async def save_between_calls(memory: TrunkMemory, path: str) -> bool:
    """Like save(), in steps between which calls can be decided; False where one changed the memory before it was done."""
    changes = memory.changes
    steps = _saving(memory, path)
    try:
        for _ in steps:
            await asyncio.sleep(0)
            if memory.changes != changes:
                return False
    finally:
        steps.close()
    return True


def _saving(memory: TrunkMemory, path: str) -> "Generator[None, None, None]":
    """Writes the memory in steps that erase a block of flash or two."""
    head = {
        "catflap_memory": VERSION,
        "trunk": memory.salt,
        "rows": [memory.numbers.entries, memory.blocks.entries],
        "since_s": memory.since_s,
        "next_recent": memory.recent.next,
        "flood_s": memory.flood_s,
        "rovers": len(memory.rovers.rovers),
        "rovers_last_s": memory.rovers.last_s,
    }
    with open(path + ".new", "wb") as file:
        check = _write(file, head, 0)
        check = _write(file, [[counter.since_s, counter.value] for counter in memory.counters()], check)
        check = _write(file, memory.line_last_s, check)
        recent = memory.recent
        for values in (recent.keys, recent.at_s, recent.lines, recent.is_brief):
            check = _write(file, values, check)
        check = _write(file, memory.suspicion.suspects.keys, check)
        check = _write(file, memory.suspicion.suspects.last_s, check)
        for rover in memory.rovers.rovers:
            check = _write(file, [rover.key, rover.first_s, rover.last_s], check)
        yield
        for cells in memory.numbers.columns + memory.blocks.columns:
            check = crc32(cells, check)
            file.write(cells)
            yield
        file.write(b"%08x\n" % check)
        file.flush()
    yield
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
            check = _read(file, memory, head, crc32(line))
            for cells in memory.numbers.columns + memory.blocks.columns:
                file.readinto(cells)
                check = crc32(cells, check)
            if file.readline() != b"%08x\n" % check:
                return TrunkMemory(trunk_id, tables), "it is cut short, or its checksum does not fit"
            return memory, ""
    except OSError:
        return TrunkMemory(trunk_id, tables), ""
    except (ValueError, KeyError, TypeError, IndexError) as fault:
        return TrunkMemory(trunk_id, tables), "it cannot be read: %s" % fault


def _read(file: "BinaryIO", memory: TrunkMemory, head: "dict[str, Any]", check: int) -> int:
    """Takes what stands in lines into a memory; the CRC so far."""
    memory.since_s = head["since_s"]
    memory.recent.next = head["next_recent"]
    memory.flood_s = head["flood_s"]
    memory.rovers.last_s = head["rovers_last_s"]
    line = file.readline()
    check = crc32(line, check)
    for counter, (since_s, value) in zip(memory.counters(), json.loads(line.decode())):
        counter.since_s = since_s
        counter.value = value
    recent = memory.recent
    for values in (
        memory.line_last_s,
        recent.keys,
        recent.at_s,
        recent.lines,
        recent.is_brief,
        memory.suspicion.suspects.keys,
        memory.suspicion.suspects.last_s,
    ):
        line = file.readline()
        check = crc32(line, check)
        values[:] = json.loads(line.decode())
    for _ in range(head["rovers"]):
        line = file.readline()
        check = crc32(line, check)
        key, first_s, last_s = json.loads(line.decode())
        memory.rovers.rovers.append(Rover(key, first_s, last_s))
    return check


def _write(file: "BinaryIO", value: object, check: int) -> int:
    """Writes a line of JSON; the CRC with it."""
    line = json.dumps(value).encode() + b"\n"
    file.write(line)
    return crc32(line, check)
