"""Stage 1, READ: plan files to documents with a position for every key."""
