"""Stage 3, SPECIFY: short forms and defaults resolved, valid documents to trade specs."""
