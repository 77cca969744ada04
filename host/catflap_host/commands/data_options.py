"""The options by which a command is told where the aggregator keeps its data."""

import argparse
from pathlib import Path

from catflap_host.errors import UserError


def add_data_options(parser: argparse.ArgumentParser) -> None:
    """Declare `--data` and `--database`."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder of keys and database, made if there is none")
    parser.add_argument(
        "--database",
        default="",
        metavar="URL",
        help="PostgreSQL instead of the folder's own database: postgresql://USER@HOST:PORT/NAME; the password comes from ~/.pgpass",
    )


def database_url(args: argparse.Namespace) -> str:
    """What `--database` names, empty for the folder's own. Raises UserError, for a password in it too."""
    # only a command that opens the database needs SQLAlchemy
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    text: str = args.database
    try:
        if text and make_url(text).password is not None:
            raise UserError("--database holds a password, which others can see in the list of processes; put it into ~/.pgpass")
    except ArgumentError:
        raise UserError("--database is no address of a database; write for instance postgresql://catflap@127.0.0.1:5432/catflap") from None
    return text
