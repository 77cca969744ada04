"""The keys of probes are sealed as numbers are."""

from alembic import op
from sqlalchemy import Column, LargeBinary, Text, select, table, update

from catflap_host.store.places import probe_place
from catflap_host.store.vault import Vault

revision = "probe_keys"
down_revision = "workers"
branch_labels = None
depends_on = None

_PROBES = table("probes", Column("probe", Text), Column("key", LargeBinary))


def upgrade() -> None:
    """Seal those that are there."""
    connection = op.get_bind()
    config = op.get_context().config
    assert config
    vault: Vault = config.attributes["vault"]
    if connection.dialect.name == "sqlite":
        # what is overwritten is not to stay readable in pages that are free
        connection.exec_driver_sql("PRAGMA secure_delete = ON")
    for probe, key in connection.execute(select(_PROBES.c.probe, _PROBES.c.key)).all():
        sealed = vault.seal(key, probe_place(probe))
        connection.execute(update(_PROBES).where(_PROBES.c.probe == probe).values(key=sealed))
