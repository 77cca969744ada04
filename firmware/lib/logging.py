"""Stand-in for micropython-lib's logging on images that lack it: basicConfig(), getLogger() and the usual five calls."""

import sys

DEBUG, INFO, WARNING, ERROR, CRITICAL = 10, 20, 30, 40, 50

_NAMES = {10: "DEBUG", 20: "INFO", 30: "WARNING", 40: "ERROR", 50: "CRITICAL"}
_root = {"level": WARNING}


class Logger:
    """Writes to standard error what is not below the level."""

    def __init__(self, name: str) -> None:
        self.name = name

    def log(self, level: int, msg: str, *args: object) -> None:
        """Writes `msg % args`."""
        if level >= _root["level"]:
            sys.stderr.write("%s:%s:%s\n" % (_NAMES.get(level, level), self.name, msg % args if args else msg))

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


def basicConfig(level: int = WARNING) -> None:
    """Sets the level of all loggers."""
    _root["level"] = level
