"""Country codes of T.35, as modems take them."""

import pytest

from catflap_probe.dialect.country import UNKNOWN, t35_code


@pytest.mark.parametrize(
    ("country", "code"),
    [
        # as the manuals of Rockwell and Conexant list them
        ("AU", 0x09), ("AT", 0x0A), ("BE", 0x0F), ("BR", 0x16), ("BG", 0x1B), ("CA", 0x20), ("CN", 0x26), ("CZ", 0x2E), ("DK", 0x31),
        ("FI", 0x3C), ("FR", 0x3D), ("DE", 0x42), ("GR", 0x46), ("HK", 0x50), ("HU", 0x51), ("IN", 0x53), ("IE", 0x57), ("IL", 0x58),
        ("IT", 0x59), ("JP", 0x00), ("KR", 0x61), ("LU", 0x69), ("MY", 0x6C), ("MX", 0x73), ("NL", 0x7B), ("NZ", 0x7E), ("NO", 0x82),
        ("PH", 0x89), ("PL", 0x8A), ("PT", 0x8B), ("RU", 0xB8), ("SG", 0x9C), ("ZA", 0x9F), ("ES", 0xA0), ("SE", 0xA5), ("CH", 0xA6),
        ("TW", 0xFE), ("GB", 0xB4), ("US", 0xB5),
    ],
)  # fmt: skip
def test_codes_in_use(country: str, code: int) -> None:
    assert t35_code(country) == code


@pytest.mark.parametrize("country", ["", "XX", "U", "SU", "cn", "N2", "6C", "USA"])
def test_no_country_has_no_code(country: str) -> None:
    assert t35_code(country) == UNKNOWN


def test_no_two_countries_share_a_code() -> None:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    codes = [t35_code(one + other) for one in letters for other in letters]
    known = [code for code in codes if code != UNKNOWN]
    assert len(known) == len(set(known)) > 180
