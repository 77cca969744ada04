"""Finds binary caller-ID messages among a modem's bytes: a modem that passes them on unformatted writes no lines.

How it listens:

    80 20 01 08 ...   bytes that may be a message are held back, CR and LF among them; at the first that cannot be,
                      all are given back as the text that they were, each with its own time
"""

from .caller_id_message import whole_length

STALLED_MS = 2000
"""The line sends a message without a pause; after so long a one its rest will not come."""


class RawCallerId:
    """Holds at most one message (258 bytes); its first byte is one of MESSAGE_TYPES."""

    def __init__(self) -> None:
        self.data = b""
        self._times: list[tuple[int, int]] = []  # (place of a byte, when it came), at each change of time

    def take(self, now_ms: int, byte: int) -> bool:
        """Takes a byte; False if what is held is no message."""
        if not self._times or self._times[-1][1] != now_ms:
            self._times.append((len(self.data), now_ms))
        self.data += bytes((byte,))
        return whole_length(self.data) > 0

    def is_whole(self) -> bool:
        """Whether a message has come in to its end."""
        return len(self.data) > 2 and len(self.data) == whole_length(self.data)

    def stalled(self, now_ms: int) -> bool:
        """Whether the bytes held wait for more that will not come."""
        return bool(self._times) and now_ms - self._times[-1][1] > STALLED_MS

    def began_ms(self) -> int:
        """When the first byte held came."""
        return self._times[0][1]

    def release(self) -> "list[tuple[int, bytes]]":
        """Gives back what is held as (time, bytes), and holds nothing more."""
        pieces = []
        for index in range(len(self._times)):
            place, now_ms = self._times[index]
            end = self._times[index + 1][0] if index + 1 < len(self._times) else len(self.data)
            pieces.append((now_ms, self.data[place:end]))
        self.data = b""
        self._times = []
        return pieces
