"""Layer 2: the life of a trade: entry, exits, funds, fills and end."""
