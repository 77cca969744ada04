"""Runs the probe of /config.json at power-on; Ctrl-C on USB stops it in order and brings the REPL."""

import asyncio
import gc
import logging
import sys

from boards.rp2.board import Rp2Board
from boards.rp2.usb import UsbText
from catflap_probe.board import FAULT
from catflap_probe.config import Config, ConfigError
from catflap_probe.probe import Probe

CONFIG = "/config.json"

COLLECT_BYTES = 32768
"""Garbage is collected after so much has been allocated, before it must be, so that what lives long lies together.

At a quarter of this collecting was half of what the core did on two lines.
"""


def main() -> None:
    """Returns where the probe was stopped, or could not start for a reason that somebody has to see to."""
    board = Rp2Board()
    logging.basicConfig(level=logging.INFO, stream=UsbText(board.usb))
    probe: Probe | None = None
    gc.collect()
    # before anything is made that stays: what the start leaves behind would lie between it, up to the heap's end
    gc.threshold(COLLECT_BYTES)
    try:
        config = Config(CONFIG, "board")
        if config.urls:
            raise ConfigError("%s: uplink: a board without a network reports by a port, not by a url" % CONFIG)
        probe = Probe(board, config)
        gc.collect()
        loop = asyncio.get_event_loop()
        loop.set_exception_handler(lambda _loop, context: board.restart(context["exception"]))
        board.begin()
        asyncio.run(probe.run())
    except ConfigError as fault:
        sys.stderr.write("catflap: %s\n" % fault)
        board.light.show(FAULT)
    except KeyboardInterrupt:
        if probe is not None:
            asyncio.new_event_loop()
            board.usb.begin()
            asyncio.run(probe.stop())
        board.release()
    except Exception as fault:
        board.restart(fault)


main()
