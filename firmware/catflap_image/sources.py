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
        _shorten_usb_wait(tree / "ports/rp2/mphalport.h")
        stamp.write_text(wanted)
    return _only(folder, "micropython-*")


def _recipe() -> str:
    """A digest of what is done to get the sources."""
    digest = hashlib.sha256()
    for path in (Path(__file__), Path(debian.__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _shorten_usb_wait(header: Path) -> None:
    """A host that has the port open and does not read may hold up a board for 10 ms, not for half a second."""
    text = header.read_text()
    long = "MICROPY_HW_USB_CDC_TX_TIMEOUT (500)"
    if text.count(long) != 1:
        raise SourcesError(f"{header} does not define {long}: MicroPython is of another version than this was written for")
    header.write_text(text.replace(long, "MICROPY_HW_USB_CDC_TX_TIMEOUT (10)"))


def _only(folder: Path, pattern: str) -> Path:
    found = [path for path in folder.glob(pattern) if path.is_dir()]
    if len(found) != 1:
        raise SourcesError(f"{len(found)} folders {pattern} in {folder}: remove {folder} to fetch the sources again")
    return found[0]
