"""Random words that open something: drawn here, shown once, kept as a digest only."""

import hashlib
import secrets
import time

TOKEN_PREFIX = "catflap_"  # noqa: S105 - so that a scanner for leaked secrets knows one


def draw() -> str:
    """A new word of 256 random bits."""
    return secrets.token_urlsafe(32)


def draw_token() -> str:
    """A new API token."""
    return TOKEN_PREFIX + draw()


def digest(word: str) -> str:
    """What is kept of a word: enough to know it again, not to make it."""
    return hashlib.sha256(word.encode("utf-8", "surrogatepass")).hexdigest()


def now_ms() -> int:
    """Unix time."""
    return time.time_ns() // 1_000_000
