"""Layer 4: the tables, and classes that read and write their rows."""
