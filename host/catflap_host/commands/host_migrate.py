"""`catflap host migrate`: the database brought to this program's tables."""

import argparse
from pathlib import Path

from catflap_host.store.database import bring_up_to_date


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder of the database and its keys")


def run(args: argparse.Namespace) -> int:
    """Migrate, and leave no number in the clear behind; the aggregator must not be running."""
    applied = bring_up_to_date(args.data)
    print(f"brought up to date: {', '.join(applied)}" if applied else "up to date already")
    return 0
