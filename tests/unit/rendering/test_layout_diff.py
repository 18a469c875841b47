"""Tests of reconciler/rendering/layout_diff.py."""

from __future__ import annotations

from reconciler.rendering.layout_diff import render_layout_diff
from reconciler.rendering.style import Style


def test_a_change_is_shown_as_a_unified_diff() -> None:
    shown = render_layout_diff("plans/a.yaml", "a:  1\nb: 2\n", "a: 1\nb: 2\n", Style())
    assert shown == "--- a/plans/a.yaml\n+++ b/plans/a.yaml\n@@ -1,2 +1,2 @@\n-a:  1\n+a: 1\n b: 2"


def test_a_missing_line_feed_at_the_end_shows() -> None:
    shown = render_layout_diff("a.yaml", "a: 1", "a: 1\n", Style())
    assert shown.splitlines()[-3:] == ["-a: 1", "\\ No newline at end of file", "+a: 1"]


def test_a_hostile_name_cannot_move_the_cursor_and_colour_shows_the_sides() -> None:
    shown = render_layout_diff("a\x1b[2J.yaml", "a:  1\n", "a: 1\n", Style(is_on=True))
    assert "\x1b[2J" not in shown
    assert "\x1b[32m+a: 1\x1b[0m" in shown
