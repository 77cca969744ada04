"""Masked numbers: enough to tell two callers apart on a page, not enough to call one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catflap_host.api.masking import mask, mask_text


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13812345678", "138****5678"),
        ("+8613812345678", "+86138****5678"),
        ("01062345601", "010****5601"),
        ("62345601", "62****01"),
        ("5551080", "5****80"),
        ("+1 805 555-1080", "+1 80* ***-1080"),
        ("110", "110"),
        ("95588", "95588"),
        ("", ""),
        ("P", "P"),
        ("0861381234567890", "08613812****7890"),
    ],
)
def test_form(number: str, shown: str) -> None:
    assert mask(number) == shown


@given(st.from_regex(r"\+?[0-9]{7,30}", fullmatch=True))
def test_four_digits_of_every_long_number_are_hidden(number: str) -> None:
    shown = mask(number)
    assert len(shown) == len(number)
    assert shown.count("*") == 4
    assert all(char in ("*", number[place]) for place, char in enumerate(shown))


def test_a_name_that_holds_a_number_does_not_give_it_away() -> None:
    assert mask_text("Zhang 13812345678 office 12") == "Zhang 138****5678 office 12"
