"""Which complaints are past their time: those answered long ago; before that the words and numbers in them are let go."""

from sqlalchemy import Delete, Update, delete, exists, select, update

from catflap_host.complaints import tables
from catflap_host.complaints.terms import State
from catflap_host.store.database import Database


def over(before_ms: int, most: int) -> Delete:
    """Delete up to so many complaints that were answered before then."""
    columns = tables.complaints.c
    some = select(columns.id).where(columns.state == str(State.ANSWERED), columns.changed_ms < before_ms).limit(most).scalar_subquery()
    return delete(tables.complaints).where(columns.id.in_(some))


def silenced(before_ms: int, most: int) -> Update:
    """Empty up to so many complaints that were answered before then of what people wrote."""
    columns = tables.complaints.c
    is_over = (columns.state == str(State.ANSWERED)) & (columns.changed_ms < before_ms) & columns.sealed.is_not(None)
    some = select(columns.id).where(is_over).limit(most).scalar_subquery()
    return update(tables.complaints).where(columns.id.in_(some), is_over).values(sealed=None)


def forget_the_rest(database: Database, before_ms: int) -> None:
    """Delete histories without their complaint, notes and complainers' names of emptied ones, and complainers of whom none is left."""
    case, step, person = tables.complaints.c, tables.history.c, tables.people.c
    is_emptied = exists().where(case.id == step.complaint, case.sealed.is_(None))
    with database.write() as connection:
        connection.execute(delete(tables.history).where(~exists().where(case.id == step.complaint)))
        connection.execute(update(tables.history).where(step.sealed_note.is_not(None), is_emptied).values(sealed_note=None))
        is_named = exists().where(case.complainer == person.id, case.sealed.is_not(None))
        connection.execute(update(tables.people).where(person.sealed_name.is_not(None), ~is_named).values(sealed_name=None))
        connection.execute(delete(tables.people).where(person.first_ms < before_ms, ~exists().where(case.complainer == person.id)))
