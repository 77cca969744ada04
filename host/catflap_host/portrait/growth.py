"""How a pool grew: a step line of the numbers known by then, over bars of those that called in each step.

12 |              ____----
   |    ____------   _
 0 |____ _  ▂▂▂▂▅▅▂▂▅▅_
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from catflap_host.portrait.raster import moment, ticks
from catflap_host.portrait.sightings import Fate, Window

WIDTH_PX, HEIGHT_PX = 720, 180
LEFT_PX, TOP_PX, FOOT_PX = 44, 10, 20
NAME_PX = 60


def active(found: Counter[tuple[int, int, Fate]]) -> Counter[int]:
    """How many numbers called in each column, of calls counted by number, column and fate."""
    return Counter(column for _, column in {(number, column) for number, column, _ in found})


def drawn(firsts_ms: Sequence[int], called: Counter[int], window: Window, step_ms: int, title: str) -> Markup:
    """The picture as SVG, escaped; `firsts_ms` are the moments at which numbers came, `called` how many called in each step."""
    columns = -(-(window.until_ms - window.since_ms) // step_ms)
    ordered = sorted(firsts_ms)
    known = [bisect_right(ordered, window.since_ms + (column + 1) * step_ms - 1) for column in range(columns)]
    most = max([*known, *called.values(), 1])
    wide, high = (WIDTH_PX - LEFT_PX) / columns, HEIGHT_PX - TOP_PX - FOOT_PX
    foot = TOP_PX + high

    def level(count: int) -> float:
        return foot - high * count / most

    bars = "".join(
        f"M{LEFT_PX + column * wide:.1f} {foot}V{level(count):.1f}h{max(wide - 1, 1):.1f}V{foot}z"
        for column, count in sorted(called.items())
    )
    line = "".join(
        f"{'L' if column else 'M'}{LEFT_PX + column * wide:.1f} {level(count):.1f}h{wide:.1f}" for column, count in enumerate(known)
    )
    start = Markup(
        '<svg class="growth" role="img" viewBox="0 0 {w} {h}" width="{w}" height="{h}"><title>{title}</title>'
        '<text class="name" x="{x}" y="{top}">{most}</text><text class="name" x="{x}" y="{foot}">0</text>'
    ).format(w=WIDTH_PX, h=HEIGHT_PX, title=title, x=LEFT_PX - 6, top=TOP_PX + 6, foot=foot, most=most)
    axis = Markup().join(_tick(LEFT_PX + (at_ms - window.since_ms) * wide / step_ms, foot, at_ms) for at_ms in ticks(window))
    return start + axis + Markup('<path class="called" d="{bars}"/><path class="known" d="{line}"/></svg>').format(bars=bars, line=line)


def _tick(left: float, foot: int, at_ms: int) -> Markup:
    line = Markup('<line class="tick" x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{foot}"/>').format(x=left, top=TOP_PX, foot=foot)
    if left > WIDTH_PX - NAME_PX:
        return line
    return line + moment(at_ms, left + 2, foot + 14)
