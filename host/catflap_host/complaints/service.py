"""The public page as a listener of its own, apart from the console, so that the console need not be where the public can reach it."""

from catflap_host.complaints.form import make_app
from catflap_host.errors import UserError
from catflap_host.listener import Address, Listener, TlsFiles, bind, is_loopback, url
from catflap_host.store.database import Database


def public_page(database: Database, address: Address, tls: TlsFiles | None) -> tuple[Listener, str]:
    """A listener for the page, not yet serving, and where it is. Raises UserError."""
    used = None if is_loopback(address.host) else tls
    if used is None and not is_loopback(address.host):
        raise UserError(
            f"the complaints' page may not listen on {address.host} without TLS, where what people write could be read on its way; "
            "give --tls-cert and --tls-key, or use 127.0.0.1 behind a proxy that speaks TLS"
        )
    listening = bind(address)
    return Listener(make_app(database, used is not None), listening, used), url(listening, used is not None)
