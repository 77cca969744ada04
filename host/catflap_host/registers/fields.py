"""What stands in a cell of a register, read into the one form that is kept; each reader raises FieldError, which says what to write."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

from catflap_host.errors import UserError
from catflap_host.industries import Industry
from catflap_host.language.marking import N_
from catflap_host.number_form import calling_codes, international, plan_of
from catflap_host.registers.hours import HoursError, read_hours, write_hours
from catflap_probe.verdict.numbering import check_dialled
from catflap_probe.verdict.trunk_plan import INTERCONNECT, TrunkPlan

MAX_TEXT_CHARS = 500
MAX_NAME_CHARS = 80
LAST_MS = 253_402_300_799_999
MAX_WHOLE = 10_000_000
_NOT_A_PERSON = ("service", "call-centre", "toll-free", "shared-cost", "premium")
_NO_NUMBER = ("number.not-digits", "number.length", "number.zeros", "number.short", "cn.bad-length", "cn.unknown-code")
_NO_AREA = ("number.no-area-code", "cn.no-area-code")
_FILLING = re.compile(r"[ ()-]")
_PREFIX = re.compile(r"\+?[0-9]{2,15}\*")
_OFFSET = re.compile(r"([+-])(0[0-9]|1[0-4]):([0-5][0-9])")
_NAME = re.compile(r"[^\s,;](?:[^,;\x00-\x1f]*[^\s,;])?")
_WORD = re.compile(r"[A-Za-z0-9._-]{1,64}")

Read = Callable[[str, TrunkPlan], str]
"""From a cell and the plan that numbers without a country are in to the form that is kept."""


class FieldError(UserError):
    """A cell that cannot be read, or a row; `column` is the cell's, empty where it is about none."""

    column = ""

    def at(self, column: str) -> "FieldError":
        """The same of a column, its name in front."""
        found = FieldError(self.pattern, **self.values).of(column)
        found.args = (f"{column}: {found}",)
        return found

    def of(self, column: str) -> "FieldError":
        """The same of a column that the text itself names."""
        self.column = column
        return self


INDUSTRIES = tuple(one.value for one in Industry)


def numbers_plan(country: str) -> TrunkPlan:
    """The plan in which a register's numbers are written where they have no country in front; they have their area codes."""
    return plan_of(country, "", INTERCONNECT)


def number(text: str, plan: TrunkPlan) -> str:
    """A number on the network, in its international form."""
    return _judged(text, plan)[0]


def persons_number(text: str, plan: TrunkPlan) -> str:
    """The number of somebody who may be called."""
    form, kind = _judged(text, plan)
    if kind in _NOT_A_PERSON:
        raise FieldError(N_("'%(text)s' is a service's number, nobody's own"), text=text)
    return form


def number_range(text: str, plan: TrunkPlan) -> str:
    """`NUMBER`, `FIRST-LAST` of equal length, or `PREFIX*`, in international form."""
    written = text.replace(" ", "")
    if _PREFIX.fullmatch(written):
        return _international_prefix(written[:-1], plan) + "*"
    first, dash, last = written.partition("-")
    ends = [_end(part, text, plan) for part in (first, last if dash else first)]
    if len(ends[0]) != len(ends[1]) or ends[0] > ends[1]:
        raise FieldError(N_("'%(text)s': first and last number have equally many digits, the first not above the last"), text=text)
    return ends[0] if ends[0] == ends[1] else "-".join(ends)


def industry(text: str, _: TrunkPlan) -> str:
    """One of `Industry`."""
    return _one_of(text, INDUSTRIES)


def choice(*words: str) -> Read:
    """A reader of one of these words."""
    return lambda text, _: _one_of(text, words)


def choices(*words: str) -> Read:
    """A reader of some of these words with blanks between; kept in their own order."""

    def read(text: str, _: TrunkPlan) -> str:
        found = {_one_of(word, words) for word in text.split()}
        return " ".join(word for word in words if word in found)

    return read


