"""The kinds of targets: who answers, and whether real money moves."""

from __future__ import annotations

from enum import StrEnum


class TargetKind(StrEnum):
    """The side that answers the requests of a target (`kind` in reconciler.yaml)."""

    SANDBOX = "sandbox"
    API = "api"


class Mode(StrEnum):
    """The accounts of a key that are used. Source: README of the official docs, Forced-Mode header."""

    PAPER = "paper"
    REAL = "real"
