"""Tasks that take a while, and who shows how far they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from typing import Protocol, TypeVar

T = TypeVar("T")

# Is called with how many of the units are done since the last call.
Advance = Callable[[int], None]


class Task(StrEnum):
    """The tasks that are shown."""

    ACTIVE = "active"
    HISTORY = "history"
    PRICES = "prices"
    PLANNING = "planning"
    APPLYING = "applying"
    REPLAYING = "replaying"
    IMPORTING = "importing"


class Progress(Protocol):
    """Shows how far tasks are."""

    @property
    def is_showing(self) -> bool:
        """Return whether a task is shown now."""
        ...

    def show(self, task: Task, total: int | None = None) -> AbstractContextManager[Advance]:
        """Show a task until the end of the block.

        Args:
            task: The task; one inside another one is shown in its place.
            total: How many units it has; None if that is not known.
        """
        ...


class _Hidden:
    """Shows nothing."""

    is_showing = False

    @contextmanager
    def show(self, task: Task, total: int | None = None) -> Iterator[Advance]:  # noqa: ARG002 - nothing is shown
        """Do nothing."""
        yield advance_nothing


def advance_nothing(_count: int) -> None:
    """Take a number and drop it."""


NO_PROGRESS: Progress = _Hidden()


def follow(items: Iterable[T], advance: Advance) -> Iterator[T]:
    """Yield items, and count each as done when the next one is asked for."""
    for item in items:
        yield item
        advance(1)
