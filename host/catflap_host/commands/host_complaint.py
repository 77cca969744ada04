"""`catflap host complaint`: complaints about calls, from their coming in to their answer."""

import argparse
import csv
import getpass
import io
import os
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from catflap_host.api.masking import masked_complaint, masked_event
from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.commands.unmask_options import add_unmask_options, is_unmasked
from catflap_host.complaints import cases, csv_in, csv_out, evidence, handling, links, routing
from catflap_host.complaints.cases import Complaint, Filter
from catflap_host.complaints.filing import Filing, file
from catflap_host.complaints.handling import Step
from catflap_host.complaints.number import reported
from catflap_host.complaints.routing import Deadline, Rule
from catflap_host.complaints.terms import Finding, Kind, Source, State, Way
from catflap_host.errors import UserError
from catflap_host.industries import Industry
from catflap_host.store.database import Database, open_database

Do = Callable[[Database, argparse.Namespace, str, int], None]

_RULE_COLUMNS = ("kind", "industry", "holder", "prefix", "team")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _taking_in(actions)
    _looking(actions)
    _following(actions)
    rules = _action(actions, "rules", "show who deals with what, or route by a file's rules from now on", _rules)
    rules.add_argument(
        "file", nargs="?", type=Path, metavar="FILE", help=f"CSV with the columns {','.join(_RULE_COLUMNS)}; the first that fits counts"
    )
    deadlines = _action(actions, "deadlines", "show by when each step is due, or change that", _deadlines)
    deadlines.add_argument(
        "changes", nargs="*", metavar="KIND.STATE=HOURS", help="for instance fraud.verified=12; any.answered=360 for other kinds"
    )


