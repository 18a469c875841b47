"""What a target is: where requests go, and whether real money moves there."""

from __future__ import annotations

from enum import StrEnum


class TargetKind(StrEnum):
    """Who answers the requests of a target (`kind` in reconciler.yaml)."""

    SANDBOX = "sandbox"
    API = "api"


class Mode(StrEnum):
    """Which accounts of a key are used. Source: README of the official docs, Forced-Mode header."""

    PAPER = "paper"
    REAL = "real"
