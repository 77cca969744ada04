"""What lays the tables and brings older ones up to date, with Alembic: one revision a file in versions/."""
