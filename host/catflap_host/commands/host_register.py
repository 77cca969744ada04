"""`catflap host register`: who wants no calls, who agreed to which, what trunks and numbers may be used for."""

import argparse
import csv
import getpass
import sys
import time
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.commands.unmask_options import add_unmask_options, is_unmasked
from catflap_host.errors import UserError
from catflap_host.export.files import write_text
from catflap_host.registers import entries, files
from catflap_host.registers.entries import Author, Draft, Outcome
from catflap_host.registers.fields import FieldError, numbers_plan
from catflap_host.registers.kinds import BEGINS, ENDS, KINDS, PERSON, Register
from catflap_host.store.database import Database, open_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    actions.add_parser("kinds", help="the registers, and the columns of each")
    listing = actions.add_parser("list", help="entries, one a line: id, from, until, fields")
    _register(listing)
    listing.add_argument("--of", metavar="SUBJECT", help="of this number, range, contract or day alone")
    listing.add_argument("--all", action="store_true", help="those that are over too")
    listing.set_defaults(do=_list)
    add = actions.add_parser("add", help="add an entry; it takes the place of the one in force that it differs from")
    _register(add)
    add.add_argument("cells", nargs="+", metavar="COLUMN=TEXT", help="as `kinds` lists the columns")
    add.set_defaults(do=_add)
    refuse = actions.add_parser("refuse", help="somebody wants no more calls: consents that this is about end now")
    refuse.add_argument("number", help="who")
    refuse.add_argument("--holder", default="", help="from this caller only")
    refuse.add_argument("--industry", default="", help="of this industry only")
    refuse.set_defaults(do=_refuse)
    end = actions.add_parser("end", help="let an entry hold no longer")
    end.add_argument("id", type=int, help="as `list` shows it")
    end.set_defaults(do=_end)
    history = actions.add_parser("history", help="who changed an entry, when and why, and those that there were in its place")
    history.add_argument("id", type=int, help="as `list` shows it")
    history.set_defaults(do=_history)
    take = actions.add_parser("import", help="take a CSV file in, whose first line names the columns")
    _register(take)
    take.add_argument("file", type=Path, help="UTF-8; every line at fault is told")
    take.add_argument("--in-part", action="store_true", help="take the other lines although some are at fault")
    take.set_defaults(do=_import)
    export = actions.add_parser("export", help="write a register as the CSV file that `import` takes")
    _register(export)
    export.add_argument("--out", type=Path, required=True, metavar="FILE", help="new file")
    export.set_defaults(do=_export)
    for action in (add, refuse, take, listing):
        action.add_argument("--country", default="CN", help="whose numbers have no country in front (default %(default)s)")
    for action in (add, refuse, end, take):
        action.add_argument("--reason", required=True, metavar="TEXT", help="why; kept with your name")
    for action in (listing, export):
        add_unmask_options(action)
    for action in (listing, add, refuse, end, history, take, export):
        add_data_options(action)


def run(args: argparse.Namespace) -> int:
    """Do it; the aggregator may be running. 1: a file was not taken, or not all of it."""
    if args.action == "kinds":
        _kinds()
        return 0
    with closing(open_database(args.data, database_url(args))) as database:
        status: int = args.do(database, args)
    return status


