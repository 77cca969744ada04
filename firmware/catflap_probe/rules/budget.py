"""The budget of blocks: so many within a time and no more, whatever goes wrong; further calls ring."""

from array import array

MOST_BLOCKS = 1000


class Budget:
    """Remembers when the last blocks were; `blocks` of them within `window_s` seconds, 1 ... MOST_BLOCKS."""

    def __init__(self, blocks: int, window_s: int) -> None:
        self.blocks = blocks
        self.window_s = window_s
        self._at_s = array("l", (-1 for _ in range(blocks)))
        self._next = 0

    def take(self, now_s: int) -> bool:
        """Takes one block out of the budget; False where none is left."""
        oldest_s = self._at_s[self._next]
        # a clock that was put back must not stop the blocking for good
        if 0 <= oldest_s <= now_s and now_s - oldest_s < self.window_s:
            return False
        self._at_s[self._next] = now_s
        self._next = (self._next + 1) % len(self._at_s)
        return True
