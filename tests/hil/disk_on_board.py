"""Runs on MicroPython: `disk_on_board.py IMAGE [PATH SOURCE]...` writes a littlefs image of a Pico's size with files in it."""

# mypy: ignore-errors
# ruff: noqa: PTH102, PTH123, B905, SIM105 - MicroPython has no pathlib, strict zip or contextlib
import os
import sys

import vfs

BLOCK, BLOCKS = 4096, 352
PROGRAM = 256


class Disk:
    """The block device, in memory."""

    def __init__(self) -> None:
        self.data = bytearray(b"\xff" * (BLOCK * BLOCKS))

    def readblocks(self, block: int, buffer: bytearray, offset: int = 0) -> None:
        """Reads."""
        at = block * BLOCK + offset
        buffer[:] = memoryview(self.data)[at : at + len(buffer)]

    def writeblocks(self, block: int, buffer: bytes, offset: int = 0) -> None:
        """Writes; littlefs has erased before."""
        at = block * BLOCK + offset
        self.data[at : at + len(buffer)] = buffer

    def ioctl(self, operation: int, block: int) -> "int | None":
        """Counts of blocks (4), bytes of one (5), erases one (6)."""
        if operation == 4:
            return BLOCKS
        if operation == 5:
            return BLOCK
        if operation == 6:
            self.data[block * BLOCK : (block + 1) * BLOCK] = b"\xff" * BLOCK
        return 0


def main(words: "list[str]") -> None:
    """Makes the image."""
    disk = Disk()
    vfs.VfsLfs2.mkfs(disk, progsize=PROGRAM)
    vfs.mount(vfs.VfsLfs2(disk, progsize=PROGRAM), "/disk")
    for path, source in zip(words[1::2], words[2::2]):
        folder = "/disk"
        for part in path.split("/")[1:-1]:
            folder += "/" + part
            try:
                os.mkdir(folder)
            except OSError:
                pass
        with open(source, "rb") as file, open("/disk" + path, "wb") as copy:
            copy.write(file.read())
    vfs.umount("/disk")
    with open(words[0], "wb") as file:
        file.write(disk.data)


main(sys.argv[1:])
