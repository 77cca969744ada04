"""`catflap host report`: what came in a week or a month, as a page that prints, as CSV and as JSON."""

import argparse
import time
from contextlib import closing
from pathlib import Path

from catflap_host.commands.data_options import add_data_options, database_url
from catflap_host.commands.unmask_options import add_unmask_options, is_unmasked
from catflap_host.language.catalogue import by_code, languages
from catflap_host.reports.forms import masked
from catflap_host.reports.gather import gather
from catflap_host.reports.period import DEFAULT_ZONE, Every, last_over, named, zone_of
from catflap_host.reports.writing import write
from catflap_host.store.database import open_database

CODES = [language.code for language in languages()]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("every", choices=[every.value for every in Every], help="the length of its period")
    add_data_options(parser)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for the files, made if there is none")
    parser.add_argument("--period", metavar="NAME", help="such as 2026-W09 or 2026-02; without it the last that is over")
    parser.add_argument("--lang", choices=CODES, default="zh", help="language of page and CSV (default %(default)s)")
    parser.add_argument("--zone", default=DEFAULT_ZONE, metavar="NAME", help="time zone whose days count (default %(default)s)")
    parser.add_argument("--issuer", default="catflap", metavar="NAME", help="who makes the report (default %(default)s)")
    add_unmask_options(parser)


def run(args: argparse.Namespace) -> int:
    """Write the three files and name them; the aggregator may be running."""
    every, zone = Every(args.every), zone_of(args.zone)
    period = named(every, args.period) if args.period else last_over(every, time.time_ns() // 1_000_000, zone)
    with closing(open_database(args.data, database_url(args))) as database:
        is_whole = is_unmasked(database, args, f"report of {period.name}")
        report = gather(database, period, zone, args.issuer)
    for path in write(report if is_whole else masked(report), by_code(args.lang), args.out):
        print(path)
    return 0
