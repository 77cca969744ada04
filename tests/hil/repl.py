"""MicroPython's raw REPL over a board's USB serial port."""

from typing import Protocol

RAW_PROMPT = b"raw REPL; CTRL-B to exit\r\n>"


class Talker(Protocol):
    """A board that can be written to and waited for, emulated or real."""

    usb: bytearray

    def write(self, data: bytes) -> None:
        """Sends bytes over USB."""

    def run(self, us: int, until: bytes | None = None) -> bool:
        """Lets time pass until the board has written `until`; False if it has not within `us`."""


class ScriptError(AssertionError):
    """A script that raised on the board; the message is its traceback."""


class Repl:
    """Runs scripts on a board."""

    def __init__(self, board: Talker) -> None:
        """Interrupts whatever runs and enters the raw REPL."""
        self.board = board
        board.write(b"\r\x03\x03")
        board.run(200_000)
        board.write(b"\x01")
        assert board.run(5_000_000, RAW_PROMPT), bytes(board.usb[-300:])

    def run(self, script: str, limit_us: int = 10_000_000) -> str:
        """Runs a script and returns what it printed; raises ScriptError."""
        board = self.board
        start = len(board.usb)
        board.write(script.encode() + b"\x04")
        assert board.run(limit_us, b"\x04>"), bytes(board.usb[start:][-300:])
        printed, error, _ = bytes(board.usb[start:]).split(b"\x04", 2)
        if error:
            raise ScriptError(error.decode())
        return printed.decode().removeprefix("OK")

    def soft_reset(self) -> None:
        """Starts the board's program anew."""
        self.board.write(b"\x02\x04")
