"""The grammar of AT command lines (V.250 clause 5): what a modem makes of the characters between `AT` and the carriage return."""

import re
from dataclasses import dataclass

_COMMAND = re.compile(
    r"(?P<register>S\d+(?:\.\d)?)(?P<register_op>=\d*|\?)"
    r"|(?P<extended>[-+^#%*$][A-Z0-9]+)(?P<extended_op>=\?|\?|=[^;]*)?;?"
    r"|(?P<basic>&?[A-Z])(?P<number>\d*)"
)


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a line."""

    name: str
    """`H`, `&F`, `S0`, `S40.2`, `+VCID`, `-STE` ..."""
    kind: str
    """`do`, `set`, `read` or `test`."""
    value: str
    """The number or text it carries, else empty."""


def parse(line: str) -> list[Command]:
    """The commands of a line such as `ATE0+VCID=1`; ValueError if it is none."""
    line = "".join(line.split()).upper()
    if not line.startswith("AT"):
        raise ValueError(f"not an AT command line: {line!r}")
    commands, position = [], 2
    while position < len(line):
        found = _COMMAND.match(line, position)
        if found is None:
            raise ValueError(f"no command at column {position} of {line!r}")
        commands.append(_command(found))
        position = found.end()
    return commands


def _command(found: re.Match[str]) -> Command:
    if found["basic"]:
        return Command(found["basic"], "do", found["number"])
    name = found["register"] or found["extended"]
    operation = found["register_op"] or found["extended_op"] or ""
    if operation == "=?":
        return Command(name, "test", "")
    if operation == "?":
        return Command(name, "read", "")
    if operation.startswith("="):
        return Command(name, "set", operation[1:])
    return Command(name, "do", "")
