"""What ties a sealed text to its row, so that it opens nowhere else."""


def party_place(pseudonym: str) -> bytes:
    """Of a number or a name."""
    return b"party " + pseudonym.encode()


def record_place(probe: str, boot: str, seq: int) -> bytes:
    """Of a record as it came."""
    return f"record {probe} {boot} {seq}".encode()


def shared_place(name: str) -> bytes:
    """Of a secret that all workers share."""
    return b"shared " + name.encode()


def probe_place(probe: str) -> bytes:
    """Of a probe's key."""
    return b"probe " + probe.encode()
