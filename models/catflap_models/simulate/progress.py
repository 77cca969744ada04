"""Says on stderr how far a long job is: a bar on a terminal, elsewhere a line now and then."""

import sys
import time

LINE_EVERY_S = 15.0
_BAR = 30


class Progress:
    """How many of `trunks` trunks, or of `calls` calls where that is not 0, are written."""

    def __init__(self, trunks: int, calls: int) -> None:
        self._goal = calls or trunks
        self._counts_calls = calls > 0
        self._is_terminal = sys.stderr.isatty()
        self._said_s = self._started_s = time.monotonic()
        self._draw(0, 0)

    def told(self, trunks: int, calls: int) -> None:
        """So much is written by now."""
        now_s = time.monotonic()
        if self._is_terminal:
            self._draw(trunks, calls)
        elif now_s - self._said_s >= LINE_EVERY_S:
            self._said_s = now_s
            print(f"catflap: {self._share(trunks, calls):.0%}, {trunks} trunks, {calls} calls", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Leaves the bar."""
        if self._is_terminal:
            print(file=sys.stderr)

    def _draw(self, trunks: int, calls: int) -> None:
        if self._is_terminal:
            share = self._share(trunks, calls)
            left = f", {(time.monotonic() - self._started_s) * (1 / share - 1):.0f} s left" if share else ""
            done = round(share * _BAR)
            print(f"\r[{'#' * done}{'.' * (_BAR - done)}] {share:4.0%} {calls} calls{left}\x1b[K", end="", file=sys.stderr, flush=True)

    def _share(self, trunks: int, calls: int) -> float:
        return min((calls if self._counts_calls else trunks) / self._goal, 1.0)
