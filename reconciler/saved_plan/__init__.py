"""Stage 7c, SAVE: the plan as one JSON document, written and read back."""
