"""Rings that a modem reports by their bursts and pauses (+VDR), with the word RING, before it or without it.

In tenths of a second, as a distinctive ring of two bursts is reported:

    DRON=5  DROF=11  DRON=5  DROF=34     RING may stand before the first, behind any DRON, or nowhere
"""

_RING_PAUSE = 15
"""In tenths of a second: a longer pause ends a ring."""

_SAME_RING_MS = 2500
"""The word comes no later than this after a ring's first burst."""


class RingCadence:
    """Counts each ring once, and remembers its bursts as the ring's text."""

    def __init__(self) -> None:
        self.text = ""
        self._says_ring = False  # this modem writes the word, too
        self._burst_ms = -_SAME_RING_MS - 1  # a ring was told for a first burst
        self._is_pause = True

    def burst(self, t_ms: int, length: bytes) -> bool:
        """DRON: the line rang so long; True if a ring is to be told."""
        is_first = self._is_pause
        self._is_pause = False
        self.text = "" if is_first else self.text
        self._add("on", length)
        if not is_first or self._says_ring:
            return False
        self._burst_ms = t_ms
        return True

    def pause(self, length: bytes) -> None:
        """DROF: and was silent so long."""
        self._is_pause = length.isdigit() and len(length) < 6 and int(length) > _RING_PAUSE
        if not self._is_pause and self.text:
            self._add("off", length)

    def ring(self, t_ms: int) -> bool:
        """The word RING; True if the ring is to be told, False if it was at its first burst."""
        self._says_ring = True
        was_told = t_ms - self._burst_ms <= _SAME_RING_MS
        self._burst_ms = t_ms - _SAME_RING_MS - 1
        return not was_told

    def taken(self) -> str:
        """The bursts since the last ring."""
        text = self.text
        self.text = ""
        return text

    def _add(self, word: str, length: bytes) -> None:
        if length.isdigit() and len(self.text) < 60:
            self.text += "%s%s %s" % (" " if self.text else "", word, length.decode())
