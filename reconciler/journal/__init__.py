"""Stage 8b, the JOURNAL in SQLite or PostgreSQL: what was meant, what came of it, the lock, the shared pace."""
