"""Ids of trades and accounts."""

# SQLite's largest id; anything above cannot exist.
LARGEST_ID = 2**63 - 1
