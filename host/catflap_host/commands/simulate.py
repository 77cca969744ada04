"""`catflap simulate`: random trunks as recordings with labels, as their lines' modems would have written them."""

import argparse
import time
from pathlib import Path

from catflap_host.errors import UserError
from catflap_models.simulate.fill import Size, fill
from catflap_models.simulate.progress import Progress

MOST = {"trunks": 99_999, "calls": 1_000_000_000, "lines": 64, "days": 366, "jobs": 256}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("out", type=Path, metavar="OUT", help="gets a folder a trunk: trunk-001 ...; must be empty, or not be there yet")
    amount = parser.add_mutually_exclusive_group()
    amount.add_argument("--trunks", type=int, default=1, metavar="N", help="so many trunks (default: %(default)s)")
    amount.add_argument("--calls", type=int, metavar="N", help="as many trunks as hold so many calls")
    parser.add_argument("--lines", type=int, default=16, metavar="N", help="lines of each trunk (default: %(default)s)")
    parser.add_argument("--days", type=int, default=24, metavar="N", help="days of each trunk (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="the same seed writes the same bytes (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="trunks written at once; changes no byte (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    """Writes, with progress on stderr, and prints a summary. Raises UserError."""
    for name, most in MOST.items():
        value = getattr(args, name)
        if value is not None and not 1 <= value <= most:
            raise UserError(f"--{name}: 1 to {most}, not {value}")
    _claim(args.out)
    progress = Progress(args.trunks, args.calls or 0)
    started = time.monotonic()
    try:
        trunks, counts = fill(args.out, Size(args.seed, args.lines, args.days), args.trunks, args.calls or 0, args.jobs, progress.told)
    except OSError as fault:
        raise UserError(f"{fault.filename or args.out}: cannot be written: {fault.strerror}") from fault
    finally:
        progress.close()
    print(f"{trunks} trunk{'s' * (trunks > 1)} in {args.out}: {counts.total()} calls in {time.monotonic() - started:.1f} s")
    for label, count in sorted(counts.items()):
        print(f"  {label:<14}{count:>9}")
    return 0


def _claim(out: Path) -> None:
    """Makes the folder; UserError where something is in it already."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        is_empty = not any(out.iterdir())
    except OSError as fault:
        raise UserError(f"{out}: cannot be used as a folder: {fault.strerror}") from fault
    if not is_empty:
        raise UserError(f"{out}: not empty; name a new folder, or empty this one")
