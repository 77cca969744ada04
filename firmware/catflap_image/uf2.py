"""Writes the UF2 container that a board's boot loader takes as a file dropped onto its drive (Microsoft's UF2 specification)."""

import struct

FLASH_BASE = 0x10000000
PAYLOAD_BYTES = 256

_MAGIC_START = (0x0A324655, 0x9E5D5157)
_MAGIC_END = 0x0AB16F30
_FAMILY_PRESENT = 0x2000


def container(image: bytes, family: int) -> bytes:
    """The UF2 file of a flash image that begins at FLASH_BASE, for the chip family `family`."""
    count = -(-len(image) // PAYLOAD_BYTES)
    blocks = []
    for number in range(count):
        at = number * PAYLOAD_BYTES
        head = struct.pack("<8I", *_MAGIC_START, _FAMILY_PRESENT, FLASH_BASE + at, PAYLOAD_BYTES, number, count, family)
        data = image[at : at + PAYLOAD_BYTES].ljust(476, b"\0")
        blocks.append(head + data + struct.pack("<I", _MAGIC_END))
    return b"".join(blocks)
