"""The sources that an image is compiled from, fetched once and put together as MicroPython expects them."""

import hashlib
import os
import shutil
from pathlib import Path

from . import debian


class SourcesError(Exception):
    """The sources are not what they ought to be; the message says what to do."""


def prepare(folder: Path) -> Path:
    """MicroPython's tree in a folder, made where it is not there yet; raises ArchiveError, SourcesError."""
    stamp = folder / "ready"
    wanted = _recipe()
    if not stamp.exists() or stamp.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        debian.fetch(folder)
        tree = _only(folder, "micropython-*")
        # Debian leaves these out of MicroPython's tree: it has them as packages of their own
        for name, place in (
            ("pico-sdk", folder / "usr/src/pico-sdk"),
            ("tinyusb", folder / "usr/src/tinyusb"),
            ("mbedtls", _only(folder, "mbedtls-*")),
        ):
            shutil.rmtree(tree / "lib" / name, ignore_errors=True)
            (tree / "lib" / name).symlink_to(os.path.relpath(place, tree / "lib"))
        _mend(tree, *USB_WAIT)
        _mend(tree, *ALIGNMENT)
        _mend(tree, *HEAP_END)
        _mend(tree, *STACK_BOTTOM)
        stamp.write_text(wanted)
    return _only(folder, "micropython-*")


def _recipe() -> str:
    """A digest of what is done to get the sources."""
    digest = hashlib.sha256()
    for path in (Path(__file__), Path(debian.__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


USB_WAIT = ("ports/rp2/mphalport.h", "MICROPY_HW_USB_CDC_TX_TIMEOUT (500)", "MICROPY_HW_USB_CDC_TX_TIMEOUT (10)")
"""A host that has the port open and does not read may hold up a board for 10 ms, not for half a second."""

ALIGNMENT = (
    "tools/mpy-tool.py",
    "            MP_NATIVE_ARCH_ARMV6,\n            MP_NATIVE_ARCH_XTENSA,\n",
    "            MP_NATIVE_ARCH_ARMV6,\n            MP_NATIVE_ARCH_ARMV6M,\n            MP_NATIVE_ARCH_XTENSA,\n",
)
"""Machine code for ARMv6-M holds constants of 32 bits: at an odd multiple of two bytes it silently reads wrong ones."""

HEAP_END = (
    "ports/rp2/memmap_mp_rp2040.ld",
    "__GcHeapEnd = ORIGIN(RAM) + LENGTH(RAM);",
    "__GcHeapEnd = ORIGIN(RAM) + LENGTH(RAM) - 4k;",
)
STACK_BOTTOM = ("ports/rp2/memmap_mp_rp2040.ld", "__StackBottom = __StackTop - SIZEOF(.stack_dummy);", "__StackBottom = __GcHeapEnd;")
"""A stack of 12 kB, as on the RP2350: a record that begins a file of the spool needs more than 8, and the heap lies right below."""


def _mend(tree: Path, name: str, before: str, after: str) -> None:
    """Replaces a passage of a file."""
    path = tree / name
    text = path.read_text()
    place = text.rfind(before)
    if place < 0:
        raise SourcesError(f"{path} has no {before!r}: MicroPython is of another version than this was written for")
    path.write_text(text[:place] + after + text[place + len(before) :])


def _only(folder: Path, pattern: str) -> Path:
    found = [path for path in folder.glob(pattern) if path.is_dir()]
    if len(found) != 1:
        raise SourcesError(f"{len(found)} folders {pattern} in {folder}: remove {folder} to fetch the sources again")
    return found[0]
