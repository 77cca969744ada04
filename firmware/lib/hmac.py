"""Stand-in for micropython-lib's hmac on images that lack it (RFC 2104): new(), digest(), hexdigest(), compare_digest()."""

import hashlib
from binascii import hexlify

BLOCK_BYTES = 64


class HMAC:
    """A keyed hash over what update() was given; digestmod is a name in hashlib with blocks of 64 bytes."""

    def __init__(self, key: bytes, msg: "bytes | None", digestmod: str) -> None:
        self._hash = getattr(hashlib, digestmod)
        if len(key) > BLOCK_BYTES:
            key = self._hash(key).digest()
        key = key + bytes(BLOCK_BYTES - len(key))
        self._outer_key = bytes([byte ^ 0x5C for byte in key])
        self._inner = self._hash(bytes([byte ^ 0x36 for byte in key]))
        if msg is not None:
            self.update(msg)

    def update(self, msg: bytes) -> None:
        """Takes more of the message."""
        self._inner.update(msg)

    def digest(self) -> bytes:
        """The MAC; ends the message."""
        outer = self._hash(self._outer_key)
        outer.update(self._inner.digest())
        result: bytes = outer.digest()
        return result

    def hexdigest(self) -> str:
        """The MAC in hex; ends the message."""
        return hexlify(self.digest()).decode()


def new(key: bytes, msg: "bytes | None" = None, digestmod: str = "sha256") -> HMAC:
    """An HMAC of `msg` under `key`."""
    return HMAC(key, msg, digestmod)


def compare_digest(one: "bytes | str", other: "bytes | str") -> bool:
    """Equality that takes as long for every pair of the same length."""
    if isinstance(one, str):
        one = one.encode()
    if isinstance(other, str):
        other = other.encode()
    if len(one) != len(other):
        return False
    difference = 0
    for index in range(len(one)):
        difference |= one[index] ^ other[index]
    return difference == 0
