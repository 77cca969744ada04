"""`catflap watch`: what a probe on this machine does, in a terminal, without aggregator and network."""

import argparse
import os
from pathlib import Path

from catflap_host.errors import UserError
from catflap_host.language.catalogue import by_code, languages
from catflap_probe.config import Config, ConfigError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="the probe's configuration; the probe runs beside this")
    codes = [language.code for language in languages()]
    parser.add_argument("--language", choices=codes, default=_own(codes), help="default: that of LANG, or English")


def run(args: argparse.Namespace) -> int:
    """Runs until q is pressed."""
    try:
        config = Config(str(args.config))
    except ConfigError as fault:
        raise UserError(str(fault)) from fault
    state = Path(config.state)
    if not (state / "spool").is_dir():
        raise UserError(f"{state}/spool is not there: start the probe first (catflap probe run --config {args.config})")
    try:
        from catflap_host.watch.screen import WatchScreen
    except ImportError:
        raise UserError("watching needs the package textual, which is not installed here: pip install 'catflap[watch]'") from None
    record = Path(config.record) if config.record else None
    WatchScreen(state, record, [line.id for line in config.trunk.lines], by_code(args.language)).run()
    return 0


def _own(codes: list[str]) -> str:
    code = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return code[:2] if code[:2] in codes else codes[0]
