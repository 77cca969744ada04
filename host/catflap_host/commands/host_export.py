"""`catflap host export`: calls as call detail records, CSV or Parquet."""

import argparse
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from catflap_host.access import users
from catflap_host.api.masking import masked_call
from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.errors import UserError
from catflap_host.export import cdr, files
from catflap_host.store.database import Database, open_database
from catflap_host.store.unmask import MAX_REASON_CHARS, MIN_REASON_CHARS, note

END_MS = 2**62


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_data_options(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="new file, .csv or .parquet")
    parser.add_argument(
        "--since", metavar="TIME", help="calls that began then or later, ISO 8601, such as 2026-03-02 or 2026-03-02T08:00+08:00"
    )
    parser.add_argument("--until", metavar="TIME", help="calls that began earlier; without a zone either is UTC")
    parser.add_argument("--unmask-as", metavar="USER", help="whole numbers, under the name of a user who may see them")
    parser.add_argument("--reason", metavar="TEXT", help="why whole numbers are wanted; kept with the user's name")


def run(args: argparse.Namespace) -> int:
    """Write the file; the aggregator may be running."""
    since_ms, until_ms = _moment_ms(args.since, 0), _moment_ms(args.until, END_MS)
    with closing(open_database(args.data, database_url(args))) as database:
        is_whole = _is_whole(database, args)
        rows = ([cdr.row(call if is_whole else masked_call(call)) for call in chunk] for chunk in cdr.chunks(database, since_ms, until_ms))
        count = files.write(args.out, rows)
    print(f"{count} calls in {args.out}")
    return 0


def _is_whole(database: Database, args: argparse.Namespace) -> bool:
    if (args.unmask_as is None) != (args.reason is None):
        raise UserError("--unmask-as and --reason go together; give both or none")
    if args.unmask_as is None:
        return False
    if not MIN_REASON_CHARS <= len(args.reason.strip()) <= MAX_REASON_CHARS:
        raise UserError(f"a reason of {MIN_REASON_CHARS} to {MAX_REASON_CHARS} characters is needed: say what the numbers are wanted for")
    if not any(user.name == args.unmask_as and user.may_unmask and not user.disabled for user in users.listed(database)):
        raise UserError(f"{args.unmask_as} may not see whole numbers; `catflap host user role` gives that permission")
    with database.write() as connection:
        note(connection, args.unmask_as, "export", f"{args.since or 'all'} to {args.until or 'now'}", args.reason.strip())
    return True


def _moment_ms(text: str | None, without: int) -> int:
    if text is None:
        return without
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise UserError(f"'{text}' is no time; write 2026-03-02 or 2026-03-02T08:00+08:00") from None
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
