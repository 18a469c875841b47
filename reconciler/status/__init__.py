"""Status: one row for each trade; pure."""
