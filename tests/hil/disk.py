"""A file system for a board, made on this machine: a littlefs image with given files in it, by MicroPython's Unix port."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

from catflap_host import micropython
from tests.hil.prepare import MissingError

SCRIPT = Path(__file__).with_name("disk_on_board.py")


def make_disk(image: Path, files: Mapping[str, bytes]) -> Path:
    """Writes the image of a Pico's file system that holds `files` (path: content); raises MissingError without MicroPython."""
    program = micropython.find()
    if program is None:
        raise MissingError("no MicroPython for this machine, which makes the board's file system")
    source = image.with_suffix(".files")
    words = [program, "-X", "heapsize=16m", str(SCRIPT), str(image)]
    for path, content in files.items():
        copy = source / path.strip("/")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(content)
        words += [f"/{path.strip('/')}", str(copy)]
    image.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(words, check=True, timeout=60)
    return image
