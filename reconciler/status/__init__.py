"""The rows of `reconciler status`; pure."""
