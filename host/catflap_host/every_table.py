"""All tables of the database: those who go through every one of them ask here, whoever else has imported what."""

from importlib import import_module

from sqlalchemy import Table

from catflap_host.store.tables import metadata

MODULES = (
    "catflap_host.access.tables",
    "catflap_host.complaints.tables",
    "catflap_host.compliance.tables",
    "catflap_host.correlate.tables",
    "catflap_host.deliver.tables",
    "catflap_host.ingest.cells",
    "catflap_host.judged.tables",
    "catflap_host.policy.tables",
    "catflap_host.registers.tables",
    "catflap_host.reputation.tables",
    "catflap_host.store.tables",
    "catflap_host.trunk_audit.tables",
    "catflap_host.triage.tables",
)
"""Where tables are defined."""


def every_table() -> list[Table]:
    """Every table, in an order in which they may be filled."""
    for module in MODULES:
        import_module(module)
    return metadata.sorted_tables
