"""Drift: what happened to live trades since they were last applied; pure."""
