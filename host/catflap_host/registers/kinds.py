"""The registers: which fields each has, how they are read, and of which of them there is one entry at a time."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

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
    """A column: how it is read, whether it must be filled in, and what it means; an empty cell stands for `otherwise`."""

    name: str
    read: Read
    meaning: str
    is_needed: bool = False
    otherwise: str = ""


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


_PERSON = _needed(PERSON, fields.persons_number, "who is called")
_LAST = (
    Field("source", fields.free_text, "where it was heard: a platform, a form, a letter"),
    Field("note", fields.free_text, "anything else"),
)
_PURPOSE = "commercial (default) or service: calls about what the called person has ordered or holds, which need no consent"

KINDS: Mapping[Register, Kind] = {
    Register.DO_NOT_CALL: Kind(
        "谢绝来电: who wants no commercial calls",
        (
            _PERSON,
            Field("industry", fields.industry, "of this industry only; empty: of none"),
            Field("holder", fields.name, "from this caller only; empty: from nobody"),
            *_LAST,
        ),
        ("number", "industry", "holder"),
    ),
    Register.CONSENT: Kind(
        "用户同意: who agreed to be called by whom, until when",
        (
            _PERSON,
            _needed("holder", fields.name, "to whom it was given: a contract's customer"),
            _needed("industry", fields.industry, "about what"),
            _needed("evidence", fields.free_text, "what proves it: a contract's number, a recording's name and hash"),
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
            _needed("industry", fields.industry, "whose calls"),
            _needed("wish", fields.choice(ACCEPT, REFUSE), "accept or refuse"),
            *_LAST,
        ),
        ("number", "industry"),
        needs_begin=True,
    ),
    Register.CONTRACT: Kind(
        "a customer's trunk: whose calls it carries, who gives it access, how many were agreed",
        (
            _needed("contract", fields.word, "its name"),
            _needed("customer", fields.name, "whose calls they are"),
            _needed("access_party", fields.name, "who gives access and answers for it (谁接入谁负责)"),
            _needed("probe", fields.word, "the probe that sees the trunk"),
            _needed("trunk", fields.name, "its id there"),
            Field("lines", fields.free_text, "lines of the trunk with blanks between; empty: all"),
            Field(
                "direction",
                fields.choice(OUT, IN),
                "out (default): the probe is at the customer's; in: behind the access party",
                otherwise=OUT,
            ),
            Field("industry", fields.industry, "of its calls; needed for commercial ones"),
            Field("purpose", fields.choice(COMMERCIAL, SERVICE), _PURPOSE, otherwise=COMMERCIAL),
            Field("seats", fields.whole, "people or robots who call; 0 (default): not agreed", otherwise="0"),
            Field("calls_per_day", fields.whole, "most calls a day; 0 (default): not agreed", otherwise="0"),
            Field("hours", fields.hours, "when it may call"),
            Field("utc_offset", fields.utc_offset, "of the called people's clocks, default +08:00", otherwise="+08:00"),
            *_LAST,
        ),
        ("contract",),
    ),
    Register.RANGE: Kind(
        "主叫号码鉴权: numbers that a contract's calls may present",
        (
            _needed("range", fields.number_range, "NUMBER, FIRST-LAST or PREFIX*"),
            _needed("contract", fields.word, "whose"),
            Field("campaign", fields.name, "what is called with it; empty: the contract's only one"),
            Field("industry", fields.industry, "where it is not the contract's"),
            Field("purpose", fields.choice(COMMERCIAL, SERVICE), "where it is not the contract's"),
            *_LAST,
        ),
        ("range", "contract"),
    ),
    Register.RESOURCE: Kind(
        "95, 96 and 400 numbers: whose they are, and what for",
        (
            _needed("range", fields.number_range, "NUMBER, FIRST-LAST or PREFIX*"),
            _needed("holder", fields.name, "to whom it was given"),
            _needed(
                "uses", fields.choices(INBOUND, SERVICE, COMMERCIAL), "some of inbound, service, commercial; inbound alone never calls"
            ),
            Field("licence", fields.free_text, "by which decision"),
            *_LAST,
        ),
        ("range",),
    ),
    Register.HOLIDAY: Kind(
        "days of rest and days that make up for them",
        (
            _needed("day", fields.day, "such as 2027-02-06"),
            _needed("kind", fields.choice(REST, WORK), "rest or work"),
            Field("name", fields.free_text, "what it is called"),
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
            faults.append(FieldError(f"{field.name} is empty: {field.meaning}"))
        try:
            found[field.name] = field.read(cell, plan) if cell else field.otherwise
        except FieldError as error:
            faults.append(FieldError(f"{field.name}: {error}"))
    if register is Register.CONTRACT and found.get("purpose") == COMMERCIAL and found.get("industry") == "":
        faults.append(FieldError("industry is empty: the calls of a commercial contract are of one"))
    return found, faults