def name(text: str, _: TrunkPlan) -> str:
    """A name of people's, without commas and semicolons."""
    if len(text) > MAX_NAME_CHARS or not _NAME.fullmatch(text):
        raise FieldError(N_("'%(text)s' is no name: 1 to %(most)s characters without , and ;"), text=text[:40], most=MAX_NAME_CHARS)
    return text


def word(text: str, _: TrunkPlan) -> str:
    """A name as probes have it."""
    if not _WORD.fullmatch(text):
        raise FieldError(N_("'%(text)s' is no name of a probe or contract: 1 to 64 of A-Z a-z 0-9 . _ -"), text=text[:40])
    return text


def free_text(text: str, _: TrunkPlan) -> str:
    """Anything on one line."""
    if len(text) > MAX_TEXT_CHARS or not text.isprintable():
        raise FieldError(N_("a text of at most %(most)s characters on one line is wanted"), most=MAX_TEXT_CHARS)
    return text


def whole(text: str, _: TrunkPlan) -> str:
    """A whole number."""
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_WHOLE)) and int(text) <= MAX_WHOLE):
        raise FieldError(N_("'%(text)s' is no whole number from 0 to %(most)s"), text=text[:40], most=MAX_WHOLE)
    return str(int(text))


def hours(text: str, _: TrunkPlan) -> str:
    """Calling hours (hours.py)."""
    try:
        return write_hours(read_hours(text))
    except HoursError as error:
        raise FieldError(error.pattern, **error.values) from None


def utc_offset(text: str, _: TrunkPlan) -> str:
    """How far a zone's clocks are ahead of UTC."""
    if not _OFFSET.fullmatch(text):
        raise FieldError(N_("'%(text)s' is no offset from UTC; write +08:00"), text=text[:40])
    return text


def day(text: str, _: TrunkPlan) -> str:
    """A day."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise FieldError(N_("'%(text)s' is no day; write 2027-02-06"), text=text[:40]) from None


def moment_ms(text: str) -> int:
    """A time in Unix ms; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(text)
        found = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
    except (ValueError, OverflowError):
        found = -1
    if not 0 < found <= LAST_MS:
        raise FieldError(N_("'%(text)s' is no time; write 2026-03-02 or 2026-03-02T08:00+08:00"), text=text[:40])
    return found


def written_moment(moment: int) -> str:
    """The text that `moment_ms` reads; empty for 0."""
    return datetime.fromtimestamp(moment / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if moment else ""


def _judged(text: str, plan: TrunkPlan) -> tuple[str, str]:
    """A number's international form and what kind it is."""
    written = _FILLING.sub("", text)
    found = check_dialled(written, plan)
    if found.reason in _NO_AREA:
        raise FieldError(N_("'%(text)s' has no area code; write 010 62345601 or +86 10 62345601"), text=text)
    form = international(written, plan)
    if not form or found.reason in _NO_NUMBER:
        raise FieldError(N_("'%(text)s' is no whole telephone number; write 13812345678 or +8613812345678"), text=text)
    return form, found.kind_word()


def _one_of(text: str, words: tuple[str, ...]) -> str:
    if text not in words:
        raise FieldError(N_("'%(text)s' is none of these words: %(words)s"), text=text[:40], words=", ".join(words))
    return text


def _end(text: str, whole_text: str, plan: TrunkPlan) -> str:
    try:
        return number(text, plan)
    except FieldError:
        raise FieldError(
            N_("'%(text)s' is no range; write a number, FIRST-LAST, or the beginning of numbers and *"), text=whole_text
        ) from None


def _international_prefix(digits: str, plan: TrunkPlan) -> str:
    if digits.startswith("+"):
        return digits
    if digits.startswith("00"):
        return "+" + digits[2:]
    code = calling_codes().get(plan.country, "")
    if not code:
        raise FieldError(N_("'%(digits)s*' has no country in front; write +86..."), digits=digits)
    has_trunk_zero = digits.startswith("0") and (plan.letters == "CN" or plan.national == b"0")
    return f"+{code}{digits[1:] if has_trunk_zero else digits}"
