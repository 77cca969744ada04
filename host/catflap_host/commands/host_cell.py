"""`catflap host cell`: which aggregators share the probes, and which probe belongs to which."""

import argparse
from contextlib import closing

from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.ingest import cells
from catflap_host.store.database import Database, open_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="make a cell known, or give it other addresses")
    add.add_argument("cell", help="its name, as its own `host run --cell` says it")
    add.add_argument("urls", nargs="+", metavar="URL", help="where its probes report to")
    add.set_defaults(do=_add)
    assign = actions.add_parser("assign", help="let a probe belong to a cell; it is told with its next batch")
    assign.add_argument("probe")
    assign.add_argument("cell")
    assign.set_defaults(do=_assign)
    listing = actions.add_parser("list", help="cells, one a line: name, probes, addresses")
    listing.set_defaults(do=_list)
    for action in (add, assign, listing):
        add_data_options(action)


def run(args: argparse.Namespace) -> int:
    """Do it; the aggregator may be running."""
    with closing(open_database(args.data, database_url(args))) as database:
        args.do(database, args)
    return 0


def _add(database: Database, args: argparse.Namespace) -> None:
    cells.add(database, args.cell, args.urls)


def _assign(database: Database, args: argparse.Namespace) -> None:
    cells.assign(database, args.probe, args.cell)


def _list(database: Database, _: argparse.Namespace) -> None:
    for cell in cells.listed(database):
        print("\t".join([cell.name, str(cell.probes), *cell.urls]))
