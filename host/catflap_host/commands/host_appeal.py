"""`catflap host appeal`: who says that his number is stopped or listed without cause, and what was decided."""

import argparse
import getpass
from contextlib import closing
from datetime import UTC, datetime

from catflap_host.api.masking import mask, mask_text
from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.judged import appeals
from catflap_host.store.database import Database, open_database

MOST_LISTED = 10_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    take = actions.add_parser("take", help="take an appeal and print its id")
    take.add_argument("number", help="in international form, such as +8613812345678")
    take.add_argument(
        "--about", required=True, choices=[about.value for about in appeals.About], help="its calls are stopped, or a list holds it"
    )
    take.add_argument("--statement", required=True, metavar="TEXT", help="what is said for it, and how to answer; kept encrypted")
    take.set_defaults(do=_take)
    listing = actions.add_parser(
        "list", help="appeals, the newest first, one a line: id, state, about, number (masked), house, received, statement"
    )
    listing.add_argument("--state", choices=[state.value for state in appeals.State], help="only those")
    listing.set_defaults(do=_list)
    decide = actions.add_parser("decide", help="uphold an appeal, which takes the number off our lists, or reject it")
    decide.add_argument("id", help="as `list` shows it")
    decide.add_argument("state", choices=[appeals.State.UPHELD.value, appeals.State.REJECTED.value])
    decide.add_argument("--answer", required=True, metavar="TEXT", help="what who appealed is told; kept with your name")
    decide.set_defaults(do=_decide)
    for action in (take, listing, decide):
        add_data_options(action)


def run(args: argparse.Namespace) -> int:
    """Do it; the aggregator may be running."""
    with closing(open_database(args.data, database_url(args))) as database:
        args.do(database, args)
    return 0


def _take(database: Database, args: argparse.Namespace) -> None:
    print(appeals.receive(database, args.number, appeals.About(args.about), args.statement))


def _list(database: Database, args: argparse.Namespace) -> None:
    for appeal in appeals.listed(database, MOST_LISTED, appeals.State(args.state) if args.state else None):
        day = datetime.fromtimestamp(appeal.received_ms / 1000, UTC).strftime("%Y-%m-%d")
        words = " ".join(mask_text(appeal.statement).split())
        print("\t".join([appeal.id, appeal.state, appeal.about, mask(appeal.number), appeal.source or "-", day, words]))


def _decide(database: Database, args: argparse.Namespace) -> None:
    appeals.decide(database, args.id, appeals.State(args.state), f"{getpass.getuser()} on the console", args.answer)
