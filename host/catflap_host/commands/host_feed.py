"""`catflap host feed`: what other houses think of numbers, taken from their signed feeds."""

import argparse
import json
import re
import time
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.errors import UserError
from catflap_host.export import signing
from catflap_host.reputation import document, kept
from catflap_host.store.database import Database, open_database

MAX_FILE_BYTES = 16_000_000
_SOURCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    take = actions.add_parser("import", help="take a house's feed, in place of its last one")
    take.add_argument("source", help="what you call the house: 1 to 64 of A-Z a-z 0-9 . _ -")
    take.add_argument("--file", type=Path, required=True, help="its feed, as its /api/v1/feed gave it")
    take.add_argument(
        "--key", type=Path, required=True, help="its public key, as its /api/v1/feed/key gave it; get it on a way that you trust"
    )
    take.add_argument("--for-probes", action="store_true", help="tell its SIM banks' numbers to our probes too, as if we had found them")
    take.set_defaults(do=_import)
    listing = actions.add_parser("list", help="feeds that were taken, one a line: house, issuer, key, until when it counts")
    listing.set_defaults(do=_list)
    forget = actions.add_parser("forget", help="let a house's feed count no more, and take any key from it next")
    forget.add_argument("source", help="as `list` shows it")
    forget.set_defaults(do=_forget)
    key = actions.add_parser("key", help="print our own public key, which receivers of our feed check it with")
    key.set_defaults(do=_key)
    for action in (take, listing, forget, key):
        add_data_options(action)


def run(args: argparse.Namespace) -> int:
    """Do it; the aggregator may be running."""
    with closing(open_database(args.data, database_url(args))) as database:
        args.do(database, args)
    return 0


def _import(database: Database, args: argparse.Namespace) -> None:
    if not _SOURCE.fullmatch(args.source):
        raise UserError(f"'{args.source}' is no name for a house; use 1 to 64 of the characters A-Z a-z 0-9 . _ -")
    try:
        key = signing.read_jwk(_text(args.key))
    except (ValueError, RecursionError):
        raise UserError(f"{args.key} is no public key (JSON Web Key, Ed25519); fetch the house's /api/v1/feed/key") from None
    now_ms = time.time_ns() // 1_000_000
    try:
        feed = document.read(signing.verified(_text(args.file), key, document.KIND), now_ms)
        kept.take(database, args.source, signing.thumbprint(key), feed, args.for_probes, now_ms)
    except (signing.SignatureError, document.FeedError) as error:
        raise UserError(f"the feed in {args.file} is not taken: {error}") from None
    print(f"{len(feed.entries)} numbers of {args.source}, good until {_day(feed.expires_ms)}")


def _list(database: Database, _: argparse.Namespace) -> None:
    for source in kept.listed(database):
        marks = ["for probes"] if source.for_probes else []
        print("\t".join([source.source, source.issuer, source.key_id, _day(source.expires_ms), *marks]))


def _forget(database: Database, args: argparse.Namespace) -> None:
    kept.forget(database, args.source)


def _key(database: Database, args: argparse.Namespace) -> None:
    print(json.dumps(signing.public_jwk(signing.load_signer(database, args.data))))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UserError(f"{path} has over {MAX_FILE_BYTES} bytes, too many for a feed")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read {path}: {error}; name the file that you fetched") from None


def _day(moment_ms: int) -> str:
    return datetime.fromtimestamp(moment_ms / 1000, UTC).strftime("%Y-%m-%d")
