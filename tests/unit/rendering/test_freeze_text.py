"""Freezes as text."""

from __future__ import annotations

from reconciler.model.freeze import Allowed, Freeze, FreezeSource
from reconciler.rendering.freeze_text import describe_held, describe_lifted, freeze_lines
from reconciler.rendering.style import Style
from tests.unit.model.test_freeze import HELD

FREEZE = Freeze(source=FreezeSource.VARIABLE, reason="a\x1b[2J\nb")
NARROW = Freeze(source=FreezeSource.CONFIG, reason="x", allow=frozenset({Allowed.PROTECTS}))


def test_nothing_is_said_without_a_freeze() -> None:
    assert list(freeze_lines((), Style())) == []


def test_a_freeze_is_named_with_what_goes_through_and_no_text_acts_on_the_terminal() -> None:
    first, second = freeze_lines([FREEZE], Style())
    assert first == "FROZEN by RECONCILER_FREEZE: a\\x1b[2J\\x0ab"
    assert second.startswith("  Only what protects, frees or closes goes through.")
    assert "Only what protects goes through" in list(freeze_lines([FREEZE, NARROW], Style()))[2]


def test_an_error_names_what_is_held_back() -> None:
    assert describe_held(HELD[:1], [FREEZE]).endswith("Held back: a (commits)")


def test_no_reason_begins_a_line_of_an_error() -> None:
    assert describe_held(HELD[:1], [FREEZE]).startswith("frozen by RECONCILER_FREEZE: a\\x1b[2J\\x0ab")


def test_what_was_lifted_is_named() -> None:
    assert describe_lifted([NARROW]) == "Lifted: reconciler.yaml: x."
    assert describe_lifted([]) == "The journal has no freeze of this target."
