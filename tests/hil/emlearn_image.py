"""MicroPython for the Pico with emlearn's models compiled in, as a maker of a board would have them: from the sources that our image is of."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from catflap_image import debian, sources
from catflap_image.build import ToolsMissing, require_tools
from tests.hil.prepare import ROOT, MissingError

MODULE = Path(__file__).with_name("emlearn_module.c")
FIRMWARE = ROOT / "build" / "firmware"


def build(models: Path, includes: Path, folder: Path) -> None:
    """Makes FOLDER/firmware.{bin,elf} with the models whose C code lies in `models`; raises MissingError.

    `includes` has emlearn's headers.
    """
    try:
        require_tools()
        FIRMWARE.mkdir(parents=True, exist_ok=True)
        with (FIRMWARE / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            tree = sources.prepare(FIRMWARE / "sources" / debian.SUITE)
            run(["make", "-C", str(tree / "mpy-cross")], models / "mpy-cross.log")
    except (ToolsMissing, debian.ArchiveError) as reason:
        raise MissingError(str(reason).splitlines()[0]) from reason
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    module = folder / "module.cmake"
    module.write_text(
        f"add_library(emlearn_models INTERFACE)\n"
        f"target_sources(emlearn_models INTERFACE {MODULE})\n"
        f"target_include_directories(emlearn_models SYSTEM INTERFACE {models} {includes})\n"
        f"target_link_libraries(usermod INTERFACE emlearn_models)\n"
    )
    (folder / "manifest.py").write_text('freeze("$(PORT_DIR)/modules", ("_boot.py", "rp2.py"))\n')
    settings = {
        "MICROPY_BOARD": "RPI_PICO",
        "MICROPY_FROZEN_MANIFEST": folder / "manifest.py",
        "MICROPY_LIB_DIR": tree,
        "USER_C_MODULES": module,
        "PICO_SDK_PATH_OVERRIDE": tree / "lib/pico-sdk",
        "PICO_NO_PICOTOOL": 1,
        "Python3_EXECUTABLE": sys.executable,
    }
    words = ["cmake", "-S", str(tree / "ports/rp2"), "-B", str(folder), "-G", "Unix Makefiles"]
    cross = {"MICROPY_MPYCROSS": str(tree / "mpy-cross/build/mpy-cross"), "MICROPY_GIT_TAG": "v1", "MICROPY_GIT_HASH": "debian"}
    run([*words, *(f"-D{name}={value}" for name, value in settings.items())], folder / "configure.log", cross)
    run(["cmake", "--build", str(folder), f"-j{os.cpu_count()}"], folder / "build.log", cross)


def sizes(elf: Path, model: str) -> tuple[int, int]:
    """(bytes of flash, bytes of RAM) of a model in an image: its functions and tables, without the arithmetic that MicroPython has anyway."""
    words = ["arm-none-eabi-nm", "--print-size", str(elf)]
    symbols = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    own = rf"{model}_(?:tree_\d+|leaves|predict\w*|layers?\w*|buf\d|regress\w*)(?:\.\w+)*|{model}"
    found = re.findall(rf"^\w+ (\w+) (\w) ({own})$", symbols, re.MULTILINE)
    flash = sum(int(size, 16) for size, kind, _ in found if kind in "tTrRdD")
    return flash, sum(int(size, 16) for size, kind, _ in found if kind in "dDbB")


def run(words: list[str], log: Path, settings: dict[str, str] | None = None) -> None:
    """Runs a command whose failure is ours, its output in a file."""
    with log.open("w") as file:
        done = subprocess.run(words, stdout=file, stderr=subprocess.STDOUT, env={**os.environ, **(settings or {})}, check=False)
    assert done.returncode == 0, f"{words[0]} failed: {log.read_text(errors='replace')[-2000:]}"
