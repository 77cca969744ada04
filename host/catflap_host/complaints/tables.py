"""The tables of complaints. Numbers, names and words of people are sealed; numbers and complainers are found by pseudonyms."""

from collections.abc import Mapping

from sqlalchemy import Column, Connection, Index, LargeBinary, RowMapping, Table, Text

from catflap_host.complaints import details
from catflap_host.store.lasting import Cleared, Ends, Stays, lasts
from catflap_host.store.sealed import resealed_by, sealed_in
from catflap_host.store.tables import Whole, metadata
from catflap_host.store.vault import Vault


def _text(name: str) -> Column[str]:
    return Column(name, Text, nullable=False)


def _whole(name: str) -> Column[int]:
    return Column(name, Whole, nullable=False)


def _reseal_complaint(_: Connection, vault: Vault, row: RowMapping) -> Mapping[str, object]:
    """What people wrote, and the pseudonyms made of it."""
    if row["sealed"] is None or vault.is_newest(row["sealed"]):
        return {}
    kept = details.opened(vault, row["code"], row["sealed"])
    return {
        "sealed": vault.resealed(row["sealed"], details.details_place(row["code"])),
        "number_id": details.number_id(vault, kept.number),
        "origin": details.origin_id(vault, kept.origin),
    }


def _reseal_complainer(_: Connection, vault: Vault, row: RowMapping) -> Mapping[str, object]:
    """A complainer's name and pseudonym; whose name is let go keeps the old one."""
    if row["sealed_name"] is None or vault.is_newest(row["sealed_name"]):
        return {}
    name = vault.open(row["sealed_name"], details.name_place(row["pseudonym"]))
    pseudonym = details.complainer_ids(vault, name.decode("utf-8", "surrogatepass"))[0]
    return {"pseudonym": pseudonym, "sealed_name": vault.seal(name, details.name_place(pseudonym))}


complaints = Table(
    "complaints",
    metadata,
    Column("id", Whole, primary_key=True),
    _text("code"),  # digest of the complainer's code
    _whole("received_ms"),
    _whole("at_ms"),  # of the call, as far as known
    *(_text(name) for name in ("source", "kind", "industry", "way")),
    _whole("talk_s"),  # -1: not known
    _text("number_id"),  # pseudonym of the number in its international form, empty where none was shown
    *(_text(name) for name in ("number_range", "number_kind", "country", "holder", "place")),
    _whole("complainer"),  # row of complaint_people
    _text("origin"),  # pseudonym of the line or the network that it came from
    *(_text(name) for name in ("match", "site")),
    _whole("call_id"),  # the best of the calls matched, 0 for none
    *(_text(name) for name in ("team", "state", "finding")),
    _whole("due_ms"),  # when the next step must be done, 0 once it is answered
    _whole("changed_ms"),
    Column("sealed", LargeBinary),  # number, company, contact, content, answer; NULL once their time is over
    info=resealed_by(_reseal_complaint) | lasts(Cleared("complaints")),
)
Index("complaints_by_code", complaints.c.code, unique=True)
Index("complaints_by_number", complaints.c.number_id, complaints.c.received_ms)
Index("complaints_by_state", complaints.c.state, complaints.c.due_ms)
Index("complaints_by_time", complaints.c.received_ms)
Index("complaints_by_complainer", complaints.c.complainer)
Index("complaints_by_call", complaints.c.call_id)

history = Table(
    "complaint_history",
    metadata,
    Column("id", Whole, primary_key=True),
    _whole("complaint"),
    _whole("at_ms"),
    *(_text(name) for name in ("who", "what", "state", "finding", "team")),
    Column("sealed_note", LargeBinary),
    info=sealed_in("sealed_note", lambda row: details.note_place(row["complaint"])) | lasts(Cleared("complaints")),
)
Index("complaint_history_by_complaint", history.c.complaint)

people = Table(
    "complaint_people",
    metadata,
    Column("id", Whole, primary_key=True),
    _text("pseudonym"),
    _whole("first_ms"),
    *(_whole(name) for name in ("filed", "upheld", "unfounded")),
    Column("sealed_name", LargeBinary),
    info=resealed_by(_reseal_complainer) | lasts(Cleared("complaints")),
)
Index("complaint_people_by_pseudonym", people.c.pseudonym, unique=True)

rules = Table(
    "complaint_rules",
    metadata,
    Column("place", Whole, primary_key=True, autoincrement=False),
    *(_text(name) for name in ("kind", "industry", "holder", "prefix", "team")),
    info=lasts(Stays("settings")),
)

deadlines = Table(
    "complaint_deadlines",
    metadata,
    Column("kind", Text, primary_key=True),  # empty: any other kind
    Column("state", Text, primary_key=True),
    _whole("hours"),
    info=lasts(Stays("settings")),
)

spent = Table(
    "complaint_spent",
    metadata,
    Column("digest", Text, primary_key=True),  # of a link or of a form's token that counts no more
    _whole("expires_ms"),
    info=lasts(Ends(lambda c, now_ms: c.expires_ms < now_ms)),
)
