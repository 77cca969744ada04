"""`python -m tests.crash [--kills N] [--only SITE]`: kills under load, written to build/crash.json."""

import argparse
import logging
import sys
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from catflap_models.court.figures import Figure
from tests.bench.figures import report
from tests.crash.sites import PROBES, SITES, Found, killed, nats_killed

KILLS = 100
NATS, NATS_CLUSTER = "nats", "nats_cluster"
NATS_KILLS = 30
LONGEST_WAIT_S = 10.0


def figures(name: str, run: Callable[[], Found], wait_bar_s: float | None) -> Iterator[Figure]:
    """What a site's kills did to what was acknowledged."""
    try:
        found = run()
    except (Exception, pytest.skip.Exception) as fault:
        traceback.print_exc()
        yield Figure(f"crash.{name}.faults", None, "records", 0, "lower", f"not measured: {fault or type(fault).__name__}")
        return
    kills = ", ".join(f"{kind} {count} times" for kind, count in found.kills.items())
    how = f"{kills}, by SIGKILL while {PROBES} probes report; {found.acknowledged} records acknowledged, {found.kept.stored} stored"
    kept = found.kept
    wrong = f"lost {kept.lost}, twice {kept.twice}, gaps {kept.gaps}, altered {kept.altered}, miscounted {kept.miscounted}"
    yield Figure(f"crash.{name}.faults", kept.faults, "records", 0, "lower", f"{wrong}; {how}")
    yield Figure(f"crash.{name}.kills", sum(found.kills.values()), "kills", None, "higher", "by kind: see faults")
    longest = "longest time that any probe with records had no new acknowledgement, start of what was killed included"
    yield Figure(f"crash.{name}.longest_wait", round(found.longest_s, 1), "s", wait_bar_s, "lower", longest)


def main() -> int:
    """Runs, with progress; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tests.crash")
    parser.add_argument("--kills", type=int, default=KILLS, help="at each site (default %(default)s)")
    parser.add_argument("--nats-kills", type=int, default=NATS_KILLS, help="of a node and a worker at once (default %(default)s)")
    parser.add_argument("--only", choices=[*SITES, NATS, NATS_CLUSTER], help="one site")
    args = parser.parse_args()
    # the probes' own words about lost connections would hide the progress
    logging.disable(logging.WARNING)
    found: list[Figure] = []
    for name in (args.only,) if args.only else (*SITES, NATS, NATS_CLUSTER):
        with TemporaryDirectory(prefix="catflap-crash-") as folder:
            print(f"crash: {name}", flush=True)
            if name in SITES:
                found += figures(name, partial(killed, name, Path(folder), args.kills), None)
            else:
                # servers that are a cluster take up to 12.5 s to agree on who keeps MQTT's sessions, and no probe is let in before
                bar_s = LONGEST_WAIT_S if name == NATS else None
                found += figures(name, partial(nats_killed, Path(folder), args.nats_kills, name == NATS_CLUSTER), bar_s)
    return report("crash", found)


if __name__ == "__main__":
    sys.exit(main())
