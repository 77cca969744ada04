"""`catflap host keep`: how long each kind of data is kept."""

import argparse
import getpass
from contextlib import closing

from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.errors import UserError
from catflap_host.store.database import open_database
from catflap_host.store.retention import keep as keep_for
from catflap_host.store.retention import kept


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("changes", nargs="*", metavar="KIND=DAYS", help="keep that kind for so many days from now on")
    add_data_options(parser)


def run(args: argparse.Namespace) -> int:
    """Change what is asked and show all; the aggregator may be running and follows within the hour."""
    changes = dict(_change(text) for text in args.changes)
    with closing(open_database(args.data, database_url(args))) as database:
        days = keep_for(database, changes, f"{getpass.getuser()} on the console") if changes else kept(database)
    for kind, kept_days in days.items():
        print(f"{kind:<12}{kept_days:>6} days")
    return 0


def _change(text: str) -> tuple[str, int]:
    kind, _, days = text.partition("=")
    if not days.isascii() or not days.isdigit():
        raise UserError(f"'{text}' is not KIND=DAYS; write for instance numbers=60")
    return kind, int(days)
