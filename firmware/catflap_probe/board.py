"""What the probe asks of the machine it runs on; each folder of boards/ answers it for one kind of machine."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ssl import SSLContext
    from typing import BinaryIO

    from .verdict.int8 import Classifier


IDLE, RINGING, BLOCKING, NO_MODEM, FAULT = range(5)
"""What goes on, for a machine that can show it; the later of two states that hold at once is shown."""


class Port:
    """A serial port with a modem on it."""

    read_us = -1
    """When the first of the bytes that read() returned last had come, by monotonic_us(); -1 where the machine cannot tell."""

    async def read(self) -> bytes:
        """Waits for bytes and returns what there is; empty once the port is gone."""
        raise OSError("a board says how")

    def unread_us(self) -> int:
        """When the first of the bytes had come that wait to be read; -1 where none does, or the machine cannot tell."""
        return -1

    def write(self, data: bytes) -> None:
        """Hands bytes to the port without waiting; raises OSError where it is gone."""
        raise OSError("a board says how")

    def close(self) -> None:
        """Lets the port go."""


class Board:
    """One kind of machine."""

    def monotonic_us(self) -> int:
        """Microseconds since some moment; never runs back, never wraps."""
        raise OSError("a board says how")

    def unix_us(self) -> int:
        """Unix time in microseconds."""
        raise OSError("a board says how")

    def set_unix_us(self, unix_us: int) -> None:
        """Somebody tells the time; a machine that keeps it by itself knows better."""

    def unit(self) -> str:
        """What tells this machine from all others, in hex; empty where it has nothing of the kind."""
        return ""

    def random_bytes(self, count: int) -> bytes:
        """Bytes that nobody can guess."""
        raise OSError("a board says how")

    def open_port(self, path: str, baud: int) -> Port:
        """Opens a serial port, raw; raises OSError, ValueError where it cannot be had at that speed."""
        raise OSError("a board says how")

    def stable_name(self, path: str) -> str:
        """A name of the port that stays when the machine starts anew; empty where `path` is one, or none is known."""
        return ""

    def group_of(self, path: str) -> str:
        """The group whose members may open the port; empty where that is not known."""
        return ""

    async def who_has(self, path: str) -> str:
        """The other programs that have the port open, as `minicom (pid 812)`; empty where there is none, or they cannot be told."""
        return ""

    def append_to(self, path: str) -> "BinaryIO":
        """Opens a file for appending so that every write reaches the file system at once."""
        raise OSError("a board says how")

    async def sync(self, file: "BinaryIO") -> None:
        """Returns once what was written to the file is on the flash or disk."""
        raise OSError("a board says how")

    def open_classifier(self, data: bytes) -> "Classifier":
        """The classifier of a .tflite file's bytes, on the fastest runtime there is."""
        raise OSError("a board says how")

    def alive(self) -> None:
        """Called over and over, every quarter of a second at least: the probe has not got stuck."""

    def show(self, state: int) -> None:
        """Shows what goes on (IDLE ... FAULT), where the machine has something to show it with."""

    def condition(self) -> str:
        """What the machine has to say of itself now and then, for a health record; empty for nothing."""
        return ""

    def last_words(self) -> str:
        """What the probe's last run on this machine died of, told once; empty where it did not, or the machine keeps no count."""
        return ""

    def tls(self, ca_file: str) -> "SSLContext":
        """A client context that trusts the certificates in `ca_file` (PEM), or the machine's own where it is empty."""
        raise OSError("a board says how")
