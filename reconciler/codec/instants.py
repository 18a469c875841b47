"""Instants to and from text; inside the program all of them are UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal


def write_instant(
    instant: datetime, *, precision: Literal["seconds", "milliseconds", "microseconds", "auto"] = "seconds"
) -> str:
    """Return an instant in UTC, for example `2026-01-02T03:04:05Z`.

    Args:
        instant: With a time zone.
        precision: The last part that is written; `auto` writes no zeros behind the seconds.
    """
    return instant.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")


def write_second(instant: datetime) -> str:
    """Return an instant for reading, in UTC and to the second: `2026-01-02 03:04:05 UTC`."""
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def read_instant(text: str, *, is_utc_assumed: bool = False) -> datetime:
    """Return the instant of an ISO 8601 text, converted to UTC.

    Args:
        text: Date and time.
        is_utc_assumed: Whether a text without a time zone is in UTC; otherwise it is refused.

    Raises:
        ValueError: It is not such a text.
    """
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{text!r:.40} is not an ISO date") from error
    if instant.tzinfo is None:
        if not is_utc_assumed:
            raise ValueError(f"{text} has no time zone")
        instant = instant.replace(tzinfo=UTC)
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{text} is beyond all dates") from error
