"""Whoever a modem is looked after for: it takes the bytes and is told each step."""


class Keeper:
    """The line's own side."""

    async def older_first(self, read_us: int) -> None:
        """Bytes came at `read_us` of the machine's monotonic clock: what came before them on other lines is taken first."""

    def take(self, data: bytes, read_us: int) -> None:
        """Bytes came from the modem, the first of them at `read_us`; now, where that is -1."""

    def plugged(self) -> None:
        """The port could be opened, for the first time or again."""

    def unplugged(self) -> None:
        """The modem is gone, and its calls with it."""

    def takes_messages(self) -> bool:
        """Whether messages that come to the modem are to be read."""
        return False

    def recognised(self, family: str) -> None:
        """The modem is of this family, though it was configured as `generic`."""

    def tell(self, what: str, detail: str) -> None:
        """A step for the record: `what` is one of the codes of PROTOCOL.md section 3."""
