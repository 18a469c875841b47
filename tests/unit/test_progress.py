"""Tests of reconciler/progress.py."""

from __future__ import annotations

from reconciler.progress import NO_PROGRESS, Task, follow


def test_an_item_counts_as_done_when_the_next_one_is_asked_for() -> None:
    done: list[int] = []
    items = follow(["a", "b"], done.append)
    assert next(items) == "a"
    assert done == []
    assert list(items) == ["b"]
    assert done == [1, 1]


def test_without_a_screen_nothing_is_shown() -> None:
    with NO_PROGRESS.show(Task.PLANNING, 3) as advance:
        advance(2)
