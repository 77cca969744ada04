"""Which way batches go, by the scheme of the configured addresses."""

from .address import WITH_TLS, split_urls
from .stream import StreamClient

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..board import Board
    from ..config import Config


def open_client(board: "Board", config: "Config") -> StreamClient:
    """The client for a probe's uplink; raises OSError, ValueError for certificates that cannot be read."""
    scheme, places = split_urls(config.urls)
    tls = board.tls(config.ca_file) if scheme in WITH_TLS else None
    # imported where chosen: the other one would take a board's heap for nothing
    if scheme.startswith("mqtt"):
        from .mqtt import MqttClient

        client: StreamClient = MqttClient(board, config.id, config.password, places, tls)
    else:
        from .http import HttpClient

        client = HttpClient(places, tls)
    client.scheme = scheme
    return client
