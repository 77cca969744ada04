"""What the probe asks of the machine it runs on; each folder of boards/ answers it for one kind of machine."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ssl import SSLContext
    from typing import BinaryIO

    from .verdict.int8 import Classifier


class Port:
    """A serial port with a modem on it."""

    async def read(self) -> bytes:
        """Waits for bytes and returns what there is; empty once the port is gone."""
        raise OSError("a board says how")

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
        """Opens a serial port, raw; raises OSError."""
        raise OSError("a board says how")

    def append_to(self, path: str) -> "BinaryIO":
        """Opens a file for appending so that every write reaches the file system at once."""
        raise OSError("a board says how")

    async def sync(self, file: "BinaryIO") -> None:
        """Returns once what was written to the file is on the flash or disk."""
        raise OSError("a board says how")

    def open_classifier(self, data: bytes) -> "Classifier":
        """The classifier of a .tflite file's bytes, on the fastest runtime there is."""
        raise OSError("a board says how")

    def tls(self, ca_file: str) -> "SSLContext":
        """A client context that trusts the certificates in `ca_file` (PEM), or the machine's own where it is empty."""
        raise OSError("a board says how")
