"""`python -m catflap_models.court [--quick]`: the whole protocol on a model bundle, as `make evaluate` runs it."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from time import monotonic

from catflap_models.court import figures, report
from catflap_models.court.detectors import BundleDetector
from catflap_models.court.figures import Figure
from catflap_models.court.points.p01_leave_one_family_out import leave_one_family_out
from catflap_models.court.points.p02_evasion import evasion
from catflap_models.court.points.p03_hard_negatives import hard_negatives
from catflap_models.court.points.p04_budget import budget
from catflap_models.court.points.p05_time_to_detect import time_to_detect
from catflap_models.court.points.p06_real_data import real_data
from catflap_models.court.points.p07_baselines import baselines
from catflap_models.court.points.p08_calibration import calibration
from catflap_models.court.points.p09_drift import drift
from catflap_models.court.points.p10_leakage import leakage
from catflap_models.court.points.p11_parity import parity
from catflap_models.court.protocol import Court, bundle_recipe
from catflap_models.court.report import Report, Section
from catflap_models.court.suite import FULL, QUICK
from catflap_models.court.words import number

ROOT = Path(__file__).parents[3]
NAME = "this detector"
POINTS: dict[int, Callable[[Court], Section]] = {
    1: leave_one_family_out,
    2: evasion,
    3: hard_negatives,
    4: budget,
    5: time_to_detect,
    6: real_data,
    7: baselines,
    8: calibration,
    9: drift,
    10: leakage,
    11: parity,
}


def main() -> int:
    """Judges, shows progress, prints the figures, writes evaluate.json and the report; 1 where a figure misses its bar."""
    parser = argparse.ArgumentParser(prog="python -m catflap_models.court", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a small form of every point, in under 4 minutes")
    parser.add_argument(
        "--bundle", type=Path, default=ROOT / "models" / "bundle", metavar="DIR", help="who is judged (default: the released one)"
    )
    parser.add_argument(
        "--points", type=int, nargs="+", default=sorted(POINTS), metavar="N", choices=sorted(POINTS), help="only these points"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "build", metavar="DIR", help="for evaluate.json and evaluate/ (default: build)")
    args = parser.parse_args()
    # each of the two processes has one core
    os.environ["OMP_NUM_THREADS"] = "1"
    size = QUICK if args.quick else FULL
    data = os.environ.get("CATFLAP_DATA")
    accused = BundleDetector(args.bundle, name=NAME)
    folder = args.out / "evaluate" / "work"
    court = Court(size, accused, bundle_recipe(size.epochs, NAME), folder, Path(data) if data else None, has_pool=True)
    began_s = monotonic()
    sections = []
    with court.session():
        for point in args.points:
            court.progress(f"point {point}")
            sections.append(POINTS[point](court))
            for figure in sections[-1].figures:
                if not figure.ok:
                    court.progress(f"point {point}: {figure.name} {figure.value} misses its bar {figure.bar}")
    took = _took(monotonic() - began_s, court)
    found = tuple(figure for section in sections for figure in section.figures) + took
    told = _report(court, sections, took, args.bundle)
    path = report.write(told, args.out / "evaluate", "report")
    figures.write(args.out / "evaluate.json", "evaluate", found)
    print(figures.table(found))
    print(f"\nreport: {path}")
    return 0 if all(figure.ok for figure in found) else 1


def _took(elapsed_s: float, court: Court) -> tuple[Figure, ...]:
    cpu_s = sum(usage.ru_utime + usage.ru_stime for usage in (getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN)))
    limit_min = 4.0 if court.size.name == "quick" else 60.0
    how = f"{court.size.name} protocol, {court.trunks_heard} trunks and {number(court.calls_heard)} calls heard, two processes"
    return (
        Figure(f"court.time.{court.size.name}", round(elapsed_s / 60, 2), "min", limit_min, "lower", how),
        Figure(f"court.time.{court.size.name}.cpu", round(cpu_s / 60, 2), "CPU min", None, "lower", "all processes"),
    )


def _report(court: Court, sections: list[Section], took: tuple[Figure, ...], bundle: Path) -> Report:
    missed = [figure.name for section in sections for figure in section.figures if figure.bar is not None and not figure.ok]
    barred = sum(figure.bar is not None for section in sections for figure in section.figures)
    version = json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))["version"]
    lead = (
        f"Bundle {version} before the court: {number(court.calls_heard)} simulated calls on {court.trunks_heard} trunks"
        f"{' and real ones' if court.data else ''}. It meets {barred - len(missed)} of {barred} bars. "
        "Simulated callers are no forecast of real ones: point 1, which leaves a family out, and point 10, which changes the generator, "
        "say how far the figures carry."
    )
    facts = (
        ("Detector", f"bundle {version}"),
        ("Protocol", court.size.name),
        ("Trunks", number(court.trunks_heard)),
        ("Calls", number(court.calls_heard)),
        ("Time", f"{took[0].value} min, {took[1].value} CPU min"),
        ("Date", datetime.now(UTC).strftime("%Y-%m-%d")),
    )
    return Report("Catflap: the court", lead, tuple(sections), facts)


if __name__ == "__main__":
    sys.exit(main())
