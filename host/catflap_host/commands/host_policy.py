"""`catflap host policy`: what probes do with calls, from the first draft to the probes and back."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from catflap_host.errors import UserError
from catflap_host.policy.compiling import compile_policy, no_pools
from catflap_host.policy.document import Document, DocumentError, parse
from catflap_host.policy.lists import ListError

MAX_FILE_BYTES = 200_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    check = actions.add_parser("check", help="say what is wrong with a policy's file, every fault with its place")
    check.add_argument("file", type=Path, help="the policy, JSON")
    check.add_argument("--compiled", type=Path, metavar="OUT", help="write what a probe would be given, for `catflap replay --policy OUT`")
    check.set_defaults(do=_check)


def run(args: argparse.Namespace) -> int:
    """Do it; the aggregator may be running."""
    status: int = args.do(args)
    return status


def _check(args: argparse.Namespace) -> int:
    document = _read(args.file)
    if document is None:
        return 1
    try:
        compiled = compile_policy(document, "1", no_pools, (), datetime.now(UTC)).with_serial(1)
        if args.compiled:
            args.compiled.write_bytes(compiled)
    except ListError as error:
        raise UserError(f"{args.file}: {error}") from None
    except OSError as error:
        raise UserError(f"{args.compiled} cannot be written: {error.strerror}; name another file") from None
    print(f"{args.file} is in order: {len(document.allow)} entries allow, {len(document.deny)} deny; {len(compiled)} bytes on a probe")
    return 0


def _read(path: Path) -> Document | None:
    """The policy in a file; None where it has faults, which are printed then. Raises UserError."""
    try:
        return parse(_text(path))
    except DocumentError as error:
        for fault in error.faults:
            print(f"{path}: {fault}")
        return None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UserError(f"{path} has over {MAX_FILE_BYTES} bytes, too many for a policy")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read {path}: {error}; name a policy's file") from None
