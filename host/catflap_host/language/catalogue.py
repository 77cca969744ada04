"""A language: its words by the English ones, its numbers and times. The .po files are read as they are; nothing has to be built."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO

from babel import Locale
from babel.messages import pofile
from babel.numbers import format_decimal, format_percent

from catflap_host.errors import UserError

_LEAST_GROUPED = 1_000

Messages = Mapping[str, tuple[str, ...]]
"""The translations of English words: one form, or one for each plural."""


@dataclass(frozen=True, slots=True)
class Language:
    """`code` names its catalogue, `tag` is what HTML calls it, `own_name` what its readers do. English has no messages: it is the keys."""

    code: str
    tag: str
    own_name: str
    messages: Messages

    def pattern(self, message: str, /) -> str:
        """A sentence whose `%(name)s` are still to be filled in, and `%%` to become one: templates do that themselves."""
        return self.messages.get(message, (message,))[0]

    def gettext(self, message: str, /, **values: object) -> str:
        """A sentence, its `%(name)s` filled in; a percent sign of its own is written `%%`."""
        return self.pattern(message) % values

    def ngettext(self, one: str, many: str, n: int, /, **values: object) -> str:
        """The form that goes with `n` things; `%(n)s` is that count, grouped as the language does it."""
        forms = self.messages.get(one)
        chosen = forms[-1] if forms else one if n == 1 else many
        return chosen % ({"n": self.count(n)} | values)

    def error(self, error: UserError) -> str:
        """An error in this language, and one that it quotes too; as it stands where it has no translation."""
        known = error.values or error.pattern in self.messages
        values = {name: self.error(value) if isinstance(value, UserError) else value for name, value in error.values.items()}
        return self.gettext(error.pattern, **values) if known else str(error)

    def count(self, n: int) -> str:
        """A whole number, its thousands grouped."""
        return str(n) if 0 <= n < _LEAST_GROUPED else _grouped(n, self.tag)

    def share(self, part: float) -> str:
        """A share of 0 ... 1 in per cent."""
        return _share(part, self.tag)

    def moment(self, unix_ms: int) -> str:
        """Day and time of day in UTC; pages show the browser's own time instead where scripts run."""
        # the same in both languages, and pages hold a thousand of them
        return f"{datetime.fromtimestamp(unix_ms // 1000, UTC).isoformat(' ')[:19]} UTC"

    def hour(self, unix_ms: int) -> str:
        """The time of day in UTC, hours and minutes."""
        return datetime.fromtimestamp(unix_ms / 1000, UTC).strftime("%H:%M")

    def span(self, milliseconds: int) -> str:
        """A length of time in the largest unit that it fills."""
        seconds = milliseconds // 1000
        if seconds >= 86_400:
            return self.ngettext("%(n)s day", "%(n)s days", seconds // 86_400)
        if seconds >= 3_600:
            return self.ngettext("%(n)s hour", "%(n)s hours", seconds // 3_600)
        if seconds >= 60:
            return self.ngettext("%(n)s minute", "%(n)s minutes", seconds // 60)
        return self.ngettext("%(n)s second", "%(n)s seconds", seconds)

    @property
    def _locale(self) -> Locale:
        return _locale(self.tag)


def languages() -> tuple[Language, ...]:
    """All languages, the one of last resort first."""
    return Language("en", "en", "English", {}), Language("zh", "zh-Hans", "中文", _read("zh"))


def by_code(code: str) -> Language:
    """The language of that code; raises KeyError."""
    return {language.code: language for language in languages()}[code]


def preferred(accept_language: str) -> Language:
    """What a browser's `Accept-Language` asks for most that there is."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(accept_language.split(",")):
        tag, _, quality = part.strip().partition(";")
        try:
            weight = float(quality.strip().removeprefix("q=") or 1)
        except ValueError:
            weight = 0.0
        wanted.append((-weight, place, tag.strip().lower().partition("-")[0]))
    known = {language.code: language for language in languages()}
    for weight, _, code in sorted(wanted):
        if code in known and weight < 0:
            return known[code]
    return languages()[0]


@cache
def _read(code: str) -> Messages:
    """The catalogue of a language, from all the .po files of its folder."""
    found: dict[str, tuple[str, ...]] = {}
    for file in sorted(files("catflap_host.language").joinpath(code).iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".po"):
            continue
        for message in pofile.read_po(BytesIO(file.read_bytes()), locale=code):
            if not message.id or not message.string or message.fuzzy:
                continue
            key = message.id if isinstance(message.id, str) else message.id[0]
            found[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return found


@lru_cache(4_096)
def _grouped(n: int, tag: str) -> str:
    return format_decimal(n, locale=_locale(tag))


@lru_cache(16_384)
def _share(part: float, tag: str) -> str:
    return format_percent(part, locale=_locale(tag))


@cache
def _locale(tag: str) -> Locale:
    return Locale.parse(tag, sep="-")
