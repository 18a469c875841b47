"""Stage 6, DIFF: spec against live trade, progress told apart."""
