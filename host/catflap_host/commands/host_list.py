"""`catflap host list`: our signed list for other houses, and theirs taken in."""

import argparse
import getpass
import json
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.commands.sharing_files import add_house_options, house_of, text_of
from catflap_host.correlate.warming import warmed
from catflap_host.errors import UserError
from catflap_host.export import signing
from catflap_host.reputation import document, issuing, kept, partners
from catflap_host.reputation.asking import ask
from catflap_host.reputation.taking import take
from catflap_host.store.database import Database, open_database
from catflap_host.store.unmask import MAX_REASON_CHARS, MIN_REASON_CHARS, note

_REASON = "the partners' agreement"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    export = actions.add_parser("export", help="write our list, signed, with whole numbers")
    export.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to; there must be none yet")
    export.add_argument("--to", required=True, metavar="NAME", help="for whom it is; kept in the audit")
    _add_ours(export)
    export.set_defaults(do=_export)
    send = actions.add_parser("send", help="bring our list to a partner's console; what it withdraws counts there at once")
    add_house_options(send, required=True)
    _add_ours(send)
    send.set_defaults(do=_send)
    taking = actions.add_parser("import", help="take a partner's list, in place of its last one")
    taking.add_argument("partner", help="as `catflap host partner list` shows it")
    taking.add_argument("--file", type=Path, help="its list, as its /api/v1/list gave it; or fetch it from --at")
    taking.add_argument("--reason", default=_REASON, help="what its numbers are wanted for, kept there (default: %(default)s)")
    add_house_options(taking, required=False)
    taking.set_defaults(do=_import)
    taken = actions.add_parser(
        "taken", help="lists that were taken, one a line: partner, issuer, key, sequence, entries, until when they count"
    )
    taken.set_defaults(do=_taken)
    drop = actions.add_parser("drop", help="let a partner's list count no more, until it sends a newer one")
    drop.add_argument("partner", help="as `taken` shows it")
    drop.set_defaults(do=_drop)
    for action in (export, send, taking, taken, drop):
        add_data_options(action)


def run(args: argparse.Namespace) -> int:
    """Do it; the aggregator may be running."""
    with closing(open_database(args.data, database_url(args))) as database:
        args.do(database, args)
    return 0


def _add_ours(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--issuer", default="catflap", metavar="NAME", help="our name in it (default %(default)s)")
    parser.add_argument("--reason", default=_REASON, help="why whole numbers leave, kept in the audit (default: %(default)s)")


def _export(database: Database, args: argparse.Namespace) -> None:
    signed = _issued(database, args, args.to)
    try:
        with args.out.open("x", encoding="utf-8") as file:
            file.write(json.dumps(signed))
    except OSError as error:
        raise UserError(f"cannot write {args.out}: {error.strerror}; name a file that is not there yet") from None


def _send(database: Database, args: argparse.Namespace) -> None:
    house = house_of(args)
    answer = json.loads(ask(house, "/list/send", _issued(database, args, house.url)))
    print(f"{answer['entries']} numbers and {answer['withdrawals']} withdrawals taken there")


def _issued(database: Database, args: argparse.Namespace, told_to: str) -> dict[str, str]:
    reason = args.reason.strip()
    if not MIN_REASON_CHARS <= len(reason) <= MAX_REASON_CHARS:
        raise UserError(f"a reason of {MIN_REASON_CHARS} to {MAX_REASON_CHARS} characters is needed: why whole numbers leave")
    correlation, _ = warmed(database)
    with database.write() as connection:
        note(connection, f"{getpass.getuser()} on the console", "list-issued", told_to[:MAX_REASON_CHARS], reason)
    issued = issuing.issue(database, correlation.groups(), args.issuer, told_to, _now_ms())
    return signing.signed(signing.load_signer(database, args.data), document.KIND, document.fields(issued))


def _import(database: Database, args: argparse.Namespace) -> None:
    partner = partners.named(database, args.partner)
    text = text_of(args.file) if args.file else ask(house_of(args), f"/list?unmask_reason={quote(args.reason)}")
    own_key_id = signing.load_signer(database, args.data).key_id
    found = take(database, partner, text, own_key_id, f"{getpass.getuser()} on the console", _now_ms())
    print(f"{len(found.entries)} numbers and {len(found.withdrawals)} withdrawals of {partner.name}, good until {_day(found.expires_ms)}")


def _taken(database: Database, _: argparse.Namespace) -> None:
    for one in kept.listed(database, _now_ms()):
        print("\t".join([one.source, one.issuer, one.key_id, str(one.sequence), str(one.entries), _day(one.expires_ms)]))


def _drop(database: Database, args: argparse.Namespace) -> None:
    kept.drop(database, args.partner)


def _day(moment_ms: int) -> str:
    return datetime.fromtimestamp(moment_ms / 1000, UTC).strftime("%Y-%m-%d")


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
