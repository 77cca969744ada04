"""Keeps a modem that comes and goes every few seconds from filling the spool with its health records."""

from ..clock import Clock
from .keeper import Keeper

AT_ONCE = 40
EVERY_MS = 180000


class Moderate(Keeper):
    """Passes everything on to another keeper, of what is told so many at once and then one in so long a time."""

    def __init__(self, keeper: Keeper, clock: Clock) -> None:
        self.keeper = keeper
        self.clock = clock
        self._left = AT_ONCE
        self._since_ms = 0
        self._untold = 0

    async def older_first(self, read_us: int) -> None:
        """See Keeper."""
        await self.keeper.older_first(read_us)

    def take(self, data: bytes, read_us: int) -> None:
        """See Keeper."""
        self.keeper.take(data, read_us)

    def plugged(self) -> None:
        """See Keeper."""
        self.keeper.plugged()

    def unplugged(self) -> None:
        """See Keeper."""
        self.keeper.unplugged()

    def takes_messages(self) -> bool:
        """See Keeper."""
        return self.keeper.takes_messages()

    def recognised(self, family: str) -> None:
        """See Keeper."""
        self.keeper.recognised(family)

    def tell(self, what: str, detail: str) -> None:
        """See Keeper; says of how many records this one takes the place."""
        now_ms = self.clock.now_ms()
        earned = (now_ms - self._since_ms) // EVERY_MS
        self._since_ms += earned * EVERY_MS
        self._left = min(self._left + earned, AT_ONCE)
        if not self._left:
            self._untold += 1
            return
        self._left -= 1
        if self._untold:
            detail = "%s (%d more were not told)" % (detail, self._untold)
            self._untold = 0
        self.keeper.tell(what, detail)
