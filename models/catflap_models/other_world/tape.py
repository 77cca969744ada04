"""Writes a line's signalling as asciicast v2."""

import json
from random import Random
from typing import TextIO


class Tape:
    """One line's file."""

    def __init__(self, file: TextIO, start_unix_s: int, rng: Random, torn_part: float) -> None:
        """`torn_part` of the texts arrive in two pieces."""
        self._file = file
        self._rng = rng
        self._torn_part = torn_part
        self.last_s = 0.0
        file.write(json.dumps({"version": 2, "width": 100, "height": 30, "timestamp": start_unix_s}) + "\n")

    def said(self, t_s: float, text: str) -> None:
        """The modem wrote `text`."""
        if self._rng.random() < self._torn_part and len(text) > 6:
            place = self._rng.randrange(3, len(text) - 1)
            self._write(t_s, "o", text[:place])
            self._write(t_s + 0.002, "o", text[place:])
        else:
            self._write(t_s, "o", text)

    def told(self, t_s: float, text: str) -> None:
        """The modem was sent `text`."""
        self._write(t_s, "i", text)

    def _write(self, t_s: float, code: str, text: str) -> None:
        t_s = max(t_s, self.last_s)
        self.last_s = t_s
        self._file.write(f'[{t_s:.6f}, "{code}", {json.dumps(text)}]\n')
