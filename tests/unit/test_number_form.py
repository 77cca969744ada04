"""A number's international form from whatever a line shows, and back to all forms that lines show."""

import pytest

from catflap_host.number_form import international, plan_of, shown_forms

BEIJING = plan_of("CN", "010", "subscriber")


@pytest.mark.parametrize("role", ["subscriber", "interconnect", "international"])
def test_all_forms_of_a_chinese_number_are_one(role: str) -> None:
    plan = plan_of("CN", "010", role)
    for number in ("+8613812345678", "+861062345601", "+8675581234567"):
        forms = shown_forms(number)
        # seven or eight digits alone are a number of the trunk's own area, and only on a subscriber's line
        assert {international(form, plan) for form in forms if len(form) > 8 and not form.startswith("+00")} == {number}
    assert "008613812345678" in shown_forms("+8613812345678") and "0075581234567" not in shown_forms("+8675581234567")


def test_local_and_foreign_numbers() -> None:
    assert international("62345601", BEIJING) == "+861062345601"
    assert "62345601" in shown_forms("+861062345601")
    assert international("00442079460000", BEIJING) == international("+442079460000", BEIJING) == "+442079460000"
    hanoi = plan_of("VN", "", "subscriber")
    assert international("0912345678", hanoi) == international("+84912345678", BEIJING) == "+84912345678"
    assert international("8613812345678", hanoi) == "+8613812345678"
    assert international("110", BEIJING) != international("110", hanoi)


@pytest.mark.parametrize("odd", ["", "abc", "1" * 21, "+", "１３８", "13812345678\n"])
def test_what_is_no_number(odd: str) -> None:
    assert international(odd, BEIJING) == ""
    with pytest.raises(ValueError):
        shown_forms("+" + odd)
