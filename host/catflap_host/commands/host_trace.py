"""`catflap host trace`: every leg of a number's calls, as a bundle of evidence."""

import argparse
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from catflap_host.access import users
from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.errors import UserError
from catflap_host.store.database import Database, open_database
from catflap_host.store.unmask import MAX_REASON_CHARS, MIN_REASON_CHARS, note
from catflap_host.trace import evidence
from catflap_host.trace.chains import join
from catflap_host.trace.legs import legs_of
from catflap_host.trace.signing import signing_key
from catflap_host.trace.source import DatabaseSource


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("number", help="calling number in international form, such as +8613812345678")
    add_data_options(parser)
    parser.add_argument("--from", dest="since", required=True, metavar="TIME", help="calls that began then or later, ISO 8601")
    parser.add_argument("--to", dest="until", required=True, metavar="TIME", help="calls that began earlier; without a zone either is UTC")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="new folder for the evidence")
    parser.add_argument("--unmask-as", required=True, metavar="USER", help="who asks: a user who may see whole numbers")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why; kept with the user's name, and in the evidence")
    parser.add_argument(
        "--recording", type=Path, action="append", default=[], metavar="DIR", help="a recording whose files' hashes belong to the evidence"
    )


def run(args: argparse.Namespace) -> int:
    """Write the bundle; the aggregator may be running."""
    since_ms, until_ms = _moment_ms(args.since), _moment_ms(args.until)
    if since_ms >= until_ms:
        raise UserError("--from is not before --to; swap them")
    with closing(open_database(args.data, database_url(args))) as database:
        source = DatabaseSource(database)
        asked_ms = time.time_ns() // 1_000_000
        question = evidence.Question(args.number, since_ms, until_ms, args.unmask_as, args.reason.strip(), asked_ms)
        _allow(database, question)
        try:
            calls = join(legs_of(args.number, since_ms, until_ms, source))
        except ValueError as error:
            raise UserError(str(error)) from None
        evidence.write(
            args.out, evidence.bundle(evidence.gather(question, calls, source, args.recording), signing_key(database, args.data))
        )
    print(f"{len(calls)} calls with {sum(len(call.legs) for call in calls)} legs in {args.out}")
    for call in calls:
        first = call.entry()
        known = "let in by" if call.is_entry_known() else "first seen at"
        print(f"  {datetime.fromtimestamp(first.at_ms / 1000, UTC).isoformat(timespec='seconds')} {known} {first.trunk} of {first.probe}")
    return 0


def _allow(database: Database, question: evidence.Question) -> None:
    """Let those ask who may, and put it on record before they are answered."""
    if not MIN_REASON_CHARS <= len(question.reason) <= MAX_REASON_CHARS:
        raise UserError(f"a reason of {MIN_REASON_CHARS} to {MAX_REASON_CHARS} characters is needed: say what the evidence is wanted for")
    if not any(user.name == question.who and user.may_unmask and not user.disabled for user in users.listed(database)):
        raise UserError(f"{question.who} may not see whole numbers; `catflap host user role` gives that permission")
    with database.write() as connection:
        note(connection, question.who, "trace", database.vault.pseudonym(question.number), question.reason)


def _moment_ms(text: str) -> int:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UserError(f"'{text}' is no time; write 2026-03-02 or 2026-03-02T08:00+08:00") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
