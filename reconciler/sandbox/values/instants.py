"""Instants of the sandbox clock as text of the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def format_instant(at_ms: int) -> str:
    """Format an instant as ISO 8601 in UTC with milliseconds.

    Args:
        at_ms: Milliseconds since 1970.

    Source: official docs, general information (`2024-08-23T00:00:00.000Z`).
    """
    instant = _EPOCH + timedelta(milliseconds=at_ms)
    return instant.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at_ms % 1000:03d}Z"


def read_instant(text: str) -> int | None:
    """Read an ISO 8601 date or time as milliseconds since 1970, in UTC unless it has an offset; None for other text.

    Args:
        text: Text of the request.
    """
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return (instant - _EPOCH) // timedelta(milliseconds=1)
