"""Stage 6, DIFF: spec against live trade, apart from progress."""
