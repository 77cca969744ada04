"""Runs on both runtimes: feeds v253 fragments of caller IDs and noise drawn from a seed, and prints how many events came, and their sum."""

import sys

from catflap_probe.dialect.text import Listener
from catflap_probe.dialect.v253 import V253

PIECES = 40000
FRAGMENTS = (
    b"\r", b"\n", b"RING", b"NMBR", b"=", b":", b";", b" ", b"DDN_", b"NAME", b"DATE", b"MESG", b"0307", b"8020", b"0412", b"555", b"\x10",
    b"\x80\x20\x01\x08", b"\x04\x12", b"A", b"D", b"C", b"#", b"+CLIP", b'"', b",", b"###", b"...", b"+++", b"DRON", b"DROF", b"CWON", b"X",
    b".", b"R", b"H", b"\xff", b"\x00", b"AT", b"OK", b"FM:", b"TO:", b"+VCIDR:", b"CIDM", b"\xc3\xa4", b"\xc3", b"\xe4\xbd\xa0",
)  # fmt: skip
GAPS_MS = (0, 0, 0, 1, 50, 3000)


class Sum(Listener):
    """Adds up what it hears."""

    def __init__(self) -> None:
        self.events = 0
        self.sum = 0

    def heard(self, kind: int, t_ms: int, now_ms: int, text: str, detail: int) -> None:
        """Takes one line event."""
        self.events += 1
        for value in [kind, t_ms, now_ms, detail] + [ord(character) for character in text]:
            self.sum = (self.sum * 31 + value) % 1000003


class Draws:
    """Numbers from a seed, the same on both runtimes."""

    def __init__(self, seed: int) -> None:
        self._state = seed

    def below(self, limit: int) -> int:
        """A number from 0 to below the limit."""
        self._state = (self._state * 16807) % 2147483647
        return (self._state >> 8) % limit


def main(seed: int) -> str:
    """What comes of one seed."""
    total, draws = Sum(), Draws(seed)
    dialect = V253(total)
    now_ms = 0
    for _ in range(PIECES):
        now_ms += GAPS_MS[draws.below(len(GAPS_MS))]
        noise = bytes([draws.below(256) for _ in range(draws.below(5))])
        dialect.feed(now_ms, FRAGMENTS[draws.below(len(FRAGMENTS))] if draws.below(10) else noise)
    dialect.settle(now_ms)
    return str(total.events) + " " + str(total.sum)


if __name__ == "__main__":
    print(main(int(sys.argv[1])))
