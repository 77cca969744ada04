"""The table of what the correlation has learnt, so that a restart forgets nothing."""

from sqlalchemy import Column, LargeBinary, Table, Text

from catflap_host.store.lasting import Kept, lasts
from catflap_host.store.sealed import sealed_in
from catflap_host.store.tables import Whole, metadata


def learnt_place(name: str) -> bytes:
    """What ties the sealed state to its row."""
    return b"correlation " + name.encode()


learnt = Table(
    "correlation",
    metadata,
    Column("name", Text, primary_key=True),
    Column("form", Text, nullable=False),  # of the state: one of another form is not read
    Column("after", Whole, nullable=False),  # every record up to this id is in it, but for some of the last
    Column("saved_ms", Whole, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_strict=True,
    info=sealed_in("sealed", lambda row: learnt_place(row["name"])) | lasts(Kept("numbers", lambda c, before_ms: c.saved_ms < before_ms)),
)
