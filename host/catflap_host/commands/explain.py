"""`catflap explain`: why a recorded call was decided as it was."""

import argparse
from pathlib import Path

from boards.linux.litert import open_classifier
from catflap_host.bundles import released_bundle
from catflap_host.errors import UserError
from catflap_host.explain.case import find_case
from catflap_host.explain.telling import explanation
from catflap_host.explain.what_if import honest_ranges
from catflap_probe.policy import PolicyError
from catflap_probe.recording import RecordingError
from catflap_probe.verdict.bundle import BundleError, load


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("recording", type=Path, metavar="DIR", help="a recording's folder")
    parser.add_argument("--line", required=True, metavar="ID", help="the line, as trunk.json names it")
    parser.add_argument(
        "--t", type=float, required=True, metavar="S", help="a second of the recording at which the call rings; the last call by then"
    )
    parser.add_argument("--bundle", type=Path, metavar="DIR", help="model bundle (default: the released one)")


def run(args: argparse.Namespace) -> int:
    """Prints the explanation; raises UserError."""
    folder = args.bundle or released_bundle()
    try:
        bundle = load(str(folder), open_classifier)
        case = find_case(args.recording, args.line, args.t, bundle)
    except (RecordingError, PolicyError, BundleError) as fault:
        raise UserError(str(fault)) from fault
    if case is None:
        raise UserError(
            f"{args.recording}: no incoming call on line {args.line} by second {args.t:g}; labels.csv or `catflap replay` list them"
        )
    for text in explanation(case, bundle, honest_ranges(folder), args.line):
        print(text)
    return 0
