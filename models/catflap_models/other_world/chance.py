"""Sources of chance: one for each purpose, so that they do not disturb each other."""

from random import Random


def chance(name: str) -> Random:
    """A source whose draws follow from its name alone."""
    return Random(name)  # noqa: S311 - a world, not a secret


def split(rng: Random) -> Random:
    """A source of its own for something that begins."""
    return chance(f"{rng.getrandbits(64):x}")
