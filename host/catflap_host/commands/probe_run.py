"""`catflap probe run`: a probe on this machine's lines, under CPython."""

import argparse
from pathlib import Path

from boards.linux.run import run as run_probe
from catflap_host.errors import UserError
from catflap_probe.config import ConfigError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "--config", type=Path, required=True, metavar="FILE", help="the probe's configuration (firmware/PROTOCOL.md, section 6)"
    )


def run(args: argparse.Namespace) -> int:
    """Runs until SIGTERM or SIGINT."""
    try:
        return run_probe(str(args.config))
    except (ConfigError, OSError) as fault:
        raise UserError(str(fault)) from fault
