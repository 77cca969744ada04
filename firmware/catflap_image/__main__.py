"""`python -m catflap_image BOARD`: makes build/firmware/BOARD/firmware.uf2 unless nothing has changed since, and says how large it is."""

import fcntl
import json
import sys

from . import sizes
from .build import KEPT_SIZES, PROJECT, BuildError, ToolsMissing, build
from .debian import ArchiveError
from .sources import SourcesError


def main(words: list[str]) -> int:
    """Runs; 2 for what this machine lacks, 1 where the image cannot be made of what is there."""
    if len(words) != 1:
        sys.stderr.write("usage: python -m catflap_image BOARD\n")
        return 2
    out = PROJECT / "build/firmware"
    out.mkdir(parents=True, exist_ok=True)
    try:
        with (out / "lock").open("w") as lock:
            # whoever else makes one at this moment has it ready for us
            fcntl.flock(lock, fcntl.LOCK_EX)
            is_new, place = build(words[0], out)
    except (ToolsMissing, ArchiveError) as fault:
        sys.stderr.write(f"catflap: {fault}\n")
        return 2
    except (BuildError, SourcesError) as fault:
        sys.stderr.write(f"catflap: {fault}\n")
        return 1
    figures = json.loads((out / "sizes.json").read_text())
    print(sizes.table(figures))
    print(f"{place / 'firmware.uf2'}{'' if is_new else ' (nothing has changed)'}")
    for line in sizes.growth(figures, json.loads(KEPT_SIZES.read_text()) if KEPT_SIZES.exists() else {}):
        print(f"grown: {line}; say so in CHANGELOG.md, then keep build/firmware/sizes.json as firmware/catflap_image/sizes.json")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
