"""The options by which a command gives whole numbers, under the name of a user who may see them."""

import argparse

from catflap_host.access import users
from catflap_host.errors import UserError
from catflap_host.store.database import Database
from catflap_host.store.unmask import MAX_REASON_CHARS, MIN_REASON_CHARS, note


def add_unmask_options(parser: argparse.ArgumentParser) -> None:
    """Declare `--unmask-as` and `--unmask-reason`."""
    parser.add_argument("--unmask-as", metavar="USER", help="whole numbers, under the name of a user who may see them")
    parser.add_argument("--unmask-reason", metavar="TEXT", help="why whole numbers are wanted; kept with the user's name")


def is_unmasked(database: Database, args: argparse.Namespace, about: str) -> bool:
    """Whether whole numbers are asked for, by somebody who may see them; that he did is on disk then. Raises UserError."""
    user, reason = args.unmask_as, args.unmask_reason
    if (user is None) != (reason is None):
        raise UserError("--unmask-as and --unmask-reason go together; give both or none")
    if user is None:
        return False
    if not MIN_REASON_CHARS <= len(reason.strip()) <= MAX_REASON_CHARS:
        raise UserError(f"a reason of {MIN_REASON_CHARS} to {MAX_REASON_CHARS} characters is needed: say what the numbers are wanted for")
    if not any(known.name == user and known.may_unmask and not known.disabled for known in users.listed(database)):
        raise UserError(f"{user} may not see whole numbers; `catflap host user role` gives that permission")
    with database.write() as connection:
        note(connection, user, "unmask-all", about, reason.strip())
    return True
