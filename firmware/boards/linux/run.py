"""Runs a probe on Linux until SIGTERM or SIGINT."""

import asyncio
import json
import logging
import signal
import sys

from boards.linux.board import LinuxBoard
from catflap_probe.config import Config
from catflap_probe.probe import Probe


def run(config_path: str) -> int:
    """Runs the probe of a configuration file; prints, at the end, how many records it made. Raises ConfigError, OSError."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s: %(message)s", stream=sys.stderr)
    config = Config(config_path)
    made = asyncio.run(_run(config))
    print(json.dumps({"made": made}), flush=True)
    return 0


async def _run(config: Config) -> dict[str, int]:
    probe = Probe(LinuxBoard(), config)
    task = asyncio.ensure_future(probe.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        await probe.stop()
    return probe.made
