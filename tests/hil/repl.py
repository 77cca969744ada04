"""MicroPython's raw REPL over a board's USB serial port."""

from tests.hil.board import Board

RAW_PROMPT = b"raw REPL; CTRL-B to exit\r\n>"
STOP_US = 15_000_000
"""A probe that is interrupted saves its memory and lets its lines go first."""


class ScriptError(AssertionError):
    """A script that raised on the board; the message is its traceback."""


class Repl:
    """Runs scripts on a board."""

    def __init__(self, board: Board) -> None:
        """Interrupts whatever runs and enters the raw REPL."""
        self.board = board
        board.write(b"\r\x03")
        board.run(STOP_US, b">>> ")
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
