"""Freezes as JSON, in all documents alike."""

from __future__ import annotations

from reconciler.codec.body import Body
from reconciler.codec.instants import write_instant
from reconciler.guardrails.freeze import explain_freeze
from reconciler.model.freeze import Freeze
from reconciler.rendering.reasons import describe


def write_freeze(freeze: Freeze) -> Body:
    """Write one freeze, with its sentence."""
    return {
        "source": freeze.source.value,
        "reason": freeze.reason,
        "until": None if freeze.until is None else write_instant(freeze.until),
        "allow": sorted(freeze.allow),
        "who": freeze.who or None,
        "set_at": None if freeze.set_at is None else write_instant(freeze.set_at),
        "text": describe(explain_freeze(freeze)),
    }
