"""Groups of commands that help with a mistyped name."""

from __future__ import annotations

import pytest

from tests.support.program import Cli


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("aply", "reconciler apply"),
        ("staus", "reconciler status"),
        ("PLAN", "reconciler plan"),
        ("destroy", "reconciler trade close"),
        ("list", "reconciler status"),
        ("diff", "reconciler plan"),
    ],
)
def test_a_mistyped_command_is_answered_with_the_one_that_is_meant(cli: Cli, typed: str, meant: str) -> None:
    done = cli(typed)
    assert done.code == 64
    assert f"there is no command '{typed}'. Did you mean `{meant}`?" in done.err


def test_a_word_that_resembles_no_command_gets_no_suggestion(cli: Cli) -> None:
    done = cli("xyzzy")
    assert done.code == 64
    assert "Did you mean" not in done.err


def test_help_as_a_command_is_the_help_of_a_command(cli: Cli) -> None:
    assert cli("help", "plan").out == cli("plan", "--help").out
    assert cli("help", "trade", "close").out == cli("trade", "close", "--help").out
    assert cli("help").out == cli("--help").out
    assert cli("help").code == 0
    assert cli("help", "nonsense").code == 64
