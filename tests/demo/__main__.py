"""`python -m tests.demo [--seconds N]`: a day with a SIM bank in it on eight emulated lines, two probes and the aggregator."""

import argparse
import asyncio
import sys

from tests.demo.aggregator import AggregatorError
from tests.demo.run import run_demo
from tests.exchange.probe_process import ProbeError


def main() -> int:
    """Runs the demo and returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.demo", description=__doc__)
    parser.add_argument("--seconds", type=float, metavar="N", help="end after so many seconds of play (default: the day's end, or Ctrl-C)")
    arguments = parser.parse_args()
    try:
        return asyncio.run(run_demo(arguments.seconds))
    except (AggregatorError, ProbeError, TimeoutError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
