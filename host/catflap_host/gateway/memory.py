"""The trunk's memory at the gateway, fed by the calls of every board and lent to each."""

from pathlib import Path

from catflap_probe.evidence import gather
from catflap_probe.lines import NAMELESS
from catflap_probe.memory.keep import restore, save
from catflap_probe.memory.trunk import GIVEN_UP
from catflap_probe.trunk import TrunkSettings
from catflap_probe.verdict.pool import Pools

TABLES = "linux"
LAST_S = 2**31
"""Seconds of the memory that its tables hold with room to spare."""


class WideMemory:
    """Answers what is known of a call, and takes the call in."""

    def __init__(self, settings: TrunkSettings, path: Path) -> None:
        """Takes up what the file of an earlier run holds; `why_not` says why that was of no use, or is empty."""
        self.memory, self.why_not = restore(str(path), settings.id, TABLES)
        self._path = path
        self._pools = Pools(settings.id)
        self._lines = {line.id: index for index, line in enumerate(settings.lines)}

    def answer(self, key: str, now_s: int, line: str, is_mobile: bool) -> str | None:
        """The evidence on a call that rings now, as text; the next question will count it in. None for a line that is not the trunk's.

        `now_s` counts as the memory's seconds; raises ValueError beyond them.
        """
        index = self._lines.get(line)
        if index is None:
            return None
        sight = self.memory.look(_shown(key), _in_time(now_s))
        evidence = gather(self.memory, sight, index, self._pools)
        self.memory.arrived(sight, index, is_mobile)
        return evidence.text()

    def ended(self, key: str, now_s: int, ring_ms: int, talk_s: int, suspicion: int, is_mobile: bool) -> None:
        """Takes in how a call went and of what suspicion it was, 0 ... 255, or -1; raises ValueError."""
        sight = self.memory.look(_shown(key), _in_time(now_s))
        sight.suspicion = min(suspicion, 255)
        if sight.row >= 0:
            self.memory.judged(sight, is_mobile)
        self.memory.ended(sight, now_s, max(ring_ms, 0), max(talk_s, GIVEN_UP))

    def save(self) -> None:
        """Keeps it for the next start; raises OSError."""
        save(self.memory, str(self._path))


def _shown(key: str) -> str:
    return "" if key == NAMELESS else key


def _in_time(now_s: int) -> int:
    if not 0 < now_s < LAST_S:
        raise ValueError(f"second {now_s} is beyond all sense")
    return now_s
