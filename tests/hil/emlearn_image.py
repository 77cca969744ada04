"""MicroPython for the Pico with emlearn's models compiled in as C, from the sources that our own image is made of."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from catflap_image import debian, sources
from catflap_image import sizes as image_sizes
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
    # as catflap_image.build has them
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
    """(bytes of flash, bytes of RAM) of a model in an image: its functions and tables, not the arithmetic that MicroPython has anyway."""
    words = ["arm-none-eabi-nm", "--print-size", str(elf)]
    symbols = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    parts = r"eml_net_\w+|network(?:_layers?\w*|_buf\d|_regress)?" if model == "network" else rf"{model}_(?:tree_\d+|leaves|predict_proba)"
    found = re.findall(rf"^\w+ (\w+) (\w) (?:{parts})(?:\.\w+)*$", symbols, re.MULTILINE)
    flash = sum(int(size, 16) for size, kind in found if kind in "tTrRdD")
    return flash, sum(int(size, 16) for size, kind in found if kind in "dDbB")


def module_bytes(modules: list[str], into: Path) -> int:
    """Bytes of our own modules, named as files in firmware/, compiled for the same core; after `build`."""
    mpy_cross = sources.prepare(FIRMWARE / "sources" / debian.SUITE) / "mpy-cross/build/mpy-cross"
    return image_sizes.of_modules(mpy_cross, {name: ROOT / "firmware" / name for name in modules}, into)["armv6m"]["mpy"]


def run(words: list[str], log: Path, settings: dict[str, str] | None = None) -> None:
    """Runs a command in its log's folder; what fails there is our fault."""
    with log.open("w") as file:
        environment = {**os.environ, **(settings or {})}
        done = subprocess.run(words, cwd=log.parent, stdout=file, stderr=subprocess.STDOUT, env=environment, check=False)
    assert done.returncode == 0, f"{words[0]} failed: {log.read_text(errors='replace')[-2000:]}"
