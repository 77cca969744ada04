"""10: the Linux probe on a 64-bit Pi's Python and LiteRT, under qemu: a recording gives the same verdicts there as here."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from catflap_host.bundles import released_bundle
from catflap_models.court.figures import Figure
from tests.hil import aarch64
from tests.hil.conftest import Record
from tests.hil.prepare import ROOT, MissingError
from tests.replay.recorded import record_world

CALLS = 400
SCRIPT = Path(__file__).with_name("replay_on_aarch64.py")
LIMIT_S = 900


def test_a_recording_gives_the_same_verdicts_as_on_x86_64(tmp_path: Path, is_long: bool, record: Record) -> None:
    if not is_long:
        pytest.skip("minutes under emulation: make hil")
    if platform.machine() != "x86_64":
        pytest.skip("this machine is no x86-64 to compare with")
    recording = record_world(tmp_path / "recording", count=CALLS)
    words = [str(released_bundle()), str(recording)]
    path = [ROOT / "firmware"]
    try:
        there = aarch64.run(SCRIPT, words, path, LIMIT_S)
    except MissingError as reason:
        pytest.skip(str(reason))
    here = subprocess.run([sys.executable, str(SCRIPT), *words], capture_output=True, text=True, check=True).stdout
    rows = here.splitlines()
    assert len(rows) >= CALLS * 9 // 10
    differ = sum(one != other for one, other in zip(rows, there.splitlines(), strict=True))
    record(Figure("parity.aarch64.rows-that-differ", differ, "rows", 0, "lower", f"{len(rows)} verdicts and alarms, LiteRT on both"))
