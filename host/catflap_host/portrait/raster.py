"""The raster of a pool: a row a number in the order of their coming, time to the right, a sign a call; cards in turn show as stripes.

170****0412  |  x     |
170****0588     x  |        x blocked, a filled square answered, a bar rang only
170****0633        x   x
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from markupsafe import Markup

from catflap_host.portrait.sightings import Fate, Window

MAX_COLUMNS = 240
COLUMN_PX = 5
LABEL_PX = 104
NAME_PX = 60
"""What a moment's name takes on the axis at the most."""

HEAD_PX = 20
ROW_PX = ((60, 14), (200, 9), (10_000, 6))
"""Height of a row for up to so many numbers."""

READABLE_PX = 12
"""Lower rows are not written beside; their numbers stand in the table below the picture."""

MINUTE_MS = 60_000
STEPS_MS = tuple(minutes * MINUTE_MS for minutes in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440, 2_880, 7_200, 14_400))
_TICKS_MS = (*STEPS_MS, 10 * 1_440 * MINUTE_MS, 20 * 1_440 * MINUTE_MS)
MAX_TICKS = 9

_CLASSES = {Fate.RANG: "rang", Fate.ANSWERED: "answered", Fate.BLOCKED: "blocked"}


def step_of(window: Window) -> int:
    """The shortest usual step, in milliseconds, of which the window has no more than MAX_COLUMNS."""
    span = window.until_ms - window.since_ms
    return next((step for step in STEPS_MS if span <= step * MAX_COLUMNS), -(-span // MAX_COLUMNS))


def ticks(window: Window) -> list[int]:
    """Moments for the axis, at most MAX_TICKS, each a whole number of its distance since 1970."""
    span = window.until_ms - window.since_ms
    distance = next((step for step in _TICKS_MS if span <= step * (MAX_TICKS - 1)), -(-span // (MAX_TICKS - 1)))
    first = -(-window.since_ms // distance) * distance
    return list(range(first, window.until_ms, distance))


def drawn(names: Sequence[str], found: Counter[tuple[int, int, Fate]], window: Window, title: str) -> Markup:
    """The picture as SVG, escaped; `names` are those of the rows, `found` counts calls by row, column (of `step_of`) and fate."""
    step_ms, row_px = step_of(window), next(height for most, height in ROW_PX if len(names) <= most)
    columns = -(-(window.until_ms - window.since_ms) // step_ms)
    width, height = LABEL_PX + columns * COLUMN_PX + 1, HEAD_PX + len(names) * row_px + 1
    parts = [
        Markup('<svg class="raster" role="img" viewBox="0 0 {w} {h}" width="{w}" height="{h}"><title>{title}</title>').format(
            w=width, h=height, title=title
        )
    ]
    parts += [_tick(at_ms, LABEL_PX + (at_ms - window.since_ms) * COLUMN_PX / step_ms, width, height) for at_ms in ticks(window)]
    parts += [_row(name, HEAD_PX + place * row_px, row_px, width, is_even=place % 2 == 0) for place, name in enumerate(names)]
    paths: dict[Fate, list[str]] = {fate: [] for fate in Fate}
    shapes = {fate: _shape(fate, row_px) for fate in Fate}
    for row, column, fate in found:
        left, up, shape = shapes[fate]
        paths[fate].append(f"M{LABEL_PX + column * COLUMN_PX + left} {HEAD_PX + row * row_px + up}{shape}")
    # what was stopped lies above the rest
    parts += [Markup('<path class="{name}" d="{signs}"/>').format(name=_CLASSES[fate], signs="".join(paths[fate])) for fate in Fate]
    return Markup("\n").join([*parts, Markup("</svg>")])


def sign(fate: Fate) -> Markup:
    """A sign by itself, for the words that explain it."""
    left, up, shape = _shape(fate, ROW_PX[0][1])
    return Markup(
        '<svg class="raster sign" aria-hidden="true" viewBox="0 0 8 14" width="8" height="14"><path class="{name}" d="{sign}"/></svg>'
    ).format(name=_CLASSES[fate], sign=f"M{1 + left} {up}{shape}")


def _shape(fate: Fate, row_px: int) -> tuple[int, int, str]:
    """Where a sign begins in its cell, and how it goes on."""
    inset = 1 if row_px < READABLE_PX else 3
    high, right = row_px - 2 * inset, COLUMN_PX - 1
    if fate is Fate.ANSWERED:
        return 0, inset, f"h{right}v{high}h-{right}z"
    if fate is Fate.BLOCKED:
        return 0, inset, f"l{right} {high}m0 -{high}l-{right} {high}"
    return 2, inset, f"v{high}"


def _tick(at_ms: int, left: float, width: int, height: int) -> Markup:
    line = Markup('<line class="tick" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{height}"/>').format(x=left, top=HEAD_PX - 4, height=height)
    if left > width - NAME_PX:
        return line
    return line + moment(at_ms, left + 2, 12)


def moment(at_ms: int, left: float, foot: float) -> Markup:
    """A moment written on an axis in universal time, which the page's script puts into the reader's."""
    when = datetime.fromtimestamp(at_ms / 1000, UTC)
    text = Markup('<text class="moment" data-moment="{iso}" x="{x:.1f}" y="{y}">{name}</text>')
    return text.format(iso=when.isoformat(timespec="seconds"), x=left, y=foot, name=when.strftime("%m-%d %H:%M"))


def _row(name: str, top: int, row_px: int, width: int, is_even: bool) -> Markup:
    band = (
        Markup('<rect class="band" x="0" y="{top}" width="{width}" height="{high}"/>').format(top=top, width=width, high=row_px)
        if is_even
        else Markup()
    )
    if row_px < READABLE_PX:
        return band
    return band + Markup('<text class="name" x="0" y="{y}">{name}</text>').format(y=top + row_px - 3, name=name)
