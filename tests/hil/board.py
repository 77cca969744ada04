"""What the tests ask of a board, emulated (emulated.py) or real (real.py)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol


class BoardFault(AssertionError):
    """The board did what it must never do, or the runner broke."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command that the board sent to the modem: when its first byte left, and when the last byte before it had come from the modem."""

    uart: int
    text: str
    began_us: int
    fed_us: int


class Board(Protocol):
    """One board. Times are microseconds since power-on: virtual ones, in which nothing runs between calls, or real ones."""

    usb: bytearray
    """All that it wrote over USB."""

    commands: list[Command]

    @property
    def now_us(self) -> int:
        """The time."""

    def put(self, files: Mapping[str, bytes]) -> None:
        """Makes these files its file system's, from the next power-on."""

    def power(self) -> None:
        """Takes the power away and gives it back."""

    def write(self, data: bytes) -> None:
        """Sends bytes over USB."""

    def run(self, us: int, until: bytes | None = None) -> bool:
        """Lets so much time pass, or until the board has written `until` over USB from now on; True if it has."""

    def modem(self, uart: int, baud: int, reply_us: int = 0) -> None:
        """Wires a modem to a UART that answers OK to each command after `reply_us`."""

    def feed(self, uart: int, events: Iterable[tuple[int, str]]) -> None:
        """Has that modem say texts whose first bytes arrive at the given times."""

    def close(self) -> None:
        """Ends it, and leaves a real board as it was."""
