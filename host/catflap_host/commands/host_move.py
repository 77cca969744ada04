"""`catflap host move`: the folder's SQLite database into PostgreSQL."""

import argparse

from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.errors import UserError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_data_options(parser)


def run(args: argparse.Namespace) -> int:
    """Move everything or nothing; the aggregator must not be running."""
    url = database_url(args)
    if not url:
        raise UserError("say where to with --database postgresql://USER@HOST:PORT/NAME")
    try:
        # only who has PostgreSQL has its driver
        from catflap_host.store.move import Moved, move
    except ImportError:
        raise UserError("PostgreSQL needs the driver psycopg: pip install 'catflap[postgres]'") from None

    def tell(moved: Moved) -> None:
        words = f"{moved.table}: {moved.rows} rows{', there already' if moved.was_there else ''}"
        print(f"{words}; {moved.repeated} drops told again under a number that is taken, left out" if moved.repeated else words, flush=True)

    move(args.data, url, tell)
    print(f"moved; from now on: catflap host run --data {args.data} --database {url}")
    print(f"{args.data}/catflap.db.moved is the way back until then; delete it afterwards, since nothing in it is deleted in time any more")
    return 0
