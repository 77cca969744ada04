"""`catflap number`: what the probe's numbering check finds about numbers."""

import argparse
import json
import unicodedata

from catflap_host.errors import UserError
from catflap_probe.verdict.numbering import check, check_dialled, describe
from catflap_probe.verdict.own_numbers import OwnNumbers
from catflap_probe.verdict.plausibility import VERDICTS, Numbering
from catflap_probe.verdict.trunk_plan import ROLES, TrunkPlan

COLUMNS = ("number", "verdict", "reason", "kind", "country", "holder", "place")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("numbers", nargs="+", metavar="NUMBER", help="as the line shows it: digits, with + where it is international")
    parser.add_argument("--country", default="CN", metavar="XX", help="the trunk's country in two letters (default: CN)")
    parser.add_argument("--area-code", default="", metavar="CODE", help="the trunk's own area code, as people dial it")
    parser.add_argument("--role", choices=ROLES, default=ROLES[0], help="what the trunk connects (default: %(default)s)")
    parser.add_argument(
        "--own", action="append", default=[], metavar="NUMBER", help="a number of the line itself, or FIRST-LAST; may be repeated"
    )
    parser.add_argument("--outgoing", action="store_true", help="the numbers are dialled, not shown by callers")
    parser.add_argument("--json", action="store_true", help="an object a number")


def run(args: argparse.Namespace) -> int:
    """Print a line a number. Raises UserError."""
    plan = TrunkPlan(args.country, args.area_code, args.role)
    if not plan.region:
        raise UserError(f"no country {args.country!r} in the number table: give two letters, such as CN or US")
    try:
        own = OwnNumbers(args.own, plan)
    except ValueError as fault:
        raise UserError(str(fault)) from None
    rows = [_row(number, check_dialled(number, plan) if args.outgoing else check(number, plan, own)) for number in args.numbers]
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return 0
    table = [list(COLUMNS), *([str(row[column]) or "-" for column in COLUMNS] for row in rows)]
    widths = [max(_width(cell) for cell in cells) for cells in zip(*table, strict=True)]
    for cells in table:
        print("  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True)).rstrip())
    return 0


def _row(number: str, found: Numbering) -> dict[str, str | bool]:
    holder, place = describe(found)
    return {
        "number": _printable(number),
        "verdict": VERDICTS[found.verdict],
        "reason": found.reason,
        "kind": found.kind_word(),
        "country": found.country,
        "holder": holder,
        "place": place,
        "foreign": found.is_foreign,
        "key": _printable(found.key),
    }


def _printable(text: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def _width(text: str) -> int:
    """Columns on a terminal: Chinese letters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
