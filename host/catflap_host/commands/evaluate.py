"""`catflap evaluate`: labelled recordings in, how well a model bundle does on them out."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from catflap_host.bundles import released_bundle
from catflap_host.errors import UserError
from catflap_probe.policy import PolicyError
from catflap_probe.recording import RecordingError
from catflap_probe.verdict.bundle import BundleError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "recordings",
        nargs="+",
        type=Path,
        metavar="DIR",
        help="a labelled recording, or a folder of them; those of one trunk share a memory",
    )
    parser.add_argument("--bundle", type=Path, metavar="DIR", help="model bundle (default: the released one)")
    parser.add_argument("--out", type=Path, default=Path("evaluate"), metavar="DIR", help="where the report goes (default: ./evaluate)")


def run(args: argparse.Namespace) -> int:
    """Judges, prints the figures, writes evaluate.json, evaluate.html and its plots; 1 where a figure misses its bar."""
    try:
        # the court needs what only the `models` extra installs
        from catflap_models.court import figures, report, summary
        from catflap_models.court.detectors import BundleDetector
        from catflap_models.court.trunks import LabelError, by_trunk
    except ModuleNotFoundError as fault:
        raise UserError(f"{fault.name} is not installed: pip install 'catflap[models]'") from fault
    bundle = args.bundle or released_bundle()

    def done(trial: summary.Trial) -> None:
        calls = trial.heard.calls
        print(f"catflap: {calls.trunk}: {len(calls.label)} labelled calls in {calls.days:.1f} days", file=sys.stderr)
        for note in trial.notes:
            print(f"catflap: {note}", file=sys.stderr)

    try:
        trials = summary.judge(by_trunk(args.recordings), BundleDetector(bundle), done)
        facts = (("Detector", _version(bundle)), ("Date", datetime.now(UTC).strftime("%Y-%m-%d")))
        told = summary.report(trials, facts)
    except (LabelError, RecordingError, PolicyError, BundleError) as fault:
        raise UserError(str(fault)) from fault
    try:
        path = report.write(told, args.out)
        figures.write(args.out / "evaluate.json", "evaluate", told.figures)
    except OSError as fault:
        raise UserError(f"{args.out}: cannot be written: {fault.strerror}") from fault
    print(figures.table(told.figures))
    print(f"\nreport: {path}")
    return 0 if all(figure.ok for figure in told.figures) else 1


def _version(bundle: Path) -> str:
    """The bundle's version, which its own reader has found in order."""
    return f"bundle {json.loads((bundle / 'bundle.json').read_text(encoding='utf-8'))['version']}"
