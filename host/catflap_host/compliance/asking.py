"""Whether a call may be made, asked before it is: what a dialler or a person does not dial needs no line to stop it."""

from catflap_host.compliance import book as books
from catflap_host.compliance.rules import Finding, Outgoing, judge
from catflap_host.errors import UserError
from catflap_host.registers import entries
from catflap_host.registers.fields import FieldError, number, numbers_plan
from catflap_host.store.database import Database
from catflap_probe.verdict.numbering import check_dialled

NOT_PERSONS = ("service", "call-centre", "toll-free", "shared-cost", "premium")
"""Kinds of numbers behind which nobody is at home."""


def ask(database: Database, contract: str, called: str, calling: str, country: str, now_ms: int) -> Finding:
    """What a call under a contract would break now; `calling` may be empty. Raises UserError."""
    book, plan = books.load(database), numbers_plan(country)
    under = book.named(contract, now_ms)
    if under is None:
        raise UserError(f"no contract '{contract}' is in force; `catflap host register list contract` shows those that are")
    try:
        dialled = number(called, plan)
        presented = number(calling, plan) if calling else ""
    except FieldError as error:
        raise UserError(str(error)) from None
    is_to_person = check_dialled(called, plan).kind_word() not in NOT_PERSONS
    words = entries.words_of(database, [dialled])[dialled]
    return judge(Outgoing(now_ms, presented, "shown", dialled, is_to_person), under, book, words)
