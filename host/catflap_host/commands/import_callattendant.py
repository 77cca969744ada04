"""`catflap import callattendant`: a call log of that program as a recording."""

import argparse
from pathlib import Path

from catflap_host.importers.callattendant import import_log


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("log", type=Path, metavar="LOG.csv", help="the program's call log, exported as CSV")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the recording's folder, made if missing")


def run(args: argparse.Namespace) -> int:
    """Imports and says how many calls it took."""
    calls = import_log(args.log, args.out)
    print(f"{calls} calls written to {args.out}")
    return 0
