"""What is kept on disk: one SQLite database."""
