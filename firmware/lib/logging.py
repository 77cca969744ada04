"""Stand-in for micropython-lib's logging on images that lack it: basicConfig(), getLogger() and the usual five calls."""

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TextIO

DEBUG, INFO, WARNING, ERROR, CRITICAL = 10, 20, 30, 40, 50

_NAMES = {10: "DEBUG", 20: "INFO", 30: "WARNING", 40: "ERROR", 50: "CRITICAL"}
_root: "dict[str, Any]" = {"level": WARNING, "stream": None}


class Logger:
    """Writes what is not below the level."""

    def __init__(self, name: str) -> None:
        self.name = name

    def log(self, level: int, msg: str, *args: object) -> None:
        """Writes `msg % args`."""
        if level >= _root["level"]:
            stream = _root["stream"] or sys.stderr
            stream.write("%s:%s:%s\n" % (_NAMES.get(level, level), self.name, msg % args if args else msg))

    def debug(self, msg: str, *args: object) -> None:
        """Logs at DEBUG."""
        self.log(DEBUG, msg, *args)

    def info(self, msg: str, *args: object) -> None:
        """Logs at INFO."""
        self.log(INFO, msg, *args)

    def warning(self, msg: str, *args: object) -> None:
        """Logs at WARNING."""
        self.log(WARNING, msg, *args)

    def error(self, msg: str, *args: object) -> None:
        """Logs at ERROR."""
        self.log(ERROR, msg, *args)

    def critical(self, msg: str, *args: object) -> None:
        """Logs at CRITICAL."""
        self.log(CRITICAL, msg, *args)


def getLogger(name: str = "root") -> Logger:
    """A logger of that name."""
    return Logger(name)


def basicConfig(level: int = WARNING, stream: "TextIO | None" = None) -> None:
    """Sets the level of all loggers, and what they write to (standard error)."""
    _root["level"] = level
    _root["stream"] = stream
