"""Point 11: the same verdict and alarm files, byte for byte, from CPython with LiteRT and from MicroPython."""

import subprocess
import sys
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from catflap_models.court import suite
from catflap_models.court.detectors import BundleDetector
from catflap_models.court.figures import Figure
from catflap_models.court.hearing import write
from catflap_models.court.protocol import Court
from catflap_models.court.report import Section
from catflap_models.court.words import number

RUNTIMES = ("cpython", "micropython")
_NAMES = ("verdicts", "alarms")


def parity(court: Court) -> Section:
    """Replays a trunk with every label, and one with a bank of neighbouring numbers, under both runtimes by the host's own command."""
    scenarios = [*suite.mixed(court.size)[:1], suite.base(court.size, "neighbouring")]
    differ, rows, fault = 0, 0, ""
    for scenario in scenarios:
        with TemporaryDirectory(prefix="catflap-court-") as place:
            folder = Path(place)
            write(scenario, folder / "trunk")
            for runtime in RUNTIMES:
                fault = fault or _replay(court, folder, runtime)
            if fault:
                break
            for name in _NAMES:
                first, second = ((folder / f"{runtime}-{name}.csv").read_bytes() for runtime in RUNTIMES)
                rows += first.count(b"\n") - 1
                differ += sum(a != b for a, b in zip_longest(first.split(b"\n"), second.split(b"\n")))
        court.progress(f"parity: {scenario.trunk.id}, {rows} rows so far, {differ} differ")
    how = f"not measured: {fault}" if fault else f"of {number(rows)} rows of verdicts and alarms on {len(scenarios)} trunks"
    figure = Figure("court.parity.rows-differing", None if fault else differ, "rows", 0, "lower", how)
    return Section(
        11,
        "Parity of runtimes",
        "The same recordings are replayed on CPython, where LiteRT runs the model, and on MicroPython, where the probe's own interpreter "
        "does; the files are compared byte for byte.",
        "No row differs.",
        f"Not measured: {fault}." if fault else f"{differ} of {number(rows)} rows differ.",
        (figure,),
    )


def _replay(court: Court, folder: Path, runtime: str) -> str:
    """Runs `catflap replay`; returns why it failed, or nothing."""
    if not isinstance(court.accused, BundleDetector):
        return "the accused is no model bundle"
    program = Path(sys.executable).with_name("catflap")
    if not program.exists():
        return "no catflap command beside this Python"
    command = [str(program), "replay", str(folder / "trunk"), "--runtime", runtime, "--bundle", str(court.accused.bundle)]
    command += ["--verdicts", str(folder / f"{runtime}-verdicts.csv"), "--alarms", str(folder / f"{runtime}-alarms.csv")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own command
    return (done.stderr.strip().splitlines() or ["it said nothing"])[-1] if done.returncode else ""
