"""The spool: records on flash before they are sent, until the aggregator has committed them (PROTOCOL.md section 7).

000007-9f0c41d2a7b3e658.log      100 5e0d1b7a {"k":"call",...}
                                 101 77ab0c12 {"k":"alert",...}
000008-9f0c41d2a7b3e658.log      102 ...          <- being written
acked                            9f0c41d2a7b3e658 99
"""

import json
import os
from binascii import crc32

TYPE_CHECKING = False
if TYPE_CHECKING:
    import asyncio
    from collections.abc import Generator
    from typing import BinaryIO

    from .board import Board

SEGMENT_BYTES = 32768
SUMMARIES = ("call", "end", "health")

STEP_RECORDS = 4
"""Room is made in steps of so many records."""


class Segment:
    """One file of the spool: records `first` ... `after` - 1 of a boot."""

    __slots__ = ("after", "boot", "first", "path", "size", "thinned")

    def __init__(self, path: str, boot: str, first: int, after: int, size: int) -> None:
        self.path = path
        self.boot = boot
        self.first = first
        self.after = after
        self.size = size
        self.thinned = False  # its summaries were dropped


class Spool:
    """Appends, reads back oldest first, forgets what was committed; holds at most `limit_bytes`.

    Whoever calls tidy() now and then keeps append() from having to make room at once, which takes a board a second.
    """

    def __init__(self, board: "Board", folder: str, boot: str, limit_bytes: int, segment_bytes: int = SEGMENT_BYTES) -> None:
        """Opens or makes the folder; raises OSError where it cannot be written. Room is made a file of `segment_bytes` at a time."""
        self.board = board
        self.folder = folder
        self.boot = boot
        self.limit_bytes = limit_bytes
        self.segment_bytes = segment_bytes
        self.segments: list[Segment] = []
        self.dropped = 0
        self.news: asyncio.Event | None = None  # set by whoever waits for records; set whenever there is one more
        self._next = 1
        self._number = 0
        self._file: BinaryIO | None = None
        self._unsynced = False
        self._full: list[BinaryIO] = []  # files that are written to no more, but not yet on the flash
        self._making: Generator[None, None, None] | None = None  # room being made
        self._is_tight = False  # there is no room for one more file
        self._acked_boot, self._acked = self._read_acked()
        make_folder(folder)
        for name in sorted(os.listdir(folder)):
            if name.endswith(".log"):
                self._recover(name)
            elif name.endswith(".new"):
                os.remove(folder + "/" + name)

    def append(self, record: "dict[str, object]") -> None:
        """Writes a record; it survives the program from now on, a power failure from the next sync(). Raises OSError where it cannot."""
        body = json.dumps(record, separators=(",", ":")).encode()
        current = self.segments[-1] if self._file is not None else None
        if current is None or current.size >= self.segment_bytes:
            current = self._new_segment()
        line = _line(self._next, body)
        assert self._file is not None
        try:
            if self._file.write(line) != len(line):
                raise OSError("the disk is full")
        except OSError:
            # whatever got there is half a line, which ends this file for a reader: the next record begins another
            self._file.close()
            self._file = None
            if current.first == current.after:
                self.segments.remove(current)
                os.remove(current.path)
            raise
        self._unsynced = True
        if self.news is not None:
            self.news.set()
        self._next += 1
        current.after = self._next
        current.size += len(line)
        size = self._size()
        self._is_tight = size + self.segment_bytes > self.limit_bytes
        if size > self.limit_bytes:
            for _ in self._making or self._make_room():
                pass
            self._making = None

    def tidy(self) -> None:
        """Takes a step towards room for one more file, where there is none; raises OSError, and then waits for the next record."""
        if not self._is_tight:
            return
        if self._making is None:
            self._making = self._make_room()
        self._is_tight = False
        for _ in self._making:
            self._is_tight = True
            return
        self._making = None
        self._is_tight = self._size() + self.segment_bytes > self.limit_bytes

    async def sync(self) -> None:
        """Returns once everything appended so far is on the flash."""
        while self._full:
            file = self._full.pop()
            await self.board.sync(file)
            file.close()
        if self._unsynced and self._file is not None:
            self._unsynced = False
            await self.board.sync(self._file)

    def next(self) -> int:
        """The sequence number of the next record."""
        return self._next

    def waiting(self) -> int:
        """How many sequence numbers are uncommitted."""
        count = 0
        for segment in self.segments:
            count += segment.after - segment.first
        return count

    def is_empty(self) -> bool:
        """True if everything was committed."""
        return not self.segments

    def oldest(self, max_records: int, max_bytes: int) -> "tuple[str, int, int, list[bytes]]":
        """(boot, first, after, records as JSON) of the oldest uncommitted records of one segment; the spool must not be empty."""
        segment = self.segments[0]
        records: list[bytes] = []
        first = after = segment.first
        size = 0
        rows = _read(segment.path)
        for number, covers, body in rows:
            if number < segment.first:
                continue
            if len(records) >= max_records or (records and size + len(body) > max_bytes):
                break
            if not records:
                first = number
            records.append(body)
            size += len(body)
            after = number + covers
        rows.close()
        if first > segment.first:
            # a file that lost its beginning: say so rather than leave a gap
            records.insert(0, _drop(first - segment.first, 0, "damaged"))
            first = segment.first
        elif not records:
            after = segment.after
            records.append(_drop(after - first, 0, "damaged"))
        return segment.boot, first, after, records

    def committed(self, boot: str, ack: int) -> None:
        """Forgets the records of `boot` up to `ack`."""
        if not self.segments or self.segments[0].boot != boot or ack < self.segments[0].first:
            return
        self._leave_off()
        while self.segments and self.segments[0].boot == boot and self.segments[0].after <= ack + 1:
            segment = self.segments.pop(0)
            if not self.segments and self._file is not None:
                self._file.close()
                self._file = None
                self._unsynced = False
            os.remove(segment.path)
        if self.segments and self.segments[0].boot == boot and self.segments[0].first <= ack:
            self.segments[0].first = ack + 1
        self._write_acked(boot, ack)

    def forgotten(self, boot: str, ack: int, why: str = "forgotten") -> None:
        """The aggregator has only up to `ack` and we have less than all that follows: a drop record will stand for what is gone."""
        segment = self.segments[0]
        if segment.boot == boot and ack + 1 < segment.first:
            self._leave_off()
            self._stand_in(segment, ack + 1, segment.first, 0, why)

    def refused(self, boot: str, number: int, after: int, why: str) -> None:
        """The aggregator will never take the oldest record, which covers `number` ... `after` - 1: a drop record will stand for it."""
        segment = self.segments[0]
        rows = _read(segment.path)
        found, covers, body = next(rows)
        while found < segment.first:
            found, covers, body = next(rows)
        rows.close()
        # room may have been made since that record was read
        if segment.boot == boot and found == number and found + covers == after:
            self._leave_off()
            self._stand_in(segment, number, after, _alerts(json.loads(body.decode())), why)

    def _stand_in(self, segment: Segment, first: int, after: int, alerts: int, why: str) -> None:
        """Puts a drop record in the place of what a segment has before `after`."""
        rows = [(first, _drop(after - first, alerts, why))]
        rows += [(number, body) for number, _, body in _read(segment.path) if number >= after]
        for _ in self._write_anew(segment, rows):
            pass
        self._replace(segment)
        segment.first = first

    def _new_segment(self) -> Segment:
        if self._file is not None:
            self._full.append(self._file)
        self._number += 1
        segment = Segment("%s/%06d-%s.log" % (self.folder, self._number, self.boot), self.boot, self._next, self._next, 0)
        self._file = self.board.append_to(segment.path)
        self.segments.append(segment)
        return segment

    def _recover(self, name: str) -> None:
        """Takes a file of an earlier run in, without what was committed."""
        number, _, boot = name[:-4].partition("-")
        if not number.isdigit() or not boot:
            return
        self._number = max(self._number, int(number))
        path = self.folder + "/" + name
        first = after = 0
        for sequence, covers, _ in _read(path):
            if not first:
                first = sequence
            after = sequence + covers
        if boot == self._acked_boot and first <= self._acked:
            first = self._acked + 1
        if first >= after:
            os.remove(path)
            return
        self.segments.append(Segment(path, boot, first, after, os.stat(path)[6]))

    def _size(self) -> int:
        size = 0
        for segment in self.segments:
            size += segment.size
        return size

    def _leave_off(self) -> None:
        """Ends what is being done for room, and leaves what is there as it was: its files are about to go."""
        if self._making is not None:
            self._making.close()
            self._making = None

    def _make_room(self) -> "Generator[None, None, None]":
        """Drops the oldest summaries; where there are none left, the oldest segment whole. Never the one being written.

        In steps; a close() between two leaves no half-done work.
        """
        closed = self.segments[:-1]
        for segment in closed:
            if not segment.thinned:
                yield from self._thin(segment, False)
                segment.thinned = True
                return
        if closed:
            segment = closed[0]
            yield from self._thin(segment, True)
            if len(closed) > 1 and closed[1].boot == segment.boot:
                # what is left of it goes in front of the next, or a long outage would leave a file for each
                yield from self._merge(segment, closed[1])

    def _thin(self, segment: Segment, whole: bool) -> "Generator[None, None, None]":
        rows: list[tuple[int, bytes]] = []
        run = [0, 0, 0]  # first, count, alerts of the drop being gathered
        dropped = 0
        found = _read(segment.path)
        try:
            for place, (number, covers, body) in enumerate(found, 1):
                if number < segment.first:
                    continue
                record = json.loads(body.decode())
                kind = record.get("k")
                if whole or kind in SUMMARIES or kind == "drop":
                    if not run[1]:
                        run = [number, 0, 0]
                    run[1] += covers
                    run[2] += _alerts(record)
                    dropped += 0 if kind == "drop" else 1
                else:
                    if run[1]:
                        rows.append((run[0], _drop(run[1], run[2], "full")))
                        run = [0, 0, 0]
                    rows.append((number, body))
                if place % STEP_RECORDS == 0:
                    yield
        finally:
            found.close()
        if run[1]:
            rows.append((run[0], _drop(run[1], run[2], "full")))
        yield from self._write_anew(segment, rows)
        self._replace(segment)
        self.dropped += dropped

    def _merge(self, gone: Segment, into: Segment) -> "Generator[None, None, None]":
        rows = [(number, body) for number, _, body in _read(gone.path)]
        yield
        rows += [(number, body) for number, _, body in _read(into.path)]
        yield from self._write_anew(into, rows)
        into.first = gone.first
        self._replace(into)
        self.segments.remove(gone)
        os.remove(gone.path)
        yield
        yield from self._thin(into, False)

    def _write_anew(self, segment: Segment, rows: "list[tuple[int, bytes]]") -> "Generator[None, None, None]":
        """Writes what is to take a segment's place, in steps."""
        path = segment.path + ".new"
        try:
            with open(path, "wb") as file:
                for place, (number, body) in enumerate(rows, 1):
                    file.write(_line(number, body))
                    if place % STEP_RECORDS == 0:
                        yield
                file.flush()
            yield
        except GeneratorExit:
            os.remove(path)
            raise

    def _replace(self, segment: Segment) -> None:
        """Puts what was written anew in a segment's place."""
        is_open = self._file is not None and segment is self.segments[-1]
        if is_open:
            assert self._file is not None
            self._file.close()
        os.rename(segment.path + ".new", segment.path)
        segment.size = os.stat(segment.path)[6]
        if is_open:
            self._file = self.board.append_to(segment.path)

    def _read_acked(self) -> "tuple[str, int]":
        try:
            with open(self.folder + "/acked") as file:
                boot, _, ack = file.read().strip().partition(" ")
            return boot, int(ack)
        except (OSError, ValueError):
            return "", 0

    def _write_acked(self, boot: str, ack: int) -> None:
        # losing it costs a repeated batch, which does no harm: no sync
        with open(self.folder + "/acked.new", "w") as file:
            file.write("%s %d\n" % (boot, ack))
        os.rename(self.folder + "/acked.new", self.folder + "/acked")
        self._acked_boot, self._acked = boot, ack


