"""The trunk as the world's processes know it."""

from dataclasses import dataclass
from random import Random

from .chance import chance
from .digits import Book


@dataclass(frozen=True, slots=True)
class Setting:
    """The trunk as the processes know it."""

    seed: int
    lines: int
    days: int
    quiet_days: int
    first_weekday: int
    book: Book

    def stream(self, purpose: str) -> Random:
        """A source of chance of its own for each purpose."""
        return chance(f"other world/{self.seed}/{purpose}")
