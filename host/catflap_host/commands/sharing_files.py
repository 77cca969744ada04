"""What the commands of sharing read: files of bounded size, and the options that name another house."""

import argparse
from pathlib import Path

from catflap_host.errors import UserError
from catflap_host.reputation.asking import House

MAX_FILE_BYTES = 16_000_000


def text_of(path: Path) -> str:
    """A file's text. Raises UserError."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise UserError(f"{path} has over {MAX_FILE_BYTES} bytes, too many")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"cannot read {path}: {error}; name the file that you were given") from None


def add_house_options(parser: argparse.ArgumentParser, required: bool) -> None:
    """Declare `--at`, `--token-file` and `--ca`."""
    parser.add_argument(
        "--at", default="", required=required, metavar="URL", help="the partner's console, such as https://catflap.bank-a.example:8751"
    )
    parser.add_argument("--token-file", type=Path, required=required, metavar="FILE", help="the token that the partner gave us, in a file")
    parser.add_argument("--ca", type=Path, metavar="FILE", help="certificates (PEM) to know it by, without them the machine's own")


def house_of(args: argparse.Namespace) -> House:
    """The house that the options name. Raises UserError."""
    if not args.at or args.token_file is None:
        raise UserError("name the partner's console with --at and our token there with --token-file")
    return House(args.at, text_of(args.token_file).strip(), text_of(args.ca) if args.ca else "")
