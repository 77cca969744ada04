"""`catflap host migrate`: the database brought to this program's tables."""

import argparse
import time
from contextlib import closing

from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.store.database import bring_up_to_date, open_database
from catflap_host.store.retention import expire


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_data_options(parser)


def run(args: argparse.Namespace) -> int:
    """Migrate, leave no number in the clear behind, and delete what is past its time; the aggregator must not be running."""
    url = database_url(args)
    applied = bring_up_to_date(args.data, url)
    print(f"brought up to date: {', '.join(applied)}" if applied else "up to date already")
    with closing(open_database(args.data, url)) as database:
        gone = expire(database, time.time_ns() // 1_000_000)
    if any(gone.values()):
        print(f"past their time and deleted: {', '.join(f'{n} {kind}' for kind, n in gone.items() if n)}")
    return 0