def _register(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("register", type=Register, choices=list(Register), metavar="REGISTER", help=", ".join(Register))


def _kinds() -> None:
    for register, kind in KINDS.items():
        print(f"{register}: {kind.summary}")
        for field in kind.fields:
            print(f"  {field.name:<14}{field.meaning}{' (needed)' if field.is_needed else ''}")
        print(f"  {BEGINS:<14}when it begins to hold{' (needed)' if kind.needs_begin else ', now where empty'}")
        print(f"  {ENDS:<14}when it is over{' (needed)' if kind.needs_end else ', open where empty'}")


def _list(database: Database, args: argparse.Namespace) -> int:
    now_ms = _now_ms()
    is_whole = is_unmasked(database, args, f"register {args.register}")
    if args.of is None:
        found = entries.everything(database, args.register)
    else:
        try:
            subject = KINDS[Register(args.register)].fields[0].read(args.of, numbers_plan(args.country))
        except FieldError as error:
            raise UserError(str(error)) from None
        found = iter(entries.of_subject(database, args.register, subject))
    out = csv.writer(sys.stdout, delimiter="\t", lineterminator="\n")
    for entry in found:
        if args.all or entry.holds(now_ms) or entry.begins_ms > now_ms:
            cells = files.as_row(entry, is_whole)
            fields = [f"{name}={text}" for name, text in cells.items() if text and name not in (files.ID, BEGINS, ENDS)]
            out.writerow([cells[files.ID], cells[BEGINS], cells[ENDS] or "open", *fields])
    return 0


def _add(database: Database, args: argparse.Namespace) -> int:
    cells = {}
    for cell in args.cells:
        name, is_given, text = cell.partition("=")
        if not is_given or name in cells:
            raise UserError(f"'{cell}' is not COLUMN=TEXT, each column once; `catflap host register kinds` lists the columns")
        cells[name] = text
    _told(entries.add(database, args.register, [_draft(args.register, cells, args.country)], _author(args)))
    return 0


def _refuse(database: Database, args: argparse.Namespace) -> int:
    cells = {PERSON: args.number, "holder": args.holder, "industry": args.industry}
    _told(entries.add(database, Register.DO_NOT_CALL, [_draft(Register.DO_NOT_CALL, cells, args.country)], _author(args)))
    return 0


def _end(database: Database, args: argparse.Namespace) -> int:
    entries.end(database, args.id, _now_ms(), _author(args))
    return 0


def _history(database: Database, args: argparse.Namespace) -> int:
    events = entries.history(database, args.id)
    if not events:
        raise UserError(f"there is no entry {args.id}; `catflap host register list` shows those there are")
    for event in events:
        at = datetime.fromtimestamp(event.at_ms / 1000, UTC).isoformat(timespec="seconds")
        print("\t".join([at, f"entry {event.entry}", event.what, event.who, event.why]))
    return 0


def _import(database: Database, args: argparse.Namespace) -> int:
    path: Path = args.file
    opened = partial(path.open, encoding="utf-8-sig", errors="surrogateescape", newline="")
    try:
        taken = files.take(database, args.register, opened, args.country, args.in_part, _author(args), _now_ms())
    except OSError as error:
        raise UserError(f"cannot read {args.file}: {error.strerror}; name a CSV file") from None
    for fault in taken.faults:
        print(f"{args.file}:{fault.line}: {fault.text}", file=sys.stderr)
    if taken.faulty:
        rest = "the others were taken" if args.in_part and taken.faulty < taken.lines else "nothing was taken"
        print(f"{taken.faulty} of {taken.lines} lines are at fault; {rest}", file=sys.stderr)
    _told(taken.outcome)
    return 1 if taken.faulty else 0


def _export(database: Database, args: argparse.Namespace) -> int:
    is_whole = is_unmasked(database, args, f"register {args.register}")
    count = write_text(args.out, files.written(args.register, entries.everything(database, args.register), is_whole))
    print(f"{count - 1} entries in {args.out}")
    return 0


def _draft(register: Register, cells: dict[str, str], country: str) -> Draft:
    draft = files.read_draft(register, cells, numbers_plan(country), _now_ms())
    if not isinstance(draft, Draft):
        raise UserError("; ".join(str(fault) for fault in draft))
    return draft


def _told(outcome: Outcome) -> None:
    print(f"{outcome.added} added, {outcome.changed} in the place of another, {outcome.unchanged} were there already")


def _author(args: argparse.Namespace) -> Author:
    return Author(f"{getpass.getuser()} on the console", args.reason)


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