def make_folder(path: str) -> None:
    """Makes a folder and those above it where they are missing; raises OSError."""
    parts = path.split("/")
    for count in range(1, len(parts) + 1):
        part = "/".join(parts[:count])
        if part:
            try:
                os.stat(part)
            except OSError:
                os.mkdir(part)


def _line(number: int, body: bytes) -> bytes:
    return b"%d %08x %s\n" % (number, crc32(body), body)


def _read(path: str) -> "Generator[tuple[int, int, bytes], None, None]":
    """(sequence number, how many it covers, JSON) of every whole record of a file up to the first damaged one; close() it if left early."""
    with open(path, "rb") as file:
        while True:
            line = file.readline()
            fields = line[:-1].split(b" ", 2)
            if len(fields) < 3 or line[-1:] != b"\n" or not fields[0].isdigit():
                break
            if fields[1] != b"%08x" % crc32(fields[2]):
                break
            covers = json.loads(fields[2].decode())["n"] if b'"k":"drop"' in fields[2] else 1
            yield int(fields[0]), covers, fields[2]


def _alerts(record: "dict[str, object]") -> int:
    """How many alerts a record is, or stands for."""
    kind = record.get("k")
    return int(str(record["alerts"])) if kind == "drop" else (1 if kind == "alert" else 0)


def _drop(count: int, alerts: int, why: str) -> bytes:
    return json.dumps({"k": "drop", "n": count, "alerts": alerts, "why": why}, separators=(",", ":")).encode()
