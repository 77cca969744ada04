"""How far along the stored records each of those who follow them is, on disk."""

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from catflap_host.deliver import tables
from catflap_host.store.database import Database


def start(database: Database, follower: str, newest: int) -> int:
    """Where a follower left off; one that is new begins behind the newest record."""
    mine = tables.positions.c.follower == follower
    with database.read() as connection:
        after = connection.execute(select(tables.positions.c.after).where(mine)).scalar()
    if after is not None:
        return int(after)
    try:
        with database.write() as connection:
            connection.execute(insert(tables.positions), {"follower": follower, "after": newest})
    except IntegrityError:
        # another worker was first
        return start(database, follower, newest)
    return newest


def move(connection: Connection, follower: str, before: int, after: int) -> bool:
    """Move the mark inside the caller's transaction; False where it is not at `before` any more."""
    mine = (tables.positions.c.follower == follower) & (tables.positions.c.after == before)
    return connection.execute(update(tables.positions).where(mine).values(after=after)).rowcount == 1
