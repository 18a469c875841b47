"""Sentences about passed limits, beyond their numbers."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from reconciler.model.guardrails import GuardrailReason

GUARDRAIL_TEMPLATES: Mapping[StrEnum, str] = {
    GuardrailReason.NO_LIMIT: "no limit for {currency}",
    GuardrailReason.PART_UNKNOWN: "not known of {trades:list}[[ and {more:n} more]]",
    GuardrailReason.NOT_REVIEWED: "the plan was made without this limit: make a new plan",
    GuardrailReason.NO_EARLIER_TRADES: "there are no earlier trades in {currency} to compare with",
    GuardrailReason.HISTORY_NOT_READ: "the ended trades were not read to their end",
    GuardrailReason.NO_STOP: "there is no stop at {trades:list}",
    GuardrailReason.NOT_ALLOWED: "found {found:list}, allowed: {allowed:list}",
}
