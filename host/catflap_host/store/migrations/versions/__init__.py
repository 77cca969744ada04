"""The revisions. A module's own tables are a revision that follows `alerts`; several may, and all are applied."""
