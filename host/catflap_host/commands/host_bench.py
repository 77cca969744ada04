"""`catflap host bench`: how many alerts a second the aggregator stores for good on this machine."""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from catflap_host.commands.data_options import database_url
from catflap_host.errors import UserError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--database", default="", metavar="URL", help="measure PostgreSQL too, in a schema that is dropped afterwards")
    parser.add_argument("--seconds", type=float, default=15.0, metavar="S", help="length of a run (default %(default)s)")
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="runs of each, of which the median counts (default %(default)s)")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="on the disk to be measured (default: the folder for temporary files)")
    parser.add_argument("--out", type=Path, default=Path("build/host_bench.json"), metavar="FILE", help="default %(default)s")


def run(args: argparse.Namespace) -> int:
    """Measure, print the figures and write them; 1 where one misses its bar."""
    try:
        # the figures' form is the court's, which only the `models` extra installs
        from catflap_host.bench import figures
        from catflap_models.court.figures import table, write
    except ModuleNotFoundError as fault:
        raise UserError(f"{fault.name} is not installed: pip install 'catflap[models]'") from fault
    if args.seconds <= 0 or args.runs < 1:
        raise UserError("--seconds must be more than 0, --runs at least 1")
    with TemporaryDirectory(dir=args.folder) as folder:
        found = figures.measured(Path(folder), database_url(args), args.seconds, args.runs)
    try:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        write(args.out, "host_bench", found)
    except OSError as fault:
        raise UserError(f"{args.out}: cannot be written: {fault.strerror}; name another file with --out") from fault
    print(table(found))
    return 0 if all(figure.ok for figure in found) else 1
