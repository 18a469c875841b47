"""Stage 5, MATCH: which live trade belongs to which spec, and whether a trade may be opened."""
