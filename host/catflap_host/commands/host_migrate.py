"""`catflap host migrate`: the database brought to this program's tables."""

import argparse

from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.store.database import bring_up_to_date


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_data_options(parser)


def run(args: argparse.Namespace) -> int:
    """Migrate, and leave no number in the clear behind; the aggregator must not be running."""
    applied = bring_up_to_date(args.data, database_url(args))
    print(f"brought up to date: {', '.join(applied)}" if applied else "up to date already")
    return 0
