"""The number that somebody complains of, as he wrote it: brought to its one form, and looked up in the numbering plans."""

import unicodedata
from dataclasses import dataclass

from catflap_host.errors import UserError
from catflap_host.number_form import international, plan_of
from catflap_probe.verdict.numbering import check, describe
from catflap_probe.verdict.own_numbers import OwnNumbers

MAX_WRITTEN_CHARS = 40
MIN_DIGITS = 3
RANGE_HIDDEN = 4
"""A range is a number less so many digits: ten thousand numbers, nobody's own."""

LONG = 9
_BETWEEN = str.maketrans("", "", " -–—()/.\u3000\u00a0")


@dataclass(frozen=True, slots=True)
class Reported:
    """A number as it was written and in its international form (empty where none was shown), with what the plans say of it."""

    written: str
    international: str
    range: str
    kind: str
    country: str
    holder: str
    place: str


def reported(written: str, country: str, is_needed: bool) -> Reported:
    """Look a number up as it is written in a country (two letters). Raises UserError for what is no number, or none where one is needed."""
    # a keyboard for Chinese writes digits of full width
    plain = unicodedata.normalize("NFKC", written).translate(_BETWEEN)
    if not plain and not is_needed:
        return Reported("", "", "", "", "", "", "")
    if not plain:
        raise UserError("the number that called is missing; write it as the telephone showed it")
    digits = plain.removeprefix("+")
    if len(written) > MAX_WRITTEN_CHARS or not digits.isascii() or not digits.isdigit() or len(digits) < MIN_DIGITS:
        raise UserError("that is no telephone number; write digits, with + and country code or with area code in front")
    plan = plan_of(country, "", "")
    whole = international(plain, plan)
    if not whole:
        raise UserError("that is no telephone number of any country; write it as the telephone showed it, with the area code")
    found = check(whole, plan, OwnNumbers([], plan))
    holder, place = describe(found)
    hidden = whole[:-RANGE_HIDDEN] if len(whole) >= LONG else whole
    return Reported(plain, whole, hidden, found.kind_word(), found.country, holder, place)


def own_number(contact: str, country: str) -> str:
    """A complainer's own number in its international form; empty where he gives none, or something else."""
    try:
        return reported(contact, country, is_needed=False).international
    except UserError:
        return ""
