"""The terminal behind a stream."""

from __future__ import annotations

import io
import os
import struct
from fcntl import ioctl
from termios import TIOCSWINSZ

import pytest

from reconciler.cli.terminal import LEAST_WIDTH, find_width, fit_text, is_terminal

TEXT = "one two three four five six seven eight nine ten eleven twelve"


def open_terminal(columns: int) -> io.TextIOWrapper:
    """A terminal of this width."""
    _, below = os.openpty()
    ioctl(below, TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    return io.TextIOWrapper(os.fdopen(below, "wb", buffering=0), write_through=True)


@pytest.fixture(autouse=True)
def _no_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.mark.parametrize(("columns", "width"), [(80, 80), (120, 120), (10, LEAST_WIDTH), (0, 80)])
def test_a_terminal_has_its_own_width(columns: int, width: int) -> None:
    with open_terminal(columns) as stream:
        assert is_terminal(stream)
        assert find_width(stream) == width


def test_an_exported_width_wins_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    with open_terminal(80) as stream:
        monkeypatch.setenv("COLUMNS", "60")
        assert find_width(stream) == 60
        monkeypatch.setenv("COLUMNS", "wide")
        assert find_width(stream) == 80


def test_a_file_gets_its_lines_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    assert find_width(io.StringIO()) is None
    assert find_width(None) is None
    assert fit_text(TEXT, io.StringIO()) == TEXT


def test_a_terminal_gets_its_lines_wrapped_at_words() -> None:
    with open_terminal(40) as stream:
        assert fit_text(TEXT, stream) == "one two three four five six seven eight\n  nine ten eleven twelve"
