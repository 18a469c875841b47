"""A screen that is refreshed in place, and blocks without a terminal."""

from __future__ import annotations

import sys

import pytest

from reconciler.cli.watch.screen import Screen
from reconciler.clock import ManualClock
from tests.support import builders


def test_a_screen_is_written_over_and_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINES", "6")
    written: list[str] = []
    with Screen(written.append, ManualClock(builders.NOW), is_terminal=True) as screen:
        screen.show("one\ntwo\n")
        screen.show("".join(f"{number}\n" for number in range(10)))
        screen.warn("no answer")
    entered, first, second, warned, left, last = written
    assert (entered, left) == ("\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l")
    assert first == "\x1b[H2026-01-01 12:00:00 UTC\x1b[K\none\x1b[K\ntwo\x1b[K\n\x1b[J"
    assert second.count("\n") == 5
    assert "... 7 more lines" in second
    assert "no answer" in warned
    assert last.endswith("9\n")


def test_without_a_terminal_blocks_follow_each_other() -> None:
    written: list[str] = []
    with Screen(written.append, ManualClock(builders.NOW), is_terminal=False) as screen:
        screen.show("one\n")
        screen.show("two\n")
    assert "".join(written) == "2026-01-01 12:00:00 UTC\none\n2026-01-01 12:00:00 UTC\ntwo\n"
    assert not sys.stdout.isatty()
