"""Desired trades: short forms and defaults are resolved, and valid documents become trade specs."""
