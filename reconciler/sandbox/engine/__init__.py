"""Layer 2: how trades live: entry, exits, funds, fills and end."""
