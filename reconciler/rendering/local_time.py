"""Instants in the time zone of the reader."""

from __future__ import annotations

from datetime import datetime


def format_local(instant: datetime) -> str:
    """Write an instant in local time to the minute, with its offset from UTC: `2026-01-01 12:00 +01:00`.

    Args:
        instant: With a time zone.
    """
    local = instant.astimezone()
    offset = f"{local:%z}"
    zone = "UTC" if offset == "+0000" else f"{offset[:3]}:{offset[3:5]}"
    return f"{local:%Y-%m-%d %H:%M} {zone}"


def format_local_second(text: str) -> str:
    """Write an instant of the journal in local time to the second; what is not an instant is shown as it is.

    Args:
        text: An instant in ISO 8601 with its offset, or a word such as `unknown`.
    """
    try:
        local = datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError, OSError):
        return text
    return f"{local:%Y-%m-%d %H:%M:%S}"
