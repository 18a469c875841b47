"""Values of the options of `freeze` and `unfreeze`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click
import pytest

from reconciler.cli.freeze_options import read_reason, read_until
from reconciler.model.freeze_codes import LONGEST_REASON_CHARS

CONTEXT, OPTION = click.Context(click.Command("x")), click.Option(["--x"])


def test_a_reason_is_stripped_and_has_a_limit() -> None:
    assert read_reason(CONTEXT, OPTION, " x ") == "x"
    for text in (" ", "x" * (LONGEST_REASON_CHARS + 1)):
        with pytest.raises(click.BadParameter):
            read_reason(CONTEXT, OPTION, text)


def test_an_end_is_a_time_or_a_duration() -> None:
    assert read_until(CONTEXT, OPTION, None) is None
    assert read_until(CONTEXT, OPTION, "2999-01-01T00:00:00Z") == datetime(2999, 1, 1, tzinfo=UTC)
    until = read_until(CONTEXT, OPTION, "2h")
    assert until is not None
    assert timedelta(hours=1) < until - datetime.now(UTC) <= timedelta(hours=2)
