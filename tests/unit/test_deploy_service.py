"""The systemd unit: systemd takes it, and grants it next to nothing."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from catflap_host.cli import COMMANDS

DEPLOY = Path(__file__).resolve().parents[2] / "host" / "deploy"
UNIT = DEPLOY / "catflap.service"
INSTALLED = "/opt/catflap/.venv/bin/catflap"
MOST_EXPOSED = 15
"""In tenths of systemd's points: 0 is a service that may do nothing, 96 one without any of this."""

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze on this machine")


def analyze(tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`systemd-analyze` on the unit, with the program where it is here."""
    here = tmp_path / UNIT.name
    here.write_text(UNIT.read_text().replace(INSTALLED, str(Path(sys.prefix) / "bin" / "catflap")))
    return subprocess.run(["systemd-analyze", *words, str(here)], check=False, capture_output=True, text=True, timeout=60)


@needs_systemd
def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    done = analyze(tmp_path, "verify", "--man=no")
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
def test_unit_is_granted_next_to_nothing(tmp_path: Path) -> None:
    done = analyze(tmp_path, "security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSED}")
    assert done.returncode == 0, done.stdout[-300:] + done.stderr


def test_unit_runs_a_command_that_there_is() -> None:
    (start,) = re.findall(r"^ExecStart=(.*)$", UNIT.read_text(), re.MULTILINE)
    program, *words = start.split()
    assert program == INSTALLED
    assert " ".join(words[:2]) in COMMANDS
    (state,) = re.findall(r"^StateDirectory=(.*)$", UNIT.read_text(), re.MULTILINE)
    assert words[2:4] == ["--data", f"/var/lib/{state}"]
    (user,) = re.findall(r"^User=(.*)$", UNIT.read_text(), re.MULTILINE)
    assert re.search(rf"^u {user} ", (DEPLOY / "catflap.sysusers").read_text(), re.MULTILINE)
