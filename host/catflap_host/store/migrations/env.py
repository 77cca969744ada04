"""Alembic's entry: runs the revisions on the connection that the caller has put into the configuration, in the caller's transaction."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
