"""`catflap host rotate-keys`: new keys for what is stored from now on."""

import argparse
from pathlib import Path

from catflap_host.store.keys import rotate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder of the keys")


def run(args: argparse.Namespace) -> int:
    """Draw the next version; the old ones stay, since what they sealed must be read."""
    version = rotate(args.data)
    print(f"version {version} of the keys is written with from the aggregator's next start on; take a new backup of the key file")
    return 0
