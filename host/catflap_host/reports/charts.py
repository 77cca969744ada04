"""Charts of a report as SVG, drawn here: they print, and need no script."""

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT = 680, 170
LEFT, BOTTOM, TOP = 52, 22, 8
COLOURS = ("#1f4e79", "#c55a11", "#7f7f7f", "#bf9000", "#548235", "#7030a0", "#a61c3c", "#2e75b6")
"""Far enough apart in grey to be told on paper."""
BAR_WIDTH = 120


def columns(spans: Sequence[Mapping[str, int]], labels: Sequence[str], title: str, short: Sequence[str]) -> str:
    """Counts of each span as a column, piled up by label in the order of COLOURS; `short` are the names below the columns."""
    highest = max((sum(span.values()) for span in spans), default=0)
    top = _round_up(highest)
    plot_height, step = HEIGHT - BOTTOM - TOP, (WIDTH - LEFT) / max(len(spans), 1)
    every = max(1, len(spans) * 60 // (WIDTH - LEFT))
    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg">']
    for share in (0.0, 0.5, 1.0):
        y = TOP + plot_height * (1 - share)
        parts.append(f'<line x1="{LEFT}" x2="{WIDTH}" y1="{y:.1f}" y2="{y:.1f}" stroke="#bbb" stroke-width="0.6"/>')
        parts.append(f'<text x="{LEFT - 5}" y="{y + 4:.1f}" text-anchor="end" font-size="11">{round(top * share):,}</text>')
    for place, (span, name) in enumerate(zip(spans, short, strict=True)):
        x, y = LEFT + step * place, float(TOP + plot_height)
        for colour, label in enumerate(labels):
            height = plot_height * span.get(label, 0) / top
            y -= height
            if height:
                fill = COLOURS[colour % len(COLOURS)]
                size = f'width="{step * 0.7:.1f}" height="{height:.2f}"'
                parts.append(f'<rect x="{x + step * 0.15:.1f}" y="{y:.2f}" {size} fill="{fill}"/>')
        if place % every == 0:
            parts.append(f'<text x="{x + step / 2:.1f}" y="{HEIGHT - 6}" text-anchor="middle" font-size="11">{escape(name)}</text>')
    return "".join([*parts, "</svg>"])


def bar(part: int, most: int) -> str:
    """A row's count as a bar, the longest of its table full."""
    width = BAR_WIDTH * part / most if most else 0
    drawn = f'<rect width="{width:.1f}" height="10" fill="{COLOURS[0]}"/>'
    return f'<svg class="bar" viewBox="0 0 {BAR_WIDTH} 10" aria-hidden="true">{drawn}</svg>'


def _round_up(highest: int) -> int:
    """The least of 2, 4, 6, 10 times a power of ten that is not below."""
    power = 1
    while True:
        for times in (2, 4, 6, 10):
            if times * power >= highest:
                return times * power
        power *= 10
