"""The history of complaints: one row a step, its note sealed."""

from sqlalchemy import Connection, insert

from catflap_host.complaints import tables
from catflap_host.complaints.details import clean, note_place
from catflap_host.complaints.terms import Finding, State
from catflap_host.store.vault import Vault


def tell(
    connection: Connection,
    vault: Vault,
    complaint: int,
    who: str,
    what: str,
    state: State,
    finding: Finding,
    team: str,
    text: str,
    now_ms: int,
) -> None:
    """Add to a complaint's history, in the caller's transaction."""
    row = {
        "complaint": complaint,
        "at_ms": now_ms,
        "who": who,
        "what": what,
        "state": str(state),
        "finding": str(finding),
        "team": team,
        "sealed_note": vault.seal(clean(text).encode(), note_place(complaint)) if text else None,
    }
    connection.execute(insert(tables.history), row)
