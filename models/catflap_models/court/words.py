"""Figures as a person reads them in the court's report."""

import math
from collections.abc import Iterable

from catflap_models.court.metrics import Rate, Share

NOTHING = "–"


def percent(value: float | None) -> str:
    """A share in per cent: a decimal, and two digits of what is under 1 %; never rounded to none or to all."""
    if value is None:
        return NOTHING
    if value in (0.0, 1.0):
        return f"{100 * value:.0f} %"
    if value < 0.01:
        decimals = 1 - math.floor(math.log10(100 * value))
        return f"{100 * value:.{decimals}f}".rstrip("0").rstrip(".") + " %"
    return f"{100 * value:.1f} %" if value < 0.9995 else f"{_cut(100 * value)} %"


def _cut(value: float) -> str:
    """So many decimals of 99.9... as tell it from 100."""
    decimals = 2
    while f"{value:.{decimals}f}".startswith("100"):
        decimals += 1
    return f"{value:.{decimals}f}"


def span(share: Share | Rate) -> str:
    """The bounds of a share in per cent, those of a rate as they are; an empty cell's dash of nothing."""
    if isinstance(share, Share):
        return NOTHING if not share.total else "{} to {}".format(*map(percent, share.bounds))
    return NOTHING if not share.exposure else "{} to {}".format(*map(number, share.bounds))


def number(value: float | None) -> str:
    """A number to three digits, thousands set off."""
    if value is None:
        return NOTHING
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def one_in(value: float | None) -> str:
    """A small share as one in so many."""
    if value is None:
        return NOTHING
    return "none" if value == 0 else f"1 in {1 / value:,.0f}"


def listed(words: Iterable[str]) -> str:
    """Words in a row: a, b and c."""
    parts = list(words)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""