def run(args: argparse.Namespace) -> int:
    """Do it; the aggregator may be running."""
    with closing(open_database(args.data, database_url(args))) as database:
        args.do(database, args, f"{getpass.getuser()} on the console", time.time_ns() // 1_000_000)
    return 0


def _taking_in(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    add = _action(actions, "add", "take a complaint in and print its number and the code that its complainer is to be given", _add)
    add.add_argument("number", help="the number complained of, as the telephone showed it, with area code")
    for name, enum, usual in (("--kind", Kind, Kind.OTHER), ("--industry", Industry, Industry.OTHER), ("--way", Way, Way.UNKNOWN)):
        add.add_argument(name, choices=[str(term) for term in enum], default=str(usual), help="(default %(default)s)")
    add.add_argument("--at", default="", metavar="TIME", help="when it rang, ISO 8601; without a zone China's")
    add.add_argument("--talk", type=int, default=-1, metavar="SECONDS", help="how long the call was")
    for name, summary in (("company", "who called"), ("content", "what was said"), ("contact", "the complainer's own number")):
        add.add_argument(f"--{name}", default="", metavar="TEXT", help=summary)
    take = _action(actions, "import", "take in a CSV file and write what became of each row", _import)
    take.add_argument("file", type=Path, metavar="FILE", help="CSV in UTF-8 or GB 18030, with a line of headings")
    take.add_argument("--out", type=Path, required=True, metavar="FILE", help="new CSV file: line, complaint, code, or why it was refused")
    link = _action(actions, "link", "print a link's word, by which whoever was called marks that very call, once", _link)
    link.add_argument("call", type=int, help="id of the stored call")
    link.add_argument("--days", type=int, default=7, help="how long it is good (default %(default)s)")


def _looking(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    shown = _action(actions, "list", "complaints, the newest first, one a line", _list)
    shown.add_argument("--state", choices=[str(state) for state in State])
    shown.add_argument("--team")
    shown.add_argument("--late", action="store_true", help="those alone whose next step is overdue")
    shown.add_argument("--limit", type=int, default=50, help="(default %(default)s)")
    add_unmask_options(shown)
    one = _action(actions, "show", "one complaint with its history, and what all complaints about its number are worth", _show)
    one.add_argument("id", type=int)
    add_unmask_options(one)
    export = _action(actions, "export", "all complaints as CSV, with the fields that 12321 asks for", _export)
    export.add_argument("--out", type=Path, required=True, metavar="FILE", help="new file")
    add_unmask_options(export)
    weigh = _action(actions, "weigh", "what the complaints about numbers, which may act as one, are worth", _weigh)
    weigh.add_argument("numbers", nargs="+", metavar="NUMBER")


def _following(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verify = _step(actions, "verify", "say what was found", State.VERIFIED)
    verify.add_argument("--finding", required=True, choices=[str(finding) for finding in Finding if finding])
    _step(actions, "handle", "say what was done about it", State.HANDLED)
    _step(actions, "answer", "tell the complainer", State.ANSWERED).add_argument(
        "--answer", required=True, metavar="TEXT", help="what he reads"
    )
    _step(actions, "reopen", "begin anew", State.RECEIVED)
    give = _action(actions, "give", "give a complaint to another team", _give)
    give.add_argument("id", type=int)
    give.add_argument("team")
    give.add_argument("--note", default="", metavar="TEXT")


def _action(actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, summary: str, do: Do) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=summary, description=summary)
    add_data_options(parser)
    parser.set_defaults(do=do)
    return parser


def _step(actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, summary: str, state: State) -> argparse.ArgumentParser:
    parser = _action(actions, name, summary, _take)
    parser.add_argument("id", type=int)
    parser.add_argument("--note", default="", metavar="TEXT", help="for the house; the complainer does not see it")
    parser.set_defaults(state=state, finding="", answer="")
    return parser


def _add(database: Database, args: argparse.Namespace, who: str, now_ms: int) -> None:
    at_ms = csv_in.moment_ms(args.at)
    terms = Kind(args.kind), Industry(args.industry), Way(args.way)
    said = Filing(Source.OPERATOR, args.number, *terms, at_ms, args.talk, args.company, args.content, args.contact)
    receipt = file(database, said, who, now_ms)
    print(f"{receipt.id}\t{receipt.code}")


def _import(database: Database, args: argparse.Namespace, who: str, now_ms: int) -> None:
    try:
        content = args.file.read_bytes()
    except OSError as error:
        raise UserError(f"cannot read {args.file}: {error.strerror}") from None
    written = io.StringIO(newline="")
    with _new_file(args.out) as out:
        taken = csv_in.take_in(database, content, who, who, now_ms)
        csv.writer(written).writerows(
            [("line", "complaint", "code", "refused"), *((row.line, row.id or "", row.code, row.error) for row in taken)]
        )
        out.write(written.getvalue())
    refused = sum(1 for row in taken if row.error)
    print(f"{len(taken) - refused} complaints taken in, {refused} rows refused; see {args.out}")


def _link(database: Database, args: argparse.Namespace, who: str, now_ms: int) -> None:
    print("good once, after the address of the complaints' page:", file=sys.stderr)
    print(f"/mark?link={links.issue(database, args.call, args.days, who, now_ms)}")


def _list(database: Database, args: argparse.Namespace, _: str, now_ms: int) -> None:
    whole = is_unmasked(database, args, "complaints")
    wanted = Filter(State(args.state) if args.state else None, team=args.team, overdue_at_ms=now_ms if args.late else 0)
    for case in cases.listed(database, wanted, max(1, args.limit)):
        print("\t".join(_summary(case if whole else masked_complaint(case), now_ms)))


def _show(database: Database, args: argparse.Namespace, _: str, now_ms: int) -> None:
    case = cases.one(database, args.id)
    whole = is_unmasked(database, args, f"complaint {case.id}")
    told = case if whole else masked_complaint(case)
    print("\t".join(_summary(told, now_ms)))
    for name in ("company", "content", "contact", "answer", "holder", "place", "site", "match"):
        if text := str(getattr(told, name)):
            print(f"{name:<10}{text.replace(chr(10), ' / ')}")
    for event in cases.history(database, case.id):
        step = event if whole else masked_event(event)
        print("\t".join([_time(step.at_ms), step.who, step.what, step.finding, step.team, step.note.replace("\n", " / ")]).rstrip())
    if case.number.startswith("+"):
        _print_weight(database, [case.number], now_ms)


def _export(database: Database, args: argparse.Namespace, _: str, now_ms: int) -> None:
    whole = is_unmasked(database, args, "complaints")
    found = cases.chunks(database, Filter(until_ms=now_ms))
    with _new_file(args.out) as out:
        for text in csv_out.text(chunk if whole else [masked_complaint(case) for case in chunk] for chunk in found):
            out.write(text)
    print(f"complaints in {args.out}")


def _weigh(database: Database, args: argparse.Namespace, _: str, now_ms: int) -> None:
    _print_weight(database, [reported(number, "CN", is_needed=True).international for number in args.numbers], now_ms)


def _take(database: Database, args: argparse.Namespace, who: str, now_ms: int) -> None:
    handling.take(database, args.id, Step(args.state, Finding(args.finding), args.note, args.answer), who, now_ms)


def _give(database: Database, args: argparse.Namespace, who: str, now_ms: int) -> None:
    handling.hand_over(database, args.id, args.team, args.note, who, now_ms)


def _rules(database: Database, args: argparse.Namespace, who: str, _: int) -> None:
    if args.file:
        try:
            rows = list(csv.DictReader(io.StringIO(args.file.read_text(encoding="utf-8-sig"), newline="")))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise UserError(f"cannot read {args.file}: {error}") from None
        routing.set_rules(database, [Rule(*(row.get(name) or "" for name in _RULE_COLUMNS)) for row in rows], who)
    with database.read() as connection:
        for rule in routing.rules_of(connection):
            print("\t".join(getattr(rule, name) or "any" for name in _RULE_COLUMNS))


def _deadlines(database: Database, args: argparse.Namespace, who: str, _: int) -> None:
    for text in args.changes:
        routing.set_deadline(database, _deadline(text), who)
    with database.read() as connection:
        for deadline in routing.deadlines_of(connection):
            print(f"{deadline.kind or 'any':<14}{deadline.state:<10}{deadline.hours:>6} hours")


def _deadline(text: str) -> Deadline:
    left, _, hours = text.partition("=")
    kind, _, state = left.partition(".")
    if state not in list(State) or not hours.isascii() or not hours.isdigit():
        raise UserError(f"'{text}' is not KIND.STATE=HOURS; write for instance fraud.verified=12")
    return Deadline("" if kind == "any" else kind, State(state), int(hours))


def _summary(case: Complaint, now_ms: int) -> Iterable[str]:
    due = "" if not case.due_ms else f"{'LATE' if case.due_ms < now_ms else 'due'} {_time(case.due_ms)}"
    return (
        str(case.id),
        _time(case.received_ms),
        case.number or "no number",
        case.kind,
        case.industry,
        case.state,
        case.finding,
        case.team,
        due,
    )


def _print_weight(database: Database, numbers: list[str], now_ms: int) -> None:
    found = evidence.about(database, numbers, now_ms)
    print(
        f"{found.complaints} complaints of {found.complainers} people from {found.origins} lines or networks, {found.called_lines} lines "
        f"were rung: worth {found.voices / 1000:.1f} voices, score {found.score / 100:.0f} %, brigade {found.brigade / 10:.0f} %"
    )
    for reason in found.reasons:
        print(f"  {reason}")


def _new_file(path: Path) -> io.TextIOBase:
    """A new file for its owner only. Raises UserError."""
    try:
        return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8", newline="")
    except OSError as error:
        raise UserError(f"cannot write {path}: {error.strerror}; name a new file in a folder of yours") from None


def _time(moment_ms: int) -> str:
    return datetime.fromtimestamp(moment_ms / 1000, UTC).strftime("%Y-%m-%dT%H:%MZ")
