"""What is stored of a probe, looked up as the ingest does."""

from catflap_host.store.database import Database
from catflap_host.store.enrolled import Enrolled, enrolled


def known(database: Database, probe: str, boot: str = "") -> Enrolled:
    """An enrolled probe, and how it stands with that boot."""
    return enrolled(database, [(probe, boot)])[probe, boot]
