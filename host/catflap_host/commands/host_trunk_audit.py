"""`catflap host trunk-audit`: what trunks presented against what they were given (语音中继排查), and who answers for it."""

import argparse
import getpass
import time
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.commands.unmask_options import add_unmask_options, is_unmasked
from catflap_host.compliance import book as books
from catflap_host.errors import UserError
from catflap_host.export.files import csv_line, write_text
from catflap_host.registers.fields import written_moment
from catflap_host.store.database import Database, open_database
from catflap_host.store.parties import DAY_MS
from catflap_host.trunk_audit import findings
from catflap_host.trunk_audit.findings import Finding, State
from catflap_host.trunk_audit.search import without_contract
from catflap_host.trunk_audit.service import WINDOW_MS, audit
from catflap_host.trunk_audit.telling import masked, written

MOST = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    search = actions.add_parser("search", help="search the calls of a time, by default the last 30 days, and raise what is new")
    search.add_argument("--since", metavar="DAY", help="such as 2026-03-02, UTC")
    search.add_argument("--until", metavar="DAY", help="the last day")
    search.set_defaults(do=_search)
    listing = actions.add_parser("list", help="findings, one a line: id, state, due, kind, contract, access party, subject, calls, details")
    listing.add_argument("--overdue", action="store_true", help="those past their deadline")
    listing.set_defaults(do=_list)
    show = actions.add_parser("show", help="a finding, how it was followed up, and the ids of the calls that show it")
    show.set_defaults(do=_show)
    move = actions.add_parser("move", help="bring a finding into another state")
    for action in (show, move):
        action.add_argument("id", type=int, help="as `list` shows it")
    move.add_argument("state", type=State, choices=list(State), metavar="STATE", help=", ".join(State))
    move.add_argument("--text", required=True, help="what is asked, answered or decided")
    move.set_defaults(do=_move)
    export = actions.add_parser("export", help="findings as CSV, for the party that gives access")
    export.add_argument("--out", type=Path, required=True, metavar="FILE", help="new file")
    export.set_defaults(do=_export)
    for action in (listing, export):
        action.add_argument("--state", choices=list(State), default="", metavar="STATE", help=f"of one state: {', '.join(State)}")
        action.add_argument("--contract", default="", metavar="NAME", help="of one contract")
    for action in (listing, show, export):
        add_unmask_options(action)
    for action in (search, listing, show, move, export):
        add_data_options(action)


def run(args: argparse.Namespace) -> int:
    """Do it; the aggregator may be running."""
    with closing(open_database(args.data, database_url(args))) as database:
        args.do(database, args)
    return 0


def _search(database: Database, args: argparse.Namespace) -> None:
    now_ms = _now_ms()
    until_ms = _day_ms(args.until) + DAY_MS if args.until else now_ms
    since_ms = _day_ms(args.since) if args.since else until_ms - WINDOW_MS
    if since_ms >= until_ms:
        raise UserError("--since is after --until; swap them")
    raised, known = audit(database, since_ms, until_ms, now_ms)
    print(f"{raised} findings are new, {known} were known")
    for probe, trunk, calls in without_contract(database, books.load(database), since_ms, until_ms):
        print(f"{trunk} of {probe} dialled {calls} times and has no contract")


def _list(database: Database, args: argparse.Namespace) -> None:
    now_ms = _now_ms()
    is_whole = is_unmasked(database, args, "trunk findings")
    for one in findings.listed(database, 0, MOST, args.state, args.contract, now_ms if args.overdue else None):
        print(_line(one if is_whole else masked(one), now_ms), end="")


def _show(database: Database, args: argparse.Namespace) -> None:
    is_whole = is_unmasked(database, args, f"trunk finding {args.id}")
    found = findings.one(database, args.id)
    if found is None:
        raise UserError(f"there is no finding {args.id}; `catflap host trunk-audit list` shows those there are")
    shown = found if is_whole else masked(found)
    print(_line(shown, _now_ms()), end="")
    for step in shown.history:
        print(csv_line([written_moment(step.at_ms), step.state.value, step.who, step.text]), end="")
    print(f"calls: {' '.join(map(str, shown.call_ids))}")


def _move(database: Database, args: argparse.Namespace) -> None:
    who = f"{getpass.getuser()} on the console"
    found = findings.move(database, books.load(database), args.id, args.state, who, args.text, _now_ms())
    print(f"finding {found.id} is {found.state}" + (f", due {written_moment(found.due_ms)}" if found.due_ms else ""))


def _export(database: Database, args: argparse.Namespace) -> None:
    is_whole = is_unmasked(database, args, "trunk findings")
    found = findings.listed(database, 0, MOST, args.state, args.contract)
    count = write_text(args.out, written((one if is_whole else masked(one) for one in found), _now_ms()))
    print(f"{count - 1} findings in {args.out}")


def _line(one: Finding, now_ms: int) -> str:
    due = ("overdue since " if one.is_overdue(now_ms) else "due ") + written_moment(one.due_ms) if one.due_ms else "-"
    details = "; ".join(f"{name}={text}" for name, text in one.details.items())
    known = (one.id, one.state.value, due, one.kind.value, one.contract, one.access_party, one.subject or "-", one.calls, details)
    return csv_line(known)


def _day_ms(text: str) -> int:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UserError(f"'{text}' is no day; write 2026-03-02") from None
    return max(int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1_000), 0)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
