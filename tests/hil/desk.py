"""A stand-in for gateway and aggregator at the other end of a board's USB, in the board's own time."""

import json
from typing import Any

from catflap_host.ingest import envelope
from catflap_probe.uplink.frames import FrameReader, frame
from tests.hil.board import Board

KEY = bytes(range(32))


class Desk:
    """Welcomes the board and acknowledges its batches. What it reports goes to `records`, what it only prints, to `said`."""

    def __init__(self, board: Board, unix_ms: int) -> None:
        """`unix_ms`: the Unix time at which the board was switched on."""
        self.board = board
        self.records: list[dict[str, Any]] = []
        self.said: list[str] = []
        self.hello: dict[str, Any] = {}
        self.welcomed_us = -1
        self._unix_ms = unix_ms
        self._reader = FrameReader(self._heard, lambda line: self.said.append(line.decode("utf-8", "replace")))
        self._read = len(board.usb)
        self._acks: dict[str, int] = {}  # by boot
        self._number = -1
        self._body = b""
        self._answer = b""

    def run(self, us: int) -> None:
        """Lets so much time pass, and answers meanwhile."""
        end_us = self.board.now_us + us
        while self.board.now_us < end_us:
            self.board.run(end_us - self.board.now_us, b"\n")
            data = bytes(self.board.usb[self._read :])
            self._read += len(data)
            self._reader.feed(data)

    def _heard(self, content: bytes) -> None:
        kind, _, rest = content.partition(b" ")
        if kind == b"H":
            self.hello = json.loads(rest)
            if self.welcomed_us < 0:
                self.welcomed_us = self.board.now_us
            self._send(b"w %d 0" % (self._unix_ms + self.board.now_us // 1000))
        elif kind == b"B":
            number, at, total, piece = rest.split(b" ", 3)
            self._piece(int(number), int(at), int(total), piece)

    def _piece(self, number: int, at: int, total: int, piece: bytes) -> None:
        if number != self._number:
            self._number, self._body, self._answer = number, b"", b""
        if at == len(self._body):
            self._body += piece
        if len(self._body) < total:
            self._send(b"b %d %d" % (number, len(self._body)))
            return
        self._answer = self._answer or self._take(self._body)
        self._send(b"a %d 200 %s" % (number, self._answer))

    def _take(self, body: bytes) -> bytes:
        batch = envelope.split(body)
        envelope.verify(batch, KEY)
        ack = self._acks.get(batch.header.boot, 0)
        for record in envelope.read_records(batch):
            if record.seq > ack:
                assert record.seq == ack + 1, "a gap"
                self.records.append(record.fields)
                ack += record.count
        self._acks[batch.header.boot] = ack
        return envelope.answer(batch.header, ack, self._unix_ms + self.board.now_us // 1000, 0, "", KEY)

    def _send(self, content: bytes) -> None:
        self.board.write(frame(content))
