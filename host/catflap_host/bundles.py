"""Where the released model bundle lies."""

from pathlib import Path

import boards


def released_bundle() -> Path:
    """The folder of the bundle that this release of Catflap carries."""
    return Path(boards.__file__).parents[2] / "models" / "bundle"
