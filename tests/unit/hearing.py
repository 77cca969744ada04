"""What a dialect tells of the bytes it is fed, as lists to compare."""

from catflap_probe.dialect.text import Listener
from catflap_probe.dialect.v253 import V253
from catflap_probe.events import INFORMATION

Event = tuple[int, str, int]


class Heard(Listener):
    """Notes (kind, text, detail) of every event, and its two times apart."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.times: list[tuple[int, int]] = []

    def heard(self, kind: int, t_ms: int, now_ms: int, text: str, detail: int) -> None:
        """Takes one line event."""
        self.events.append((kind, text, detail))
        self.times.append((t_ms, now_ms))


def events_of(*pieces: bytes, gap_ms: int = 1) -> list[Event]:
    """What V253 tells of pieces that come `gap_ms` apart."""
    return events_at(*((index * gap_ms, piece) for index, piece in enumerate(pieces)))


def events_at(*pieces: tuple[int, bytes], settles: bool = False) -> list[Event]:
    """What V253 tells of (ms, bytes); `settles`: and when it hears that nothing more will come."""
    heard = Heard()
    dialect = V253(heard)
    for now_ms, piece in pieces:
        dialect.feed(now_ms, piece)
    if settles:
        dialect.settle(pieces[-1][0])
    return heard.events


def about_calls(events: list[Event]) -> list[Event]:
    """The events without the lines that are none."""
    return [event for event in events if event[0] != INFORMATION]
