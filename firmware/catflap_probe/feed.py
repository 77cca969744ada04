"""The aggregator's feed, as it comes to a probe: numbers of pools, taken into the memory and written down as a mark of the first line."""

import logging

from .lines import Lines
from .uplink.sender import Feed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger("catflap.feed")


class PoolFeed(Feed):
    """How far the feed was taken; it begins anew with each boot."""

    def __init__(self, lines: Lines, rows: int, heard_up_to_ms: "Callable[[], int]") -> None:
        """`rows`: so many numbers find room; `heard_up_to_ms` gives the moment on the lines' clock up to which all has been heard."""
        self.lines = lines
        self.rows = rows
        self.heard_up_to_ms = heard_up_to_ms
        self.is_behind = False
        self._at = 0

    def place(self) -> str:
        """See Feed."""
        return "%d,%d" % (self._at, self.rows)

    def told(self, text: str, at: int) -> None:
        """See Feed."""
        self.is_behind = text != "" and at > self._at
        if self.is_behind:
            self._at = at
            try:
                self.lines.fed(max(self.lines.heard_ms, self.heard_up_to_ms()), text)
            except ValueError as fault:
                log.warning("a piece of the feed cannot be read: %s", fault)
