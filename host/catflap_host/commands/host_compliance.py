"""`catflap host compliance`: a call centre's own calls against what people said, calling hours and authorised numbers."""

import argparse
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from catflap_host.api.masking import masked_call
from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.commands.unmask_options import add_unmask_options, is_unmasked
from catflap_host.compliance import asking, figures
from catflap_host.compliance import book as books
from catflap_host.compliance.checking import check_between
from catflap_host.compliance.rules import Violation
from catflap_host.errors import UserError
from catflap_host.export.files import csv_line, write_text
from catflap_host.registers.fields import LAST_MS, FieldError, moment_ms, written_moment
from catflap_host.store.database import Database, open_database

PAGE = 1_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    days = actions.add_parser("days", help="each contract's days: calls, answered, talk, violations, calls a seat, and what was agreed")
    days.add_argument("--out", type=Path, metavar="FILE", help="by campaign and presented number, as a new CSV file")
    days.set_defaults(do=_days)
    violations = actions.add_parser("violations", help="calls that broke something, one a line")
    violations.add_argument("--kind", choices=list(Violation), metavar="KIND", help=f"of one kind: {', '.join(Violation)}")
    add_unmask_options(violations)
    violations.set_defaults(do=_violations)
    check = actions.add_parser("check", help="look at all calls of a time once more, as the registers are now")
    check.set_defaults(do=_check)
    for action in (days, violations, check):
        action.add_argument("--since", required=True, metavar="DAY", help="such as 2026-03-02")
        action.add_argument("--until", metavar="DAY", help="the last day, default the first")
    for action in (days, violations):
        action.add_argument("--contract", default="", metavar="NAME", help="of one contract")
    ask = actions.add_parser("ask", help="whether a call may be made now; the exit status is 1 where it may not")
    ask.add_argument("called", help="whom")
    ask.add_argument("--contract", required=True, metavar="NAME", help="under which contract")
    ask.add_argument("--calling", default="", metavar="NUMBER", help="what it is to present")
    ask.add_argument("--country", default="CN", help="whose numbers have no country in front (default %(default)s)")
    ask.set_defaults(do=_ask)
    for action in (days, violations, check, ask):
        add_data_options(action)


def run(args: argparse.Namespace) -> int:
    """Do it; the aggregator may be running."""
    with closing(open_database(args.data, database_url(args))) as database:
        status: int = args.do(database, args)
    return status


def _days(database: Database, args: argparse.Namespace) -> int:
    found = figures.days(database, _day(args.since).isoformat(), _day(args.until or args.since).isoformat(), args.contract)
    if args.out:
        print(f"{write_text(args.out, figures.written(found)) - 1} lines in {args.out}")
        return 0
    heads = ("day", "contract", "calls", "answered", "talk_s", "violating", "calls/seat", "agreed", "violations")
    print("\t".join(heads))
    for total in figures.totals(books.load(database), found):
        kinds = {
            kind: sum(one.violations.get(kind, 0) for one in found if (one.day, one.contract) == (total.day, total.contract))
            for kind in Violation
        }
        told = " ".join(f"{kind}={count}" for kind, count in kinds.items() if count)
        counts = (
            total.calls,
            total.answered,
            total.talk_ms // 1_000,
            total.violating,
            total.calls_per_seat or "-",
            total.agreed_calls or "-",
        )
        print("\t".join([total.day, total.contract, *map(str, counts), told]))
    return 0


def _violations(database: Database, args: argparse.Namespace) -> int:
    is_whole = is_unmasked(database, args, f"violations {args.since} to {args.until or args.since}")
    since, until = _day(args.since).isoformat(), _day(args.until or args.since).isoformat()
    after = 0
    while found := figures.violating(database, since, until, after, PAGE, args.contract, args.kind or ""):
        for one in found:
            shown = one if is_whole else replace(one, call=masked_call(one.call))
            call = shown.call
            cells = [written_moment(call.at_ms), one.contract, one.campaign, call.line, call.calling, call.called, " ".join(one.violations)]
            print(csv_line(cells), end="")
        after = found[-1].call.id
    return 0


def _check(database: Database, args: argparse.Namespace) -> int:
    checked = check_between(database, *_span(args))
    print(f"{checked.calls} calls under a contract, something found in {checked.violating}")
    return 0


def _ask(database: Database, args: argparse.Namespace) -> int:
    found = asking.ask(database, args.contract, args.called, args.calling, args.country, time.time_ns() // 1_000_000)
    print("\t".join(["no", *found.violations] if found.violations else ["yes", *(f"not looked at: {one}" for one in found.unchecked)]))
    return 1 if found.violations else 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"'{text}' is no day; write 2026-03-02") from None


def _span(args: argparse.Namespace) -> tuple[int, int]:
    """The days in UTC, and half a day more on both sides, which any country's clocks lie within."""
    first, last = _day(args.since), _day(args.until or args.since)
    try:
        begins_ms, ends_ms = (moment_ms(datetime(day.year, day.month, day.day, tzinfo=UTC).isoformat()) for day in (first, last))
    except FieldError as error:
        raise UserError(str(error)) from None
    return max(begins_ms - 43_200_000, 0), min(ends_ms + 129_600_000, LAST_MS)
