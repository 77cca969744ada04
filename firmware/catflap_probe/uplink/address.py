"""Where batches go: SCHEME://HOST[:PORT], one address or several of one scheme."""

PORTS = {"http": 80, "https": 443, "mqtt": 1883, "mqtts": 8883}
WITH_TLS = ("https", "mqtts")


def split_url(url: str) -> "tuple[str, str, int]":
    """(scheme, host, port) of an address; raises ValueError."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in PORTS:
        raise ValueError("%r is no http://, https://, mqtt:// or mqtts:// address" % url)
    host, colon, port = rest.rstrip("/").partition(":")
    if not host or "/" in host or "@" in host or (colon and not port.isdigit()):
        raise ValueError("%r is no address of the form %s://HOST:PORT" % (url, scheme))
    return scheme, host, int(port) if colon else PORTS[scheme]


def split_urls(urls: "list[str]") -> "tuple[str, list[tuple[str, int]]]":
    """The scheme of all addresses, and (host, port) of each; raises ValueError."""
    scheme = ""
    places = []
    for url in urls:
        found, host, port = split_url(url)
        if scheme and found != scheme:
            raise ValueError("%r is no %s:// address, as the one before it is" % (url, scheme))
        scheme = found
        places.append((host, port))
    if not places:
        raise ValueError("no address is given")
    return scheme, places
