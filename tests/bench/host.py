"""`python -m tests.bench.host`: `catflap host bench` with a PostgreSQL of our own beside it."""

import sys

from catflap_host.cli import main
from tests import postgres

if __name__ == "__main__":
    with postgres.server() as address:
        sys.exit(main(["host", "bench", "--database", address, *sys.argv[1:]]))
