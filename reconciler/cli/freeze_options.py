"""Values of the options of `freeze` and `unfreeze`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from reconciler.cli.durations import read_duration
from reconciler.codec.instants import read_instant
from reconciler.errors import UsageError
from reconciler.model.freeze_codes import LONGEST_REASON_CHARS


def read_reason(_context: click.Context, _option: click.Parameter, text: str) -> str:
    """Read a reason.

    Raises:
        click.BadParameter: It has only spaces, or is too long.
    """
    reason = text.strip()
    if not reason or len(reason) > LONGEST_REASON_CHARS:
        raise click.BadParameter(f"found {len(reason)} characters, expected a reason of 1 to {LONGEST_REASON_CHARS}")
    return reason


def read_until(_context: click.Context, _option: click.Parameter, text: str | None) -> datetime | None:
    """Read a time in the future, or a duration from now on.

    Raises:
        click.BadParameter: It is neither.
    """
    if text is None:
        return None
    now = datetime.now(UTC)
    try:
        until = read_instant(text) if "T" in text else now + timedelta(seconds=float(read_duration(text)))
    except (ValueError, OverflowError, UsageError):
        raise click.BadParameter(
            f"found {text!a:.40}, expected a duration such as 12h or a time such as 2026-12-01T08:00:00Z"
        ) from None
    if until <= now:
        raise click.BadParameter(f"found {text!a:.40}, expected a time in the future")
    return until
