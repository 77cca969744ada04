"""`catflap host webhook`: addresses that are told of alarms and stopped calls."""

import argparse
import sys
from contextlib import closing

from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.deliver import outbox
from catflap_host.store.database import Database, open_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="tell an address from now on; prints the secret that it checks signatures with, this once")
    add.add_argument("url", help="https://...")
    add.add_argument("--allow-private", action="store_true", help="it may be in this machine or its own networks, and without TLS")
    add.set_defaults(do=_add)
    listing = actions.add_parser("list", help="webhooks, one a line: id, address, messages that wait, that were given up, the last error")
    listing.set_defaults(do=_list)
    remove = actions.add_parser("remove", help="tell it no more, and forget what waits for it")
    remove.add_argument("id", help="as `list` shows it")
    remove.set_defaults(do=_remove)
    for action in (add, listing, remove):
        add_data_options(action)


def run(args: argparse.Namespace) -> int:
    """Do it; the aggregator may be running."""
    with closing(open_database(args.data, database_url(args))) as database:
        args.do(database, args)
    return 0


def _add(database: Database, args: argparse.Namespace) -> None:
    webhook, secret = outbox.add_webhook(database, args.url, args.allow_private)
    print(f"webhook {webhook}; its secret is shown this once:", file=sys.stderr)
    print(secret)


def _list(database: Database, _: argparse.Namespace) -> None:
    for webhook in outbox.webhooks(database):
        print("\t".join([webhook.id, webhook.url, str(webhook.waiting), str(webhook.given_up), webhook.error]))


def _remove(database: Database, args: argparse.Namespace) -> None:
    outbox.remove_webhook(database, args.id)
