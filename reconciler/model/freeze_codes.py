"""Reasons of freezes."""

from __future__ import annotations

from enum import StrEnum


class FreezeReason(StrEnum):
    """Origin of a freeze, with its reason; each has the value of a `FreezeSource` at its end."""

    CONFIG = "freeze_by_config"
    VARIABLE = "freeze_by_variable"
    COMMAND = "freeze_by_command"
    GUARDRAIL = "freeze_by_guardrail"
    TRIPPED = "freeze_tripped"


# Longest reason of a freeze, in characters; as in reconciler.yaml.
LONGEST_REASON_CHARS = 500
