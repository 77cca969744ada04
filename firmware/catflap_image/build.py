"""Compiles an image: sources once, then MicroPython for a board with our modules frozen in."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from . import debian, frozen, sizes, sources, uf2

FIRMWARE = Path(__file__).parents[1]
PROJECT = FIRMWARE.parent
BUNDLE = PROJECT / "models/bundle"
NUMBERS = FIRMWARE / "catflap_probe/verdict/numbers.bin"
MAIN = "boards/rp2/main.py"
"""Runs at power-on."""

KEPT_SIZES = Path(__file__).with_name("sizes.json")


class Board(NamedTuple):
    """What an image has to know of a board."""

    family: int  # of its chip, in the UF2 specification
    room: int  # bytes of flash before the file system, as MicroPython's mpconfigboard.h of that board has it


BOARDS = {"RPI_PICO": Board(0xE48BFF56, 640 << 10), "RPI_PICO2": Board(0xE48BFF59, 1 << 20)}
"""Boards of MicroPython's rp2 port."""

TOOLS = {
    "cmake": "cmake",
    "make": "make",
    "gcc": "gcc",
    "dpkg-source": "dpkg-dev",
    "arm-none-eabi-gcc": "gcc-arm-none-eabi",
    "arm-none-eabi-g++": "libstdc++-arm-none-eabi-newlib",
}
"""Programs that must be installed, and the Debian packages that hold them."""


class BuildError(Exception):
    """The image could not be made; the message says why and what to do."""


class ToolsMissing(Exception):
    """Compilers are not installed; the message says which packages to install."""


def build(board: str, out: Path) -> tuple[bool, Path]:
    """Makes OUT/BOARD/firmware.{elf,bin,uf2} and OUT/sizes.json; (whether it had to, its folder). Raises ToolsMissing, BuildError."""
    if board not in BOARDS:
        raise BuildError(f"BOARD={board}: one of {', '.join(BOARDS)}")
    require_tools()
    place = out / board
    stamp = place / "inputs"
    key = input_hash(board)
    if stamp.exists() and stamp.read_text() == key and (place / "firmware.uf2").exists():
        return False, place
    stamp.unlink(missing_ok=True)
    work = out / "work" / board
    work.mkdir(parents=True, exist_ok=True)
    micropython = sources.prepare(out / "sources" / debian.SUITE)
    mpy_cross = _mpy_cross(micropython, work / "mpy-cross.log")
    frozen.write_data(work / "data", BUNDLE, NUMBERS)
    frozen.write_manifest(work / "manifest.py", FIRMWARE, frozen_modules(), MAIN, work / "data")
    _compile(board, micropython, mpy_cross, work)
    check_machine_code(work / "firmware.elf")
    image = (work / "firmware.bin").read_bytes()
    if len(image) > BOARDS[board].room:
        raise BuildError(f"the image has {len(image)} bytes and would reach into the file system: there is room for {BOARDS[board].room}")
    place.mkdir(parents=True, exist_ok=True)
    for name in ("firmware.elf", "firmware.bin"):
        shutil.copyfile(work / name, place / name)
    (place / "firmware.uf2").write_bytes(uf2.container(image, BOARDS[board].family))
    figures = {board: sizes.of_image(place / "firmware.elf", next(work.rglob("frozen_content.c.o*")))}
    figures.update(sizes.of_modules(mpy_cross, {name: FIRMWARE / name for name in frozen_modules()}, out / "mpy"))
    sizes.update(out / "sizes.json", figures)
    stamp.write_text(key)
    return True, place


def require_tools() -> None:
    """Raises ToolsMissing where a compiler is."""
    missing = {package for program, package in TOOLS.items() if shutil.which(program) is None}
    if "gcc-arm-none-eabi" in missing or _asks_gcc("-print-file-name=nosys.specs") == "nosys.specs":
        missing.add("libnewlib-arm-none-eabi")
    if missing:
        raise ToolsMissing(
            f"not installed: apt-get install --no-install-recommends {' '.join(sorted(missing | {'libnewlib-arm-none-eabi'}))}"
        )


