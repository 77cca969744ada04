"""What the sender asks of its way to the aggregator."""


class Client:
    """Carries batches to the aggregator and its answers back."""

    max_bytes = 32768
    """A batch for this way is built of records of no more than so many bytes, if they are more than one."""

    async def post(self, path: str, content_type: str, body: bytes) -> "tuple[int, bytes]":
        """Status and body of the aggregator's answer; raises an Exception that says why there is none."""
        raise OSError("each way says how")

    def move(self, urls: "list[str]") -> None:
        """From now on the addresses are others; raises ValueError where they cannot be taken."""
        raise ValueError("this way goes nowhere else")

    def go_home(self) -> None:
        """Back to the addresses of the beginning."""
