"""`catflap host partner`: houses that we share with, each with its key, its trust, its quota and its tokens."""

import argparse
import getpass
import json
import time
from contextlib import closing
from pathlib import Path

from catflap_host.access import entering
from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.commands.sharing_files import add_house_options, house_of, text_of
from catflap_host.errors import UserError
from catflap_host.export import signing
from catflap_host.reputation import links, match_key, partners
from catflap_host.store.database import Database, open_database
from catflap_host.store.unmask import note

TOKEN_DAYS = 365


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    add = actions.add_parser("add", help="register a partner by its public key, or change what is agreed with one")
    add.add_argument("name", help="what you call it: 1 to 64 of A-Z a-z 0-9 . _ -")
    add.add_argument(
        "--key", type=Path, required=True, help="its public key, as its /api/v1/list/key gave it; get it on a way that you trust"
    )
    add.add_argument(
        "--trust", type=int, default=partners.TRUST, metavar="PERCENT", help="how much its confidence counts here (default %(default)s)"
    )
    add.add_argument("--for-probes", action="store_true", help="tell its SIM banks' numbers to our probes too, as if we had found them")
    add.add_argument(
        "--daily-numbers", type=int, default=partners.DAILY_NUMBERS, metavar="N", help="so many may it match a day (default %(default)s)"
    )
    add.add_argument("--whole-numbers", action="store_true", help="it may fetch our list, with whole numbers")
    add.set_defaults(do=_add)
    listing = actions.add_parser(
        "list", help="partners, one a line: name, key, trust, numbers matched today of the quota, what is exchanged"
    )
    listing.set_defaults(do=_list)
    remove = actions.add_parser("remove", help="deal with a partner no more: its list and its tokens count no more")
    remove.add_argument("name", help="as `list` shows it")
    remove.set_defaults(do=_remove)
    token = actions.add_parser("token", help="print a token for a partner's programs; it is shown this once")
    token.add_argument("name", help="as `list` shows it")
    token.add_argument("--days", type=int, default=TOKEN_DAYS, help="how long it is good (default %(default)s)")
    token.set_defaults(do=_token)
    link = actions.add_parser("link", help="let the running aggregator exchange lists with a partner by itself")
    link.add_argument("name", help="as `list` shows it")
    link.add_argument("--fetch", action="store_true", help="fetch its list every hour; it must have granted us whole numbers")
    link.add_argument("--send", action="store_true", help="send it ours every six hours, and at once when an appeal was upheld")
    add_house_options(link, required=True)
    link.set_defaults(do=_link)
    unlink = actions.add_parser("unlink", help="exchange nothing with a partner by itself any more")
    unlink.add_argument("name", help="as `list` shows it")
    unlink.set_defaults(do=_unlink)
    key = actions.add_parser("key", help="print our own public key, by which partners know our lists")
    key.set_defaults(do=_key)
    rotate = actions.add_parser("rotate-key", help="replace the key of matching now; what partners have of it is worth nothing then")
    rotate.set_defaults(do=_rotate)
    for action in (add, listing, remove, token, link, unlink, key, rotate):
        add_data_options(action)


def run(args: argparse.Namespace) -> int:
    """Do it; the aggregator may be running."""
    with closing(open_database(args.data, database_url(args))) as database:
        args.do(database, args)
    return 0


def _add(database: Database, args: argparse.Namespace) -> None:
    terms = partners.Terms(args.trust, args.for_probes, args.daily_numbers, args.whole_numbers)
    partner = partners.add(database, args.name, text_of(args.key), terms, _who(), _now_ms())
    print(f"{partner.name} by the key {partner.key_id}")


def _list(database: Database, _: argparse.Namespace) -> None:
    today = partners.spent_on(database, _now_ms())
    linked = {link.partner: link for link in links.listed(database)}
    for one in partners.listed(database):
        asked = today.get((one.name, partners.NUMBERS), 0)
        marks = ["for probes"] if one.for_probes else []
        if link := linked.get(one.name):
            marks += [word for word, holds in (("fetches", link.fetches), ("sends", link.sends), (link.error, link.error)) if holds]
        print("\t".join([one.name, one.key_id, f"{one.trust} %", f"{asked} of {one.daily_numbers}", *marks]))


def _remove(database: Database, args: argparse.Namespace) -> None:
    partners.remove(database, args.name, _who())


def _token(database: Database, args: argparse.Namespace) -> None:
    if not 1 <= args.days <= 3650:
        raise UserError(f"--days {args.days} is out of range; give 1 to 3650")
    token = entering.issue_token(database, partners.named(database, args.name).name, "partner", args.days)
    with database.write() as connection:
        note(connection, _who(), "token-issue", args.name, "partner")
    print(token)


def _link(database: Database, args: argparse.Namespace) -> None:
    links.add(database, args.name, house_of(args), args.fetch, args.send, _who())


def _unlink(database: Database, args: argparse.Namespace) -> None:
    links.drop(database, args.name, _who())


def _key(database: Database, args: argparse.Namespace) -> None:
    print(json.dumps(signing.public_jwk(signing.load_signer(database, args.data))))


def _rotate(database: Database, _: argparse.Namespace) -> None:
    version = match_key.rotate(database, _now_ms())
    with database.write() as connection:
        note(connection, _who(), "match-key", f"version {version}", "")
    print(f"matching goes by key {version} now")


def _who() -> str:
    return f"{getpass.getuser()} on the console"


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
