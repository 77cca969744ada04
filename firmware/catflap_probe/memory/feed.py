"""Numbers that the aggregator says are a pool's, heard of at other sites: a table of fixed size, what ends first gives way."""

from .table import Table

ROWS = {"linux": 4096, "board": 64}

FED = "feed.pool"
"""A number of a pool, by the aggregator's word: evidence beside the classifier's, and none alone."""


class Feed(Table):
    """Rows of which `last_s` says when they end; not kept over a restart, after which the aggregator tells all of it again."""

    def told(self, digest: bytes, until_s: int, now_s: int) -> None:
        """Takes in that a number is a pool's until then, or, where that is past, that it is no more."""
        row = self.find(digest)
        if until_s <= now_s:
            if row >= 0:
                self.clear(row)
            return
        if row < 0:
            row = self.take(digest, now_s)
        self.last_s[row] = until_s

    def has(self, digest: bytes, now_s: int) -> bool:
        """Whether a number, by its digest, is a pool's now."""
        row = self.find(digest) if digest else -1
        return row >= 0 and self.last_s[row] > now_s
