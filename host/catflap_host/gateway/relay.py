"""Carries the batches of boards to the aggregator and its answers back, neither of which it could forge."""

from boards.linux.board import LinuxBoard
from catflap_probe.uplink.address import WITH_TLS, split_url
from catflap_probe.uplink.http import HttpClient
from catflap_probe.uplink.sender import CONTENT_TYPE, PATH
from catflap_probe.uplink.stream import StreamError

NO_ANSWER = 0
"""In the place of a status: nothing came back."""


class Relay:
    """One board's connection to the aggregator."""

    def __init__(self, url: str, ca_file: str) -> None:
        """Raises ValueError for what is no address, OSError for certificates that cannot be read."""
        scheme, host, port = split_url(url)
        if not scheme.startswith("http"):
            raise ValueError(f"{url!r} is no https:// address; a gateway speaks nothing else")
        self._client = HttpClient([(host, port)], LinuxBoard().tls(ca_file) if scheme in WITH_TLS else None)

    async def post(self, body: bytes) -> tuple[int, bytes]:
        """Status and body of the answer; NO_ANSWER and why, where there is none."""
        try:
            return await self._client.post(PATH, CONTENT_TYPE, body)
        except StreamError as fault:
            return NO_ANSWER, str(fault).encode()

    def close(self) -> None:
        """Closes the connection."""
        self._client.close()
