"""Refusals: which errors concern one trade, and which the whole run."""

from __future__ import annotations

from reconciler.errors import AccessRefused, ReconcilerError, RequestRefused, UnreadableAnswer


def concerns_one_trade(error: ReconcilerError) -> bool:
    """Return whether other trades may still succeed; a refused key, a limit or a dead line is the same for all."""
    return isinstance(error, RequestRefused | UnreadableAnswer) and not isinstance(error, AccessRefused)
