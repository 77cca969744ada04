"""Every word that people see is there in Chinese, fits its English pattern, and is used; and whoever asks is answered in his language."""

import re
from importlib.resources import files
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages import pofile
from babel.messages.extract import extract

import catflap_host
from catflap_host.errors import UserError
from catflap_host.language.catalogue import by_code, preferred
from catflap_host.language.words import Words

SOURCES = Path(catflap_host.__file__).parent
BILINGUAL = ("evidence.html",)
"""Papers that hold both languages at once."""
MARKS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
PLACES = re.compile(r"%\((\w+)\)s")
Message = str | tuple[str, str]


def used() -> dict[Message, str]:
    """What the code and the templates say, and where."""
    found: dict[Message, str] = {}
    for path in sorted(SOURCES.rglob("*")):
        if path.suffix not in (".py", ".html") or path.name in BILINGUAL:
            continue
        method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
        options = {} if path.suffix == ".py" else {"trimmed": "true", "silent": "false"}
        for line, message, _, _ in extract(method, BytesIO(path.read_bytes()), MARKS, options=options):
            key = message if isinstance(message, str) else (str(message[0]), str(message[1]))
            found.setdefault(key, f"{path.relative_to(SOURCES)}:{line}")
    return found


def translated() -> dict[Message, list[str]]:
    """The Chinese catalogue, word for word."""
    found: dict[Message, list[str]] = {}
    for file in files("catflap_host.language").joinpath("zh").iterdir():
        for message in pofile.read_po(BytesIO(file.read_bytes()), locale="zh"):
            if not message.id:
                continue
            key = message.id if isinstance(message.id, str) else (message.id[0], message.id[1])
            forms = [message.string] if isinstance(message.string, str) else list(message.string or ())
            assert not message.fuzzy, key
            assert found.setdefault(key, forms) == forms, f"two translations of {key}, the second in {file.name}"
    return found


def test_nothing_is_missing_and_nothing_left_over() -> None:
    said, chinese = used(), translated()
    assert len(said) > 150
    missing = [f"{place}: {message}" for message, place in said.items() if not all(chinese.get(message, [""]))]
    assert not missing, "add them to host/catflap_host/language/zh"
    assert not [message for message in chinese if message not in said], "no longer said"


def test_translations_fill_in_what_the_english_does() -> None:
    for message, forms in translated().items():
        english = message if isinstance(message, str) else message[1]
        for form in forms:
            assert set(PLACES.findall(form)) == set(PLACES.findall(english)), message
            assert PLACES.sub("", form).replace("%%", "").count("%") == 0, message


def test_plurals_and_numbers() -> None:
    english, chinese = by_code("en"), by_code("zh")
    words = "%(n)s number", "%(n)s numbers"
    assert [english.ngettext(*words, n) for n in (0, 1, 2_000)] == ["0 numbers", "1 number", "2,000 numbers"]
    assert chinese.ngettext(*words, 1) == "1 个号码"
    assert (english.span(90_000), english.span(172_800_000)) == ("1 minute", "2 days")
    assert english.moment(1_772_380_812_345) == "2026-03-01 16:00:12 UTC"


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("de-DE,de;q=0.9,zh;q=0.3,en;q=0.2", "zh"),
        ("de,en;q=0.5,zh;q=0.4", "en"),
        ("zh;q=0,en;q=0.1", "en"),
        ("fr, *;q=0.1", "en"),
        (";;q=,zh;q=x", "en"),
    ],
)
def test_the_browsers_wish(header: str, code: str) -> None:
    assert preferred(header).code == code


def test_a_code_without_a_word_is_shown_as_it_is() -> None:
    assert Words(by_code("zh")).label("%(x)s") == "%(x)s"
    assert Words(by_code("zh")).reason("pool.new-one") == "pool.new-one"


def test_an_error_is_told_in_both_languages() -> None:
    error = UserError("there is a user %(name)s already; choose another name", name="100%")
    assert str(error) == "there is a user 100% already; choose another name"
    assert by_code("zh").error(error) == "已有用户 100%；请另取用户名"
    assert by_code("zh").error(UserError("50% of something")) == "50% of something"
