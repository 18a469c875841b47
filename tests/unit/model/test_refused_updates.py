"""Refused updates say what else would be refused."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model.refused_updates import RefusedUpdate
from tests.support import builders

AFTER = builders.terms()
OTHER = replace(AFTER, steps=AFTER.steps[:1])


def test_a_refusal_that_names_executed_steps_is_about_all_changes_of_steps() -> None:
    general = RefusedUpdate(after=AFTER, changes_steps=True, message="finished steps cannot be changed")

    assert general.refuses_steps(AFTER)
    assert general.refuses_steps(OTHER)


def test_any_other_refusal_is_about_the_same_steps_only() -> None:
    particular = RefusedUpdate(after=AFTER, changes_steps=True, message="price is invalid")

    assert particular.refuses_steps(AFTER)
    assert not particular.refuses_steps(OTHER)


def test_an_update_that_only_repeated_steps_shows_that_no_other_steps_are_taken_and_says_nothing_of_the_stop() -> None:
    repeated = RefusedUpdate(after=AFTER, changes_steps=False, message="Finished steps cannot be changed")

    assert repeated.refuses_steps(OTHER)
    # Stop and leverage may still go without the steps.
    assert not repeated.refuses_protection(AFTER)


def test_only_an_update_without_the_steps_shows_that_no_stop_is_taken() -> None:
    moved = replace(AFTER, stop_loss=None)
    particular = RefusedUpdate(after=AFTER, changes_steps=False, omits_steps=True, message="price is invalid")
    general = replace(particular, message="Finished steps cannot be changed")

    assert particular.refuses_protection(OTHER)
    assert not particular.refuses_protection(moved)
    assert general.refuses_protection(moved)
