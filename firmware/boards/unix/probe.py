"""Runs a probe on MicroPython's Unix port until SIGINT: probe.py --config FILE."""

import asyncio
import json
import logging
import sys

from boards.unix.board import UnixBoard
from catflap_probe.config import Config, ConfigError
from catflap_probe.probe import Probe


def main(words: "list[str]") -> int:
    """Runs the probe of a configuration file; prints, at the end, how many records it made."""
    if len(words) != 2 or words[0] != "--config":
        sys.stderr.write("usage: probe.py --config FILE\n")
        return 2
    logging.basicConfig(level=logging.INFO)
    try:
        probe = Probe(UnixBoard(), Config(words[1]))
    except (ConfigError, OSError) as fault:
        sys.stderr.write("catflap: %s\n" % fault)
        return 2
    try:
        asyncio.run(probe.run())
    except KeyboardInterrupt:
        asyncio.new_event_loop()
        asyncio.run(probe.stop())
    print(json.dumps({"made": probe.made}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
