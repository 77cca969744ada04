"""`python -m tests.bench.host`: `catflap host bench` with a PostgreSQL of our own beside it, and how long a report takes."""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from catflap_host.cli import main
from tests import postgres
from tests.bench import reports
from tests.bench.figures import report

if __name__ == "__main__":
    with postgres.server() as address:
        status = main(["host", "bench", "--database", address, *sys.argv[1:]])
        with TemporaryDirectory() as folder:
            status |= report("host_report", list(reports.figures(Path(folder), address)))
    sys.exit(status)
