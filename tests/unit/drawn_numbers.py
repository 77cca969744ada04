"""Numbers that libphonenumber calls valid, drawn from its patterns."""

from collections.abc import Iterator
from random import Random

import phonenumbers

from catflap_models.numbering.automaton import Pattern
from catflap_models.numbering.regions import countries


def drawn(per_region: int, rng: Random) -> Iterator[tuple[str, str, str]]:
    """Region, calling code and national number without its prefix, `per_region` of each region, of every type it has."""
    for country in countries():
        for region in country.regions:
            patterns = [item.pattern for item in country.ranges if item.region == region]
            found = 0
            while found < per_region:
                number = _draw(rng.choice(patterns), rng)
                if phonenumbers.is_valid_number(_parsed(country.code, number)):
                    found += 1
                    yield region, country.code, number


def _parsed(code: str, number: str) -> phonenumbers.PhoneNumber:
    zeros = len(number) - len(number.lstrip("0"))
    return phonenumbers.PhoneNumber(
        country_code=int(code),
        national_number=int(number),
        italian_leading_zero=zeros > 0 or None,
        number_of_leading_zeros=zeros if zeros > 1 else None,
    )


def _draw(pattern: Pattern, rng: Random) -> str:
    states, number = pattern.start, ""
    while True:
        lengths = pattern.lengths(states)
        if lengths & 1 and (lengths == 1 or rng.random() < 0.5):
            return number
        digit, after = rng.choice([(digit, after) for digit in "0123456789" if (after := pattern.after(states, digit))])
        states, number = after, number + digit
