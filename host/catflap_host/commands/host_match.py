"""`catflap host match`: which numbers of a file are on a partner's list; it learns none of them, we none of its others."""

import argparse
import time
from contextlib import closing
from pathlib import Path

from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.commands.sharing_files import add_house_options, house_of, text_of
from catflap_host.errors import UserError
from catflap_host.number_form import international
from catflap_host.registers.fields import numbers_plan
from catflap_host.reputation import partners
from catflap_host.reputation.document import NUMBER
from catflap_host.reputation.matching import matched
from catflap_host.store.database import open_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("partner", help="as `catflap host partner list` shows it; its tags are checked by its registered key")
    parser.add_argument(
        "--numbers", type=Path, required=True, metavar="FILE", help="numbers, one a line; empty lines and what follows # are left out"
    )
    parser.add_argument("--country", default="CN", metavar="XX", help="whose numbers those without + are (default %(default)s)")
    add_house_options(parser, required=True)
    add_data_options(parser)


def run(args: argparse.Namespace) -> int:
    """Print the numbers that are listed there, one a line, as the file has them."""
    house, written = house_of(args), _numbers(args)
    with closing(open_database(args.data, database_url(args))) as database:
        partner = partners.named(database, args.partner)
    for number in matched(house, partner, list(written), time.time_ns() // 1_000_000):
        print(written[number], flush=True)
    return 0


def _numbers(args: argparse.Namespace) -> dict[str, str]:
    """By international form what the file has. Raises UserError."""
    plan = numbers_plan(args.country)
    found: dict[str, str] = {}
    for place, line in enumerate(text_of(args.numbers).splitlines(), 1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        number = international(text, plan)
        if not NUMBER.fullmatch(number):
            raise UserError(f"{args.numbers}, line {place}: that is no number; write it like +8613812345678")
        found.setdefault(number, text)
    return found
