"""`python -m tests.scale [--only PART]`: many probes, many calls; written to build/scale.json."""

import argparse
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from catflap_models.court.figures import Figure
from tests.bench.figures import report
from tests.scale import memory, pages, storm

STORES = ("sqlite", "postgres")

Part = Callable[[Path], Iterator[Figure]]


def parts(probes: int, calls: int, stored: int) -> dict[str, Part]:
    """What is measured, in order."""
    return {
        **{f"storm.{name}": partial(storm.figures, name, count=probes) for name in storm.STORMS},
        **{f"memory.{store}": partial(memory.figures, store, count=calls) for store in STORES},
        **{f"page.{store}": partial(pages.figures, store, count=stored) for store in STORES},
    }


def measured(name: str, part: Part, folder: Path) -> Iterator[Figure]:
    """A part's figures, or one that says why there is none."""
    try:
        yield from part(folder)
    except (Exception, pytest.skip.Exception) as fault:
        traceback.print_exc()
        yield Figure(name, None, "-", None, "lower", f"not measured: {fault or type(fault).__name__}")


def main() -> int:
    """Runs, with progress; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.scale")
    parser.add_argument("--probes", type=int, default=storm.PROBES, help="that come at once (default %(default)s)")
    parser.add_argument("--calls", type=int, default=memory.CALLS, help="that come in, for the memory (default %(default)s)")
    parser.add_argument("--stored", type=int, default=pages.CALLS, help="calls that pages are asked of (default %(default)s)")
    parser.add_argument("--folder", type=Path, help="on the disk to be measured (default: the folder for temporary files)")
    parser.add_argument("--only", help="parts whose name begins so")
    args = parser.parse_args()
    found: list[Figure] = []
    for name, part in parts(args.probes, args.calls, args.stored).items():
        if args.only and not name.startswith(args.only):
            continue
        print(f"scale: {name}", flush=True)
        with TemporaryDirectory(prefix="catflap-scale-", dir=args.folder) as folder:
            for figure in measured(name, part, Path(folder)):
                print(f"scale: {figure.name} {figure.value} {figure.unit}", flush=True)
                found.append(figure)
    return report("scale", found)


if __name__ == "__main__":
    sys.exit(main())
