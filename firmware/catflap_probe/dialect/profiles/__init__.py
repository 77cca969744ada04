"""Modem families, a data file each: how to set one up and what stops a call on it."""


class Profile:
    """What is particular to a modem family."""

    __slots__ = ("hang_up", "hold_ms", "initialise", "reply_ms", "stop")

    def __init__(
        self,
        initialise: "tuple[str, ...]",
        reply_ms: int,
        stop: str,
        hang_up: str = "",
        hold_ms: int = 0,
    ) -> None:
        self.initialise = initialise  # commands that set it up, in order, each answered by OK
        self.reply_ms = reply_ms  # how long it may take to answer one of them
        self.stop = stop  # takes or rejects a ringing call
        self.hang_up = hang_up  # puts the line on-hook again; empty where `stop` was all
        self.hold_ms = hold_ms  # how long the line is held between the two
