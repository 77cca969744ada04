"""Caller ID that the exchange sends as DTMF keys, before the first ring or after it (ETSI EN 300 659-1 annex A, ES 200 778-1).

As it is in use:

    A 0812345678 C              Sweden, Finland, Brazil, India ...: start A, calling number, stop C
    A 0812345678 D 0867890 C    D: the number that the call was redirected from
    B 00 C / B 10 C             no number: not available / withheld
    A 13812345678 D             some exchanges in China and Brazil stop with D
    D 0539462807 C              the Netherlands, Taiwan, China: start D; nothing but zeros means unknown
    A 12345678 # / D 1 # / D 2 #    Denmark: stop #; the caller withholds it / it is not available
"""

from ..call import SHOWN, UNAVAILABLE, WITHHELD
from .caller_id_message import CallerId, are_digits

STARTS = b"ABD"
STOPS = b"C#"
LONGEST = 48
_SHORTEST_NUMBER = 3
_WITHHELD_CODES = (b"1", b"10")
_DANISH_CODES = (b"1", b"2", b"3")
"""What stands between D and # where there is no number."""


def is_stopped(keys: bytes) -> bool:
    """Whether a run of keys that begins with a start key has come to its end."""
    last = keys[-1]
    if last == 68 and keys[0] == 65:  # A number D: what may follow is not the caller's
        return len(keys) >= _SHORTEST_NUMBER + 2
    return len(keys) > 1 and last in STOPS


def read_keys(keys: bytes) -> "CallerId | None":
    """Reads a run of keys, its stop key included or lost; None if they are no caller ID."""
    if len(keys) < 3 or len(keys) > LONGEST or keys[0] not in STARTS:
        return None
    stop = keys[-1:]
    body = keys[:-1] if stop in (b"C", b"#", b"D") else keys
    groups = _groups(body)
    if groups is None:
        return None
    calling = code = redirecting = b""
    for start, digits in groups:
        if start == 65:  # A
            calling = digits
        elif start == 66:  # B
            code = digits
        elif not redirecting:
            redirecting = digits
    if not calling and not code:
        if stop == b"#" and redirecting in _DANISH_CODES:
            code = redirecting
        else:
            calling = redirecting
    if len(calling) >= _SHORTEST_NUMBER:
        return CallerId(calling.decode(), SHOWN) if calling.strip(b"0") else CallerId("", UNAVAILABLE)
    if len(code) == 2 or (stop == b"#" and code):
        return CallerId("", WITHHELD if code in _WITHHELD_CODES else UNAVAILABLE)
    return None


def _groups(keys: bytes) -> "list[tuple[int, bytes]] | None":
    """The keys as (start key, digits); None where anything else is between them."""
    found = []
    at = 0
    while at < len(keys):
        end = at + 1
        while end < len(keys) and keys[end] not in STARTS:
            end += 1
        digits = keys[at + 1 : end]
        if keys[at] not in STARTS or not are_digits(digits):
            return None
        found.append((keys[at], digits))
        at = end
    return found
