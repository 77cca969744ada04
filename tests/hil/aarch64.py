"""A 64-bit Raspberry Pi's Python with LiteRT, under qemu's user emulation: Debian's packages and PyPI's wheels, only unpacked."""

import hashlib
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from catflap_image import debian
from tests.hil.prepare import BUILD, MissingError, fetch

PACKAGES = (
    "libc6",
    "libgcc-s1",
    "libstdc++6",
    "zlib1g",
    "libexpat1",
    "libssl3t64",
    "libzstd1",
    "libffi8",
    "libbz2-1.0",
    "liblzma5",
    "python3.13-minimal",
    "libpython3.13-minimal",
    "libpython3.13-stdlib",
)
PYTHON = "usr/bin/python3.13"
WHEELS = Path(__file__).with_name("aarch64.txt")
PLATFORM = (
    "--platform",
    "manylinux_2_28_aarch64",
    "--platform",
    "manylinux_2_27_aarch64",
    "--python-version",
    "313",
    "--implementation",
    "cp",
)


def command() -> tuple[list[str], Path]:
    """What starts that Python, and the folder of its packages; fetched once. Raises MissingError."""
    qemu = shutil.which("qemu-aarch64-static")
    if qemu is None:
        raise MissingError("qemu-aarch64-static is not installed")
    folder = BUILD / "aarch64"
    root, site, stamp = folder / "root", folder / "site", folder / "inputs"
    wanted = hashlib.sha256(WHEELS.read_bytes() + Path(__file__).read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        try:
            debian.fetch_root(folder, PACKAGES, "arm64")
        except debian.ArchiveError as reason:
            raise MissingError(str(reason).splitlines()[0]) from reason
        (root / "lib").symlink_to("usr/lib")
        words = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
        fetch([*words, *PLATFORM, "--require-hashes", "-r", str(WHEELS), "-d", "wheels"], folder, "LiteRT for aarch64 can't be had")
        for wheel in (folder / "wheels").glob("*.whl"):
            with zipfile.ZipFile(wheel) as file:
                file.extractall(site)
        shutil.rmtree(folder / "wheels")
        stamp.write_text(wanted)
    return [qemu, "-L", str(root), str(root / PYTHON)], site


def run(script: Path, words: list[str], path: list[Path], limit_s: float) -> str:
    """Runs a script there with `path` importable, and returns what it printed; raises MissingError, CalledProcessError."""
    python, site = command()
    environment = {"PYTHONPATH": ":".join(map(str, [*path, site])), "HOME": str(BUILD)}
    done = subprocess.run([*python, str(script), *words], env=environment, capture_output=True, text=True, timeout=limit_s, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout
