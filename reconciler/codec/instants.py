"""Write instants as text."""

from __future__ import annotations

from datetime import UTC, datetime


def write_instant(instant: datetime) -> str:
    """An instant in UTC, to the second, for example `2026-01-02T03:04:05Z`."""
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
