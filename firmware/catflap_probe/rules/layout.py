"""Where things stand in a compiled policy (PROTOCOL.md section 11), for the aggregator that writes it and the probe that reads it.

a word, 8 bytes, highest bit first

| + 1 | count 4 | ddd 10 | ddd 10 | ddd 10 | ddd 10 | ddd 10 | spans 1 | lists 8 |
  |     how many digits             the number, three digits to ten bits, zeros in front
  behind a +
"""

FORMAT = 2
"""`catflap_policy` of a compiled policy; 1 is one that a person writes for a single probe."""

WORD_BYTES = 8
PAGE_WORDS = 32
PAGE_BYTES = WORD_BYTES * PAGE_WORDS
DIGEST_BYTES = 32

MAX_DIGITS = 15
"""No number has more (E.164)."""

SPANS = 0x100
"""The word holds for all numbers up to the next word's; without it for its own number alone."""

ALLOWED, DENIED, AUTHORISED, INBOUND = 1, 2, 4, 8
"""Bits of `lists`; a number may be in several. Of the last two, trunks under contract may present the one, and the other never calls."""

FIRST_CLASS, CLASSES = 16, 4
"""The bits above are classes of commercial callers; under a person's key they are those whose calls he refuses."""

PERSON, PERSON_ABROAD = "000", "+0"
"""A person's key is his number behind the one, or behind the other in place of its +: no caller's number begins so."""

MOST_BYTES = {"linux": 33554432, "board": 163840}
"""What a probe with such tables takes."""


def person(number: str) -> str:
    """The key of a called person."""
    return PERSON_ABROAD + number[1:] if number[:1] == "+" else PERSON + number
