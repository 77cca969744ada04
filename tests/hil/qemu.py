"""The int8 interpreter alone on Cortex-M cores that qemu emulates: MicroPython's qemu port with it and the released model frozen in."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from catflap_image import debian, frozen, sources
from catflap_image.build import BuildError, ToolsMissing, require_tools
from tests.hil.prepare import BUILD, ROOT, MissingError

FIRMWARE = ROOT / "firmware"
MODULES = ("__init__", "verdict/__init__", "verdict/int8", "verdict/tflite", "verdict/kernel_viper", "verdict/kernel_plain")
RAW_REPL = b"\x01"


@dataclass(frozen=True, slots=True)
class Machine:
    """A board of the qemu port, how qemu calls it, and what its core executes."""

    board: str
    words: tuple[str, ...]
    settings: tuple[str, ...]


CORTEX_M0 = Machine(
    "MICROBIT",
    ("-machine", "microbit", "-global", "nrf51-soc.flash-size=1048576", "-global", "nrf51-soc.sram-size=262144"),
    # the port leaves the machine code emitter out for this one; an RP2040 has it
    ("MPY_CROSS_FLAGS=-march=armv6m", "CFLAGS_EXTRA=-DMICROPY_EMIT_THUMB=1 -DMICROPY_EMIT_THUMB_ARMV7M=0 -DMICROPY_EMIT_INLINE_THUMB=0"),
)
CORTEX_M3 = Machine("MPS2_AN385", ("-machine", "mps2-an385"), ())


def run_script(machine: Machine, script: str) -> str:
    """What a script prints there; raises MissingError."""
    qemu = shutil.which("qemu-system-arm")
    if qemu is None:
        raise MissingError("qemu-system-arm is not installed")
    image = _build(machine)
    words = [qemu, *machine.words, "-nographic", "-monitor", "null", "-semihosting", "-serial", "stdio", "-kernel", str(image)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        try:
            _read_until(process, b">>> ")
            process.stdin.write(RAW_REPL)
            process.stdin.flush()
            _read_until(process, b"CTRL-B to exit\r\n>")
            process.stdin.write(script.encode() + b"\x04")
            process.stdin.flush()
            printed, error, _ = _read_until(process, b"\x04>").split(b"\x04", 2)
        finally:
            process.kill()
    assert not error, error.decode()
    return printed.decode().removeprefix("OK")


def _read_until(process: "subprocess.Popen[bytes]", end: bytes) -> bytes:
    assert process.stdout is not None
    found = bytearray()
    while not found.endswith(end):
        byte = process.stdout.read(1)
        assert byte, f"qemu ended: {bytes(found[-300:])!r}"
        found += byte
    return bytes(found)


def _build(machine: Machine) -> Path:
    try:
        require_tools()
        out = ROOT / "build" / "firmware"
        out.mkdir(parents=True, exist_ok=True)
        with (out / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            tree = sources.prepare(out / "sources" / debian.SUITE)
            return _compiled(machine, tree)
    except (ToolsMissing, debian.ArchiveError) as reason:
        raise MissingError(str(reason).splitlines()[0]) from reason


def _compiled(machine: Machine, tree: Path) -> Path:
    folder = BUILD / "qemu" / machine.board
    image, stamp = folder / "firmware.elf", folder / "inputs"
    inputs = [Path(__file__), Path(sources.__file__), Path(debian.__file__)]
    inputs += [*(FIRMWARE / "catflap_probe" / f"{name}.py" for name in MODULES), *sorted((ROOT / "models/bundle").iterdir())]
    digest = hashlib.sha256(str(machine).encode())
    for path in inputs:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    if image.exists() and stamp.exists() and stamp.read_text() == digest.hexdigest():
        return image
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    frozen.write_data(folder / "data", ROOT / "models/bundle", Path(os.devnull))
    lines = [f'freeze("{folder / "data"}")', *(f'freeze("{FIRMWARE}", "catflap_probe/{name}.py")' for name in MODULES)]
    (folder / "manifest.py").write_text("\n".join(lines) + "\n")
    cross = tree / "mpy-cross"
    _make(["-C", str(cross)], folder)
    words = ["-C", str(tree / "ports/qemu"), f"BOARD={machine.board}", f"BUILD={folder}", f"FROZEN_MANIFEST={folder / 'manifest.py'}"]
    _make([*words, f"MICROPY_MPYCROSS={cross / 'build/mpy-cross'}", *machine.settings], folder)
    stamp.write_text(digest.hexdigest())
    return image


def _make(words: list[str], folder: Path) -> None:
    with (folder / "make.log").open("a") as log:
        done = subprocess.run(["make", f"-j{os.cpu_count()}", *words], stdout=log, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        raise BuildError(f"make failed, see {folder / 'make.log'}")
