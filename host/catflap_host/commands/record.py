"""`catflap record`: what a probe's lines say, as a recording."""

import argparse
from pathlib import Path

from boards.linux.record import record
from catflap_host.errors import UserError
from catflap_probe.config import Config, ConfigError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="a probe's configuration: its trunk and ports are used")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the recording's folder; must hold no recording yet")


def run(args: argparse.Namespace) -> int:
    """Records until SIGTERM or SIGINT."""
    try:
        record(Config(str(args.config)), args.out)
    except (ConfigError, OSError) as fault:
        raise UserError(str(fault)) from fault
    print(f"recorded into {args.out}")
    return 0
