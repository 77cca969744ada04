"""The court's plots: the same few forms everywhere, each on light and on dark ground, the same bytes for the same data."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.ticker import PercentFormatter

from catflap_models.court.report import Plot

_WIDTH_IN = 9.0
_DPI = 144


@dataclass(frozen=True, slots=True)
class _Ground:
    paper: str
    ink: str
    soft: str
    grid: str
    series: tuple[str, ...]
    bad: str


# colour-blind safe (Okabe and Ito), lightened for dark ground
_LIGHT = _Ground("#ffffff", "#1d2530", "#5b6675", "#dfe3e8", ("#1f5fa8", "#d55e00", "#009e73", "#a0558c", "#b08900", "#5b6675"), "#b3261e")
_DARK = _Ground("#1a2028", "#e6eaf0", "#9aa6b5", "#2d3643", ("#7ab3f0", "#f59a54", "#4fcfa5", "#d79bc7", "#e3c04f", "#9aa6b5"), "#ff8a80")
_MARKS = ("o", "s", "^", "D", "v", "P")


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a bar chart with its bounds; `value` None: nothing to measure."""

    name: str
    value: float | None
    bounds: tuple[float, float] | None = None
    is_marked: bool = False
    """set off in colour: the worst, or one that misses its bar"""
    others: tuple[float | None, ...] = ()
    """of the baselines, in the order of their names"""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a line chart."""

    name: str
    points: tuple[tuple[float, float], ...]
    bounds: tuple[tuple[float, float], ...] = ()
    """low and high of each point"""


def bars(
    name: str,
    alt: str,
    caption: str,
    entries: Sequence[Bar],
    axis: str,
    baselines: Sequence[str] = (),
    limit: float | None = None,
    is_share: bool = True,
    top: float | None = None,
) -> Plot:
    """Horizontal bars with their bounds, the baselines as points in the same row, `limit` as a line that none should pass or miss."""

    def draw(axes: Axes, ground: _Ground) -> None:
        places = list(range(len(entries)))
        for place, entry in zip(places, entries, strict=True):
            if entry.value is None:
                axes.text(0, place, "  no such call", va="center", color=ground.soft, fontsize=9)
                continue
            colour = ground.bad if entry.is_marked else ground.series[0]
            axes.barh(place, entry.value, height=0.62, color=colour, alpha=0.85, zorder=2)
            if entry.bounds is not None:
                low, high = entry.bounds
                axes.hlines(place, low, high, color=ground.ink, linewidth=1.6, zorder=3)
                axes.plot([low, high], [place, place], "|", color=ground.ink, markersize=7, zorder=3)
        for index, baseline in enumerate(baselines):
            known = [
                (value, place) for place, entry in enumerate(entries) for value in entry.others[index : index + 1] if value is not None
            ]
            colour = ground.series[1 + index % 5]
            axes.plot(
                [value for value, _ in known], [place for _, place in known], _MARKS[index % 6], color=colour, markersize=6.5,
                markeredgecolor=ground.paper, markeredgewidth=0.8, label=baseline, zorder=4, linestyle="none", clip_on=False,
            )  # fmt: skip
        if limit is not None:
            axes.axvline(limit, color=ground.bad, linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)
        axes.set_yticks(places, [entry.name for entry in entries])
        axes.set_ylim(len(entries) - 0.4, -0.6)
        axes.set_xlim(0, top if top is not None else 1.0 if is_share else None)
        axes.set_xlabel(axis)
        axes.grid(axis="x", color=ground.grid, linewidth=0.8)
        if is_share:
            axes.xaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))

    return _plot(name, alt, caption, draw, 0.34 * len(entries) + 1.2, bool(baselines))


def lines(
    name: str,
    alt: str,
    caption: str,
    entries: Sequence[Line],
    x_axis: str,
    y_axis: str,
    is_log_x: bool = False,
    is_share: bool = True,
    limit: float | None = None,
    ticks: Sequence[float] = (),
) -> Plot:
    """Lines with their bounds as bands; `ticks` names the places of the x axis where they are few."""

    def draw(axes: Axes, ground: _Ground) -> None:
        for index, entry in enumerate(entries):
            colour, mark = ground.series[index % 6], _MARKS[index % 6]
            x = [point[0] for point in entry.points]
            # lines that run together stay visible, the later ones thinner
            width = max(1.4, 3.6 - 0.7 * index)
            y = [point[1] for point in entry.points]
            axes.plot(x, y, color=colour, marker=mark, markersize=3 + 1.4 * width, linewidth=width, label=entry.name)
            if entry.bounds:
                axes.fill_between(
                    x, [low for low, _ in entry.bounds], [high for _, high in entry.bounds], color=colour, alpha=0.15, linewidth=0
                )
        if limit is not None:
            axes.axhline(limit, color=ground.bad, linewidth=1.2, linestyle=(0, (4, 3)), zorder=1)
        if is_log_x:
            axes.set_xscale("log")
        if ticks:
            axes.set_xticks(list(ticks), [f"{tick:g}" for tick in ticks])
            axes.minorticks_off()
        if is_share:
            axes.set_ylim(-0.02, 1.02)
            axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
        else:
            axes.set_ylim(bottom=0)
        axes.set_xlabel(x_axis)
        axes.set_ylabel(y_axis)
        axes.grid(color=ground.grid, linewidth=0.8)

    return _plot(name, alt, caption, draw, 4.2, len(entries) > 1)


def diagonal(name: str, alt: str, caption: str, entries: Sequence[Line], x_axis: str, y_axis: str) -> Plot:
    """A square plot of shares against shares, with the line on which both are equal."""

    def draw(axes: Axes, ground: _Ground) -> None:
        axes.plot([0, 1], [0, 1], color=ground.soft, linewidth=1.2, linestyle=(0, (4, 3)))
        for index, entry in enumerate(entries):
            colour, mark = ground.series[index % 6], _MARKS[index % 6]
            x, y = [point[0] for point in entry.points], [point[1] for point in entry.points]
            if entry.bounds:
                axes.vlines(x, [low for low, _ in entry.bounds], [high for _, high in entry.bounds], color=colour, alpha=0.5, linewidth=1.4)
            axes.plot(x, y, color=colour, marker=mark, markersize=6, linewidth=1.6, label=entry.name)
        axes.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), xlabel=x_axis, ylabel=y_axis, aspect="equal")
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, symbol=" %"))
        axes.grid(color=ground.grid, linewidth=0.8)

    return _plot(name, alt, caption, draw, 5.2, True)


def _plot(name: str, alt: str, caption: str, draw: Callable[[Axes, _Ground], None], height_in: float, has_legend: bool) -> Plot:
    light, dark = (_png(draw, ground, height_in, has_legend) for ground in (_LIGHT, _DARK))
    return Plot(name, light, dark, alt, caption)


def _png(draw: Callable[[Axes, _Ground], None], ground: _Ground, height_in: float, has_legend: bool) -> bytes:
    with rc_context(_settings(ground)):
        canvas = Canvas(figsize=(_WIDTH_IN, height_in), dpi=_DPI, layout="constrained")
        FigureCanvasAgg(canvas)
        axes = canvas.add_subplot()
        draw(axes, ground)
        if has_legend and axes.get_legend_handles_labels()[0]:
            canvas.legend(loc="outside upper left", ncols=4)
        data = io.BytesIO()
        # no version and no date in the file: the same bytes everywhere
        canvas.savefig(data, format="png", metadata={"Software": None})
    return data.getvalue()


def _settings(ground: _Ground) -> Any:
    """Matplotlib's settings; whatever its own configuration file says elsewhere is left to it."""
    return {
        "font.family": "DejaVu Sans",
        "font.size": 10,
        "text.color": ground.ink,
        "axes.labelcolor": ground.ink,
        "axes.edgecolor": ground.soft,
        "xtick.color": ground.soft,
        "ytick.color": ground.soft,
        "xtick.labelcolor": ground.ink,
        "ytick.labelcolor": ground.ink,
        "axes.facecolor": ground.paper,
        "figure.facecolor": ground.paper,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "legend.frameon": False,
    }
