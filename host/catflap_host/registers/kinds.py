"""The registers: which fields each has, how they are read, and of which of them there is one entry at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from catflap_host.language.marking import N_
from catflap_host.registers import fields
from catflap_host.registers.fields import FieldError, Read
from catflap_probe.verdict.trunk_plan import TrunkPlan

BEGINS, ENDS = "from", "until"
PERSON = "number"
"""The field that holds a person's number."""
FREE = ("source", "note", "evidence")
"""Fields into which somebody may have put one."""
ACCEPT, REFUSE = "accept", "refuse"
COMMERCIAL, SERVICE, INBOUND = "commercial", "service", "inbound"
OUT, IN = "out", "in"
REST, WORK = "rest", "work"
DEFAULT_HOURS = {
    COMMERCIAL: "workday 09:00-12:00,14:00-20:00; restday 10:00-12:00,14:00-18:00",
    SERVICE: "workday 08:00-21:00; restday 08:00-21:00",
}
"""Where a contract says nothing; ours, and no law's."""


class Register(StrEnum):
    """A register's name."""

    DO_NOT_CALL = "do-not-call"
    CONSENT = "consent"
    WISH = "wish"
    CONTRACT = "contract"
    RANGE = "range"
    RESOURCE = "resource"
    HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Field:
    """A column: how it is read, whether it must be filled in, and what it means; an empty cell stands for `otherwise`.

    `words` are the only ones that it may hold, where there are such, one of them or, with `is_many`, some.
    """

    name: str
    read: Read
    meaning: str
    is_needed: bool = False
    otherwise: str = ""
    words: tuple[str, ...] = ()
    is_many: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A register: its fields, the first of them its subject; `key`: of these there is one entry at a time.

    `needs_begin`, `needs_end`: it must be said from when and until when an entry holds; of a person's word the newest counts.
    """

    summary: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    needs_begin: bool = False
    needs_end: bool = False

    @property
    def subject(self) -> str:
        """The field by which entries are looked up."""
        return self.fields[0].name


def _needed(name: str, read: Read, meaning: str) -> Field:
    return Field(name, read, meaning, True)


def _industry(meaning: str, is_needed: bool = False) -> Field:
    return Field("industry", fields.industry, meaning, is_needed, words=fields.INDUSTRIES)


def _choice(name: str, meaning: str, *words: str, is_needed: bool = False, otherwise: str = "") -> Field:
    return Field(name, fields.choice(*words), meaning, is_needed, otherwise, words)


_PERSON = _needed(PERSON, fields.persons_number, N_("who is called"))
_LAST = (
    Field("source", fields.free_text, N_("where it was heard: a platform, a form, a letter")),
    Field("note", fields.free_text, N_("anything else")),
)
_USES = (INBOUND, SERVICE, COMMERCIAL)
_PURPOSE = N_("commercial (default) or service: calls about what the called person has ordered or holds, which need no consent")

KINDS: Mapping[Register, Kind] = {
    Register.DO_NOT_CALL: Kind(
        "谢绝来电: who wants no commercial calls",
        (
            _PERSON,
            _industry(N_("of this industry only; empty: of none")),
            Field("holder", fields.name, N_("from this caller only; empty: from nobody")),
            *_LAST,
        ),
        ("number", "industry", "holder"),
    ),
    Register.CONSENT: Kind(
        "用户同意: who agreed to be called by whom, until when",
        (
            _PERSON,
            _needed("holder", fields.name, N_("to whom it was given: a contract's customer")),
            _industry(N_("about what"), True),
            _needed("evidence", fields.free_text, N_("what proves it: a contract's number, a recording's name and hash")),
            *_LAST,
        ),
        ("number", "holder", "industry"),
        needs_begin=True,
        needs_end=True,
    ),
    Register.WISH: Kind(
        "接收意愿: whose calls a person wants, and whose not",
        (
            _PERSON,
            _industry(N_("whose calls"), True),
            _choice("wish", N_("accept or refuse"), ACCEPT, REFUSE, is_needed=True),
            *_LAST,
        ),
        ("number", "industry"),
        needs_begin=True,
    ),
    Register.CONTRACT: Kind(
        "a customer's trunk: whose calls it carries, who gives it access, how many were agreed",
        (
            _needed("contract", fields.word, N_("its name")),
            _needed("customer", fields.name, N_("whose calls they are")),
            _needed("access_party", fields.name, N_("who gives access and answers for it")),
            _needed("probe", fields.word, N_("the probe that sees the trunk")),
            _needed("trunk", fields.name, N_("its id there")),
            Field("lines", fields.free_text, N_("lines of the trunk with blanks between; empty: all")),
            _choice("direction", N_("out (default): the probe is at the customer's; in: behind the access party"), OUT, IN, otherwise=OUT),
            _industry(N_("of its calls; needed for commercial ones")),
            _choice("purpose", _PURPOSE, COMMERCIAL, SERVICE, otherwise=COMMERCIAL),
            Field("seats", fields.whole, N_("people or robots who call; 0 (default): not agreed"), otherwise="0"),
            Field("calls_per_day", fields.whole, N_("most calls a day; 0 (default): not agreed"), otherwise="0"),
            Field("hours", fields.hours, N_("when it may call")),
            Field("utc_offset", fields.utc_offset, N_("of the called people's clocks, default +08:00"), otherwise="+08:00"),
            *_LAST,
        ),
        ("contract",),
    ),
    Register.RANGE: Kind(
        "主叫号码鉴权: numbers that a contract's calls may present",
        (
            _needed("range", fields.number_range, N_("NUMBER, FIRST-LAST or PREFIX*")),
            _needed("contract", fields.word, N_("whose")),
            Field("campaign", fields.name, N_("what is called with it; empty: the contract's only one")),
            _industry(N_("where it is not the contract's")),
            _choice("purpose", N_("where it is not the contract's"), COMMERCIAL, SERVICE),
            *_LAST,
        ),
        ("range", "contract"),
    ),
    Register.RESOURCE: Kind(
        "95, 96 and 400 numbers: whose they are, and what for",
        (
            _needed("range", fields.number_range, N_("NUMBER, FIRST-LAST or PREFIX*")),
            _needed("holder", fields.name, N_("to whom it was given")),
            Field(
                "uses",
                fields.choices(*_USES),
                N_("some of inbound, service, commercial; inbound alone never calls"),
                True,
                words=_USES,
                is_many=True,
            ),
            Field("licence", fields.free_text, N_("by which decision")),
            *_LAST,
        ),
        ("range",),
    ),
    Register.HOLIDAY: Kind(
        "days of rest and days that make up for them",
        (
            _needed("day", fields.day, N_("such as 2027-02-06")),
            _choice("kind", N_("rest or work"), REST, WORK, is_needed=True),
            Field("name", fields.free_text, N_("what it is called")),
        ),
        ("day",),
    ),
}


def read_fields(register: Register, cells: Mapping[str, str], plan: TrunkPlan) -> tuple[dict[str, str], list[FieldError]]:
    """A row's fields in their kept form, and every fault in it, each with the column's name in front."""
    kind, found, faults = KINDS[register], {}, []
    for field in kind.fields:
        cell = cells.get(field.name, "").strip()
        if not cell and field.is_needed:
            words = N_("%(column)s is empty: %(meaning)s")
            faults.append(FieldError(words, column=field.name, meaning=field.meaning).of(field.name))
        try:
            found[field.name] = field.read(cell, plan) if cell else field.otherwise
        except FieldError as error:
            faults.append(error.at(field.name))
    if register is Register.CONTRACT and found.get("purpose") == COMMERCIAL and found.get("industry") == "":
        faults.append(FieldError(N_("industry is empty: the calls of a commercial contract are of one")).of("industry"))
    return found, faults
