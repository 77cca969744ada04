"""The tables of policies: versions as they were written, who approved them, what was published, which probe has what, and dry runs."""

from sqlalchemy import Column, Index, LargeBinary, Table, Text

from catflap_host.store.lasting import Ends, Stays, lasts
from catflap_host.store.sealed import sealed_in
from catflap_host.store.tables import Whole, metadata

TRIALS_MS = 90 * 86_400_000


def version_place(version: int) -> bytes:
    """What ties a version's sealed text to its row."""
    return b"policy version %d" % version


def release_place(serial: int) -> bytes:
    """What ties a compiled policy to its row."""
    return b"policy release %d" % serial


versions = Table(
    "policy_versions",
    metadata,
    Column("version", Whole, primary_key=True, autoincrement=False),
    Column("at_ms", Whole, nullable=False),
    Column("author", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # the document
    info=sealed_in("sealed", lambda row: version_place(row["version"])) | lasts(Stays("what was decided, by whom and when")),
)

approvals = Table(
    "policy_approvals",
    metadata,
    Column("version", Whole, primary_key=True, autoincrement=False),
    Column("who", Text, primary_key=True),
    Column("at_ms", Whole, nullable=False),
    info=lasts(Stays("what was decided, by whom and when")),
)

releases = Table(
    "policy_releases",
    metadata,
    Column("serial", Whole, primary_key=True, autoincrement=False),
    Column("version", Whole, nullable=False),
    Column("at_ms", Whole, nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),  # `publish`, `roll-back`, `members` or `restored`
    Column("inputs", Text, nullable=False),  # a hash of what it was compiled from beside the document
    Column("bytes", Whole, nullable=False),  # 0: not compiled yet
    Column("sealed", LargeBinary),  # what probes take, of the newest alone
    info=sealed_in("sealed", lambda row: release_place(row["serial"])) | lasts(Stays("what was decided, by whom and when")),
)

probe_policies = Table(
    "policy_probes",
    metadata,
    Column("probe", Text, primary_key=True),
    Column("serial", Whole, nullable=False),  # in force there, 0 for none
    Column("refused", Whole, nullable=False),  # the one that it would not take, 0 for none
    Column("since_ms", Whole, nullable=False),
    info=lasts(Stays("what each probe has")),
)

settings = Table(
    "policy_settings",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Whole, nullable=False),
    info=lasts(Stays("settings")),
)

trials = Table(
    "policy_trials",
    metadata,
    Column("id", Whole, primary_key=True),
    Column("version", Whole, nullable=False),
    Column("who", Text, nullable=False),
    Column("at_ms", Whole, nullable=False),
    Column("days", Whole, nullable=False),
    Column("seen_ms", Whole, nullable=False),  # when it last went on
    Column("total", Whole, nullable=False),  # calls to go through, 0 while they are not counted yet
    Column("done", Whole, nullable=False),
    Column("error", Text, nullable=False),  # why it came to nothing
    Column("found", Text, nullable=False),  # JSON: counts, and calls by their ids, whose numbers are looked up when it is shown
    info=lasts(Ends(lambda c, now_ms: c.at_ms < now_ms - TRIALS_MS)),
)
Index("policy_trials_by_version", trials.c.version)