def check_machine_code(elf: Path) -> None:
    """Raises BuildError where frozen machine code does not begin at a multiple of four: it would compute wrong results without a word."""
    words = ["arm-none-eabi-nm", str(elf)]
    symbols = subprocess.run(words, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own words
    code = re.findall(r"^(\w+) t (fun_data_\w+)$", symbols, re.MULTILINE)
    crooked = [name for address, name in code if int(address, 16) % 4]
    if crooked or not code:
        raise BuildError(f"{elf}: frozen machine code at odd places or missing: {', '.join(crooked)}")


def input_hash(board: str) -> str:
    """A digest of everything that an image is made of: our files, the scripts, the board and the compiler."""
    digest = hashlib.sha256(f"{board}\n{debian.SUITE}\n{_asks_gcc('--version')}\n".encode())
    inputs = [*Path(__file__).parent.glob("*.py"), *(FIRMWARE / "boards/rp2").glob("*"), *(FIRMWARE / name for name in frozen_modules())]
    inputs += [BUNDLE / "bundle.json", BUNDLE / "model.tflite", NUMBERS]
    for path in sorted(set(inputs)):
        if path.is_file():
            digest.update(f"{path.relative_to(PROJECT)}\n".encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def frozen_modules() -> list[str]:
    """Our modules that go into an image, relative to firmware/; those that need a network or CPython are for other machines."""
    others = [FIRMWARE / "catflap_probe/uplink" / f"{name}.py" for name in ("choose", "http", "mqtt", "stream")]
    others.append(FIRMWARE / "catflap_probe/rules/lists_whole.py")
    paths = sorted(set((FIRMWARE / "catflap_probe").rglob("*.py")) - set(others))
    paths += [FIRMWARE / "boards/__init__.py", *sorted((FIRMWARE / "boards/rp2").glob("*.py"))]
    paths += sorted((FIRMWARE / "lib").glob("*.py"))
    return [str(path.relative_to(FIRMWARE)) for path in paths]


def _mpy_cross(micropython: Path, log: Path) -> Path:
    """MicroPython's compiler, made for this machine."""
    _run(["make", "-C", str(micropython / "mpy-cross"), f"-j{os.cpu_count()}"], log)
    return micropython / "mpy-cross/build/mpy-cross"


def _compile(board: str, micropython: Path, mpy_cross: Path, work: Path) -> None:
    settings = {
        "MICROPY_BOARD": board,
        "MICROPY_FROZEN_MANIFEST": work / "manifest.py",
        # only asked whether there is a README.md in it: nothing of micropython-lib is frozen
        "MICROPY_LIB_DIR": micropython,
        "PICO_SDK_PATH_OVERRIDE": micropython / "lib/pico-sdk",
        # it would be cloned; uf2.py writes what it is needed for
        "PICO_NO_PICOTOOL": 1,
        "Python3_EXECUTABLE": sys.executable,
    }
    words = ["cmake", "-S", str(micropython / "ports/rp2"), "-B", str(work), "-G", "Unix Makefiles"]
    environment = {
        "MICROPY_MPYCROSS": str(mpy_cross),
        # or it would take tag and day of whatever git repository it lies in
        "MICROPY_GIT_TAG": "v" + micropython.name.removeprefix("micropython-").partition("+")[0],
        "MICROPY_GIT_HASH": "debian",
        "SOURCE_DATE_EPOCH": str(int((micropython / "LICENSE").stat().st_mtime)),
    }
    _run(words + [f"-D{name}={value}" for name, value in settings.items()], work / "configure.log", environment)
    _run(["cmake", "--build", str(work), f"-j{os.cpu_count()}"], work / "build.log", environment)


def _run(words: list[str], log: Path, environment: dict[str, str] | None = None) -> None:
    with log.open("w") as file:
        settings = {**os.environ, **(environment or {})}
        done = subprocess.run(words, stdout=file, stderr=subprocess.STDOUT, env=settings, check=False)  # noqa: S603 - our own words
    if done.returncode:
        end = log.read_text(errors="replace")[-2000:]
        raise BuildError(f"{words[0]} failed, see {log}:\n{end}")


def _asks_gcc(question: str) -> str:
    words = ["arm-none-eabi-gcc", question]
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603 - our own words
