"""A day of calls as bars, drawn on the server: places and heights for the SVG of the overview."""

from collections.abc import Sequence
from dataclasses import dataclass

from catflap_host.store.hours import HourCount

WIDTH, HEIGHT = 1000, 120
GAP = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """An hour: its bar reaches from `top` to HEIGHT, the part that was blocked from `blocked_top`."""

    hour: HourCount
    left: float
    width: float
    top: float
    blocked_top: float


def bars(hours: Sequence[HourCount]) -> list[Bar]:
    """One bar an hour, as high as its calls; the highest fills the height."""
    most = max([hour.calls for hour in hours] + [1])
    step = WIDTH / max(len(hours), 1)
    return [
        Bar(
            hour,
            round(place * step, 1),
            round(step - GAP, 1),
            round(HEIGHT * (1 - hour.calls / most), 1),
            round(HEIGHT * (1 - hour.blocked / most), 1),
        )
        for place, hour in enumerate(hours)
    ]
