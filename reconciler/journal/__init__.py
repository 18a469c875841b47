"""Stage 8b, the JOURNAL in SQLite or PostgreSQL: writes, their results, the lock, the shared pace."""
