"""`catflap gateway`: many boards on USB serial, to the aggregator and to one memory."""

import argparse
import asyncio
import logging
import sys
from pathlib import Path

from catflap_host.gateway.service import Gateway
from catflap_host.gateway.settings import read_settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "--config", type=Path, required=True, metavar="FILE", help="the gateway's configuration (firmware/PROTOCOL.md, section 9)"
    )


def run(args: argparse.Namespace) -> int:
    """Runs until SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s", stream=sys.stderr)
    asyncio.run(Gateway(read_settings(args.config)).run())
    return 0
