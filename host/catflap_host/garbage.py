"""How often the process looks for garbage: seldom, since most of what it holds is there for long, thousands of connections above all."""

import gc

THRESHOLDS = (10_000, 20, 20)
"""For `gc.set_threshold`. With Python's own, a quarter of the time went into walking the connections of 5,000 probes as they came."""


def settle() -> None:
    """Take what is there now for permanent, and look for garbage seldom from here on."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
