"""Whoever a modem is looked after for: it takes the bytes and is told each step."""


class Keeper:
    """The line's own side."""

    def take(self, data: bytes) -> None:
        """Bytes came from the modem."""

    def plugged(self) -> None:
        """The port could be opened, for the first time or again."""

    def unplugged(self) -> None:
        """The modem is gone, and its calls with it."""

    def recognised(self, family: str) -> None:
        """The modem is of this family, though it was configured as `generic`."""

    def tell(self, what: str, detail: str) -> None:
        """A step for the record: `what` is one of the codes of PROTOCOL.md section 3."""
