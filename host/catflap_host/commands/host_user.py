"""`catflap host user`: who may use the console and the API."""

import argparse
import sys
from collections.abc import Callable
from contextlib import closing
from typing import get_args

from catflap_host.access import entering, users
from catflap_host.access.roles import Role, Staff
from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.errors import UserError
from catflap_host.store.database import Database, open_database

TOKEN_DAYS = 365


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = _action(actions, "add", "add a user and print a link that lets him in once; there he chooses his password", _add)
    _role(add)
    _action(actions, "list", "users, one a line", _list, named=False)
    _role(_action(actions, "role", "give a user another role", _set_role))
    _action(actions, "disable", "let a user in no more, and end his sessions and tokens", _disable)
    _action(actions, "link", "print a link that lets a user in once; his password counts no more, he chooses another", _link)
    token = _action(actions, "token", "print a new API token; it is shown this once", _token)
    token.add_argument("--for", dest="purpose", default="", metavar="TEXT", help="what it is for; earlier ones for the same count no more")
    token.add_argument("--days", type=int, default=TOKEN_DAYS, help="how long it is good (default %(default)s)")


def run(args: argparse.Namespace) -> int:
    """Do it; the aggregator may be running."""
    with closing(open_database(args.data, database_url(args))) as database:
        args.do(database, args)
    return 0


Do = Callable[[Database, argparse.Namespace], None]


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, summary: str, do: Do, named: bool = True
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=summary, description=summary)
    if named:
        parser.add_argument("name", help="the user's name: 1 to 64 of A-Z a-z 0-9 . _ @ -")
    add_data_options(parser)
    parser.set_defaults(do=do)
    return parser


def _role(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--role", required=True, choices=[role.value for role in get_args(Staff)], help="viewer looks, operator acts, administrator sets up"
    )
    parser.add_argument("--unmask", action="store_true", help="may see whole numbers, giving a reason each time")


def _add(database: Database, args: argparse.Namespace) -> None:
    with database.write() as connection:
        users.add(connection, args.name, Role(args.role), args.unmask, None)
    _show_link(database, args.name)


def _list(database: Database, _: argparse.Namespace) -> None:
    for user in users.listed(database):
        marks = [("may unmask", user.may_unmask), ("no password yet", not user.has_password), ("disabled", user.disabled)]
        print("\t".join([user.name, user.role, *(words for words, holds in marks if holds)]))


def _set_role(database: Database, args: argparse.Namespace) -> None:
    users.set_role(database, args.name, Role(args.role), args.unmask)


def _disable(database: Database, args: argparse.Namespace) -> None:
    users.disable(database, args.name)


def _link(database: Database, args: argparse.Namespace) -> None:
    users.forget_password(database, args.name)
    _show_link(database, args.name)


def _show_link(database: Database, name: str) -> None:
    code = entering.issue_code(database, name)
    print("good once, within 24 hours, after the console's address:", file=sys.stderr)
    print(f"/enter?code={code}")


def _token(database: Database, args: argparse.Namespace) -> None:
    if not 1 <= args.days <= 3650:
        raise UserError(f"--days {args.days} is out of range; give 1 to 3650")
    if args.purpose:
        entering.revoke_tokens(database, args.name, args.purpose)
    print(entering.issue_token(database, args.name, args.purpose, args.days))
