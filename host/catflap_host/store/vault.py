"""What makes numbers unreadable on disk and findable all the same: sealed by AES-256-GCM, found by a keyed pseudonym."""

import base64
import hmac
import secrets
import threading
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from catflap_host.store.keys import KeyRing

CACHED_PSEUDONYMS = 65_536
_VERSION_BYTES = 2
_PREFIX_BYTES = 8
_NONCE_BYTES = 12
_COUNTER_END = 2**32
_PSEUDONYM_BYTES = 16


class SealError(Exception):
    """What was sealed cannot be opened: another key, another place, or damage."""


class Vault:
    """Seals and opens under the versions of a key ring, and makes pseudonyms; for any thread."""

    def __init__(self, ring: KeyRing) -> None:
        self._ring = ring
        self._ciphers = {version: AESGCM(keys.seal) for version, keys in ring.items()}
        self._lock = threading.Lock()
        self._prefix, self._counter = b"", _COUNTER_END
        self.version, *self._older = sorted(ring, reverse=True)
        self._header = self.version.to_bytes(_VERSION_BYTES)
        self.pseudonym = lru_cache(CACHED_PSEUDONYMS)(self._newest_pseudonym)
        """A text's pseudonym under the newest version: that version, a dot, 22 characters."""

    def seal(self, plain: bytes, place: bytes) -> bytes:
        """Encrypt under the newest version; only who names the same place can open it."""
        nonce = self._nonce()
        return self._header + nonce + self._ciphers[self.version].encrypt(nonce, plain, place)

    def open(self, sealed: bytes, place: bytes) -> bytes:
        """Decrypt what was sealed for that place under any version. Raises SealError."""
        version = int.from_bytes(sealed[:_VERSION_BYTES])
        cipher = self._ciphers.get(version)
        if cipher is None:
            raise SealError(f"sealed with version {version} of the keys, which is not in the key file")
        try:
            return cipher.decrypt(sealed[_VERSION_BYTES : _VERSION_BYTES + _NONCE_BYTES], sealed[_VERSION_BYTES + _NONCE_BYTES :], place)
        except (InvalidTag, ValueError):
            raise SealError("does not open: damaged, moved, or sealed with other keys") from None

    def is_newest(self, sealed: bytes) -> bool:
        """Whether it was sealed under the newest version."""
        return sealed[:_VERSION_BYTES] == self._header

    def resealed(self, sealed: bytes, place: bytes) -> bytes:
        """The same under the newest version. Raises SealError."""
        return self.seal(self.open(sealed, place), place)

    def older(self) -> list[int]:
        """The versions that are read with only."""
        return self._older[::-1]

    def pseudonyms(self, text: str) -> list[str]:
        """A text's pseudonyms under every version, the newest first."""
        return [self.pseudonym(text), *(self._pseudonym(version, text) for version in self._older)]

    def sign(self, purpose: str, text: str) -> str:
        """A word that proves a text to be ours, under the newest version; of one purpose it is good for no other."""
        return self._signature(self.version, purpose, text)

    def is_signed(self, purpose: str, text: str, word: str) -> bool:
        """Whether a word is the text's, under any version."""
        given = word.encode("utf-8", "surrogatepass")
        return any(hmac.compare_digest(given, self._signature(version, purpose, text).encode()) for version in self._ring)

    def checks(self) -> dict[int, str]:
        """By version a word that tells keys apart without giving them away."""
        return {
            version: hmac.digest(keys.pseudonym + keys.seal, b"catflap-key-check", "sha256").hex() for version, keys in self._ring.items()
        }

    def _newest_pseudonym(self, text: str) -> str:
        return self._pseudonym(self.version, text)

    def _pseudonym(self, version: int, text: str) -> str:
        digest = hmac.digest(self._ring[version].pseudonym, text.encode("utf-8", "surrogatepass"), "sha256")
        return f"{version}.{base64.urlsafe_b64encode(digest[:_PSEUDONYM_BYTES]).decode().rstrip('=')}"

    def _signature(self, version: int, purpose: str, text: str) -> str:
        keys = self._ring[version]
        key = hmac.digest(keys.pseudonym + keys.seal, b"catflap-signing " + purpose.encode(), "sha256")
        digest = hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")
        return base64.urlsafe_b64encode(digest[:_PSEUDONYM_BYTES]).decode().rstrip("=")

    def _nonce(self) -> bytes:
        # random nonces would be too few for a busy month under one key; a random prefix and a count never repeat
        with self._lock:
            if self._counter == _COUNTER_END:
                self._prefix, self._counter = secrets.token_bytes(_PREFIX_BYTES), 0
            counter = self._counter
            self._counter += 1
            return self._prefix + counter.to_bytes(_NONCE_BYTES - _PREFIX_BYTES)
