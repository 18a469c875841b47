"""Layer 4: tables, and what is kept in them."""
