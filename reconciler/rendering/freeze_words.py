"""The sentences of freezes."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from reconciler.model.freeze_codes import FreezeReason

FREEZE_TEMPLATES: Mapping[StrEnum, str] = {
    FreezeReason.CONFIG: "reconciler.yaml[[, until {until}]]: {text}",
    FreezeReason.VARIABLE: "RECONCILER_FREEZE: {text}",
    FreezeReason.COMMAND: "{who}[[, since {since}]][[, until {until}]]: {text}",
    FreezeReason.GUARDRAIL: "guardrail[[, since {since}]]: {text}",
    FreezeReason.TRIPPED: "{name} {value}, over the limit of {limit}",
}
