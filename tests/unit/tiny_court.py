"""A court small enough for tests: four lines, few callers, a bank of sixteen cards."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from catflap_models.court.case import Detector
from catflap_models.court.protocol import Court, untrained
from catflap_models.court.suite import QUICK

SIZE = replace(
    QUICK,
    name="tiny",
    lines=4,
    calls_per_day=30.0,
    before_days=3,
    days_by_share=((0.03, 1),),
    selectors=QUICK.selectors[:2],
    lessons=1,
    held_out=1,
    epochs=2,
    quiet=1,
    quiet_days=3,
    mixed=1,
    line_counts=(4,),
    other=1,
)


def tiny_court(accused: Detector, folder: Path) -> Court:
    """Before it a detector that is not trained anew; no baselines, no other processes, no word.

    All courts of a process learn from the same calls, so they are simulated once.
    """
    if not (folder / "lessons").exists():
        (folder / "lessons").symlink_to(_lessons().name, target_is_directory=True)
    return Court(SIZE, accused, untrained(accused), folder, has_baselines=False, say=lambda _: None)


@cache
def _lessons() -> TemporaryDirectory[str]:
    return TemporaryDirectory(prefix="catflap-lessons-")
