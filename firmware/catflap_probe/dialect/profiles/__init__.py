"""Modem families, a data file each: how one tells its name, how it is set up and looked after, and what stops a call on it."""


class Profile:
    """What is particular to a modem family. Commands are written without their carriage return."""

    __slots__ = (
        "bauds",
        "caller_id",
        "country",
        "faults",
        "hang_up",
        "hold_ms",
        "identify",
        "identities",
        "initialise",
        "name",
        "options",
        "reply_ms",
        "senses_use",
        "stop",
        "stop_waiting",
    )

    def __init__(
        self,
        name: str,
        caller_id: "tuple[tuple[str, str], ...]",
        stop: str,
        initialise: "tuple[str, ...]" = ("ATZ", "ATE0"),
        options: "tuple[str, ...]" = (),
        country: str = "",
        identify: "tuple[str, ...]" = (),
        identities: "tuple[str, ...]" = (),
        stop_waiting: str = "",
        hang_up: str = "",
        hold_ms: int = 0,
        reply_ms: int = 3000,
        senses_use: bool = False,
        bauds: "tuple[int, ...]" = (115200, 9600, 57600, 38400, 19200, 230400, 460800),
        faults: "tuple[str, ...]" = (),
    ) -> None:
        self.name = name
        self.identify = identify  # commands whose answers tell maker and model
        self.identities = identities  # words of such an answer, in capitals, any of which means this family
        self.initialise = initialise  # set it up, in order; each must be answered by OK
        self.options = options  # asked for too, and done without where they are refused
        self.country = country  # sets the country, %-formatted with its T.35 code; empty where it has none
        self.caller_id = caller_id  # (command that switches caller ID on, question whether it is on, or empty); the first that works holds
        self.reply_ms = reply_ms  # how long it may take to answer a command
        self.stop = stop  # takes (analogue) or rejects (cellular) a ringing call
        self.stop_waiting = stop_waiting  # rejects a waiting call and leaves the one in progress; empty where nothing does
        self.hang_up = hang_up  # puts the line on-hook again; empty where `stop` was all
        self.hold_ms = hold_ms  # how long the line is held between the two
        self.senses_use = senses_use  # refuses to go off-hook while somebody else is on the line
        self.bauds = bauds  # speeds at which it may be found, the likeliest first
        self.faults = faults  # what users have met, a sentence each
