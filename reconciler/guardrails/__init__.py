"""Limits on what one apply may do: evaluated on a plan as a whole, and again before a write."""
