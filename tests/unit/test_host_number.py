"""`catflap number`: a table and JSON of what the check finds."""

import json

import pytest

from catflap_host import cli


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert cli.main(["number", *words]) == 0
    return capsys.readouterr().out


def test_a_line_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    head, *lines = said(capsys, "13812345678", "+8695588", "02152345678", "+442079460000", "").splitlines()
    assert head.split() == ["number", "verdict", "reason", "kind", "country", "holder", "place"]
    assert [line.split() for line in lines] == [
        ["13812345678", "plausible", "-", "mobile", "CN", "中国移动", "-"],
        ["+8695588", "impossible", "cn.service-from-abroad", "service", "CN", "-", "-"],
        ["02152345678", "plausible", "-", "landline", "CN", "-", "上海"],
        ["+442079460000", "plausible", "-", "landline", "GB", "-", "-"],
        ["-", "not-shown", "-", "unknown", "-", "-", "-"],
    ]


def test_the_trunk_is_described_by_options(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--country", "us", "--area-code", "805", "--role", "subscriber", "--own", "8055551234", "--own", "8055551300-8055551309"]
    lines = said(capsys, "5551080", "18055551234", "5551305", "4165550123", *options).splitlines()[1:]
    assert [line.split()[2] for line in lines] == ["number.neighbour", "number.own", "number.own", "-"]
    assert "implausible" in said(capsys, "4008123456")
    assert "cn.called-only-number" not in said(capsys, "4008123456", "--outgoing")


def test_json_says_all(capsys: pytest.CaptureFixture[str]) -> None:
    (row,) = json.loads(said(capsys, "62345678", "--area-code", "010", "--json"))
    assert row == {
        "number": "62345678",
        "verdict": "plausible",
        "reason": "",
        "kind": "landline",
        "country": "CN",
        "holder": "",
        "place": "北京",
        "foreign": False,
        "key": "01062345678",
    }


def test_nothing_unprintable_comes_out(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\x1b" not in said(capsys, "1\x1b[2J")
    assert "\ufffd" in said(capsys, "\udc80", "--json")


@pytest.mark.parametrize(("words", "fault"), [(["--country", "QQ"], "'QQ'"), (["--own", "12x"], "'12x'")])
def test_what_the_user_can_put_right_is_one_line(words: list[str], fault: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["number", "110", *words]) == 2
    error = capsys.readouterr().err
    assert error.startswith("catflap: ")
    assert fault in error
    assert error.count("\n") == 1
