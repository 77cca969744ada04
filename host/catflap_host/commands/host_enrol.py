"""`catflap host enrol`: a probe's key, made here and carried to the probe in a file."""

import argparse
from pathlib import Path

from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.store.enrolment import enrol, enrol_existing


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("probe", help="the probe's name: 1 to 64 of A-Z a-z 0-9 . _ -")
    add_data_options(parser)
    parser.add_argument("--key-file", type=Path, required=True, metavar="FILE", help="new file for the key, readable by its owner only")
    parser.add_argument("--existing", action="store_true", help="take the key that FILE holds, drawn by another aggregator")


def run(args: argparse.Namespace) -> int:
    """Enrol the probe; the aggregator may be running."""
    if args.existing:
        enrol_existing(args.probe, args.data, args.key_file, database_url(args))
        print(f"enrolled {args.probe} with the key in {args.key_file}, any earlier key of it no longer counts")
        return 0
    enrol(args.probe, args.data, args.key_file, database_url(args))
    print(f"enrolled {args.probe}; its key is in {args.key_file}, any earlier key of it no longer counts")
    return 0
