"""Stage 8, APPLY: operations become requests, and requests become outcomes."""
