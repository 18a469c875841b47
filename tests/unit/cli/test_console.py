"""Printing, and colour."""

from __future__ import annotations

import io

import pytest

from reconciler.cli.console import wants_color
from reconciler.cli.terminal import is_terminal
from tests.support.program import Cli

pytestmark = pytest.mark.usefixtures("workspace")


def test_the_colour_option_decides(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[" not in cli("plan").out
    assert "\x1b[" in cli("plan", "--color", "always").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in cli("plan").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in cli("plan").out


@pytest.mark.parametrize(
    ("choice", "environment", "is_colored"),
    [
        ("always", {"NO_COLOR": "1"}, True),
        ("never", {"FORCE_COLOR": "1"}, False),
        ("auto", {"FORCE_COLOR": "1"}, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("auto", {"NO_COLOR": ""}, True),
        ("auto", {"TERM": "dumb"}, False),
    ],
)
def test_the_choice_decides_before_the_environment(choice: str, environment: dict[str, str], is_colored: bool) -> None:
    assert wants_color(choice, _Terminal(), environment) is is_colored
    assert wants_color("auto", io.StringIO(), {}) is False


def test_a_closed_stream_is_not_a_terminal() -> None:
    closed = _Terminal()
    closed.close()
    assert not is_terminal(None)
    assert not is_terminal(closed)
    assert is_terminal(_Terminal())


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        if self.closed:
            raise ValueError("I/O operation on closed file")
        return True
