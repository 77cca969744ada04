"""The file of one line: events in order of time, lines of text lost or split on the way, and the mark of a clock put right."""

import json
from random import Random
from typing import IO

from catflap_models.simulate.said import Said

_US = 1_000_000


class LineFile:
    """Writes one line's .cast; `free_s` is when its line is free for a call."""

    def __init__(self, file: IO[str], unix_s: int, lost_share: float, split_share: float, rng: Random) -> None:
        self.free_s = 0.0
        self._file = file
        self._lost_share = lost_share
        self._split_share = split_share
        self._rng = rng
        self._us = 0
        self._is_lost = False
        self._mark: tuple[int, str] | None = None
        file.write(json.dumps({"version": 2, "width": 80, "height": 24, "timestamp": unix_s}) + "\n")

    def plan_mark(self, t_s: float, mark: str) -> None:
        """The mark is written once time has come to it."""
        self._mark = (round(t_s * _US), mark)

    def write(self, found: list[Said]) -> tuple[float | None, bool]:
        """Writes events of one call; gives the second of its first sign that was written, None if none was, and whether its number was."""
        first_us = None
        is_shown = False
        for said in found:
            texts = said.texts if said.code == "i" or not self._lost_share else self._kept(said)
            if not any(texts):
                continue
            self._us = max(self._us, round(said.t_s * _US))
            self._write_mark(self._us)
            if said.is_sign and first_us is None:
                first_us = self._us
            is_shown = is_shown or (said.number_at >= 0 and texts[said.number_at] != "")
            self._write_texts(said.code, texts)
        return None if first_us is None else first_us / _US, is_shown

    def close(self, end_s: float) -> None:
        """Nothing more comes before `end_s`."""
        self._write_mark(round(end_s * _US))

    def _kept(self, said: Said) -> tuple[str, ...]:
        """The texts, those empty that are lost."""
        found = []
        for text in said.texts:
            self._is_lost = self._is_lost if said.goes_on else self._rng.random() < self._lost_share
            found.append("" if self._is_lost else text)
        return tuple(found)

    def _write_texts(self, code: str, texts: tuple[str, ...]) -> None:
        """One event, or more where a text arrives in two pieces."""
        read = ""
        for text in texts:
            if code == "o" and len(text) > 1 and self._rng.random() < self._split_share:
                place = self._rng.randrange(1, len(text))
                self._event(code, read + text[:place])
                # wide prior: what a serial driver leaves for the next read
                self._us += self._rng.randrange(1_000, 30_000)
                read = text[place:]
            else:
                read += text
        self._event(code, read)

    def _event(self, code: str, text: str) -> None:
        self._file.write(f'[{self._us // _US}.{self._us % _US:06d}, "{code}", {json.dumps(text)}]\n')

    def _write_mark(self, until_us: int) -> None:
        if self._mark is not None and self._mark[0] <= until_us:
            us, mark = self._mark
            self._mark = None
            self._file.write(f'[{us // _US}.{us % _US:06d}, "m", {json.dumps(mark)}]\n')
