"""`lifecycle.ignore_changes`: ignored fields are taken from the live trade, all others from the file."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.diffing.ignored_fields import leave_ignored, take_ignored
from reconciler.model.lifecycle import Ignored, Lifecycle
from reconciler.model.live import Phase
from reconciler.model.terms import Leverage, LeverageType, StopLoss, Terms
from tests.support import builders

WANTED = builders.terms()
STOP = builders.stop(57000)
OTHER_STEPS = (builders.step(64000),)
OTHER_LEVERAGE = Leverage(type=LeverageType.CROSS, value=Decimal(3))
STATED = replace(
    WANTED,
    leverage=OTHER_LEVERAGE,
    steps=OTHER_STEPS,
    stop_loss=replace(STOP, timeout_s=60, breakeven=True, trailing_pct=Decimal(1)),
)


def stop_of(*ignored: Ignored, wanted: Terms = WANTED) -> StopLoss | None:
    return take_ignored(wanted, STATED, frozenset(ignored)).stop_loss


def test_without_ignored_fields_all_is_as_wanted() -> None:
    assert take_ignored(WANTED, STATED, frozenset()) == WANTED


def test_whole_groups_are_taken_from_the_live_trade() -> None:
    whole = frozenset({Ignored.LEVERAGE, Ignored.TAKE_PROFIT, Ignored.STOP_LOSS})
    assert take_ignored(WANTED, STATED, whole) == STATED


@pytest.mark.parametrize(
    ("ignored", "field"),
    [
        (Ignored.TRIGGER_PRICE, "trigger"),
        (Ignored.TRIGGER_TRAILING, "trailing_pct"),
        (Ignored.TIMEOUT, "timeout_s"),
        (Ignored.BREAKEVEN, "breakeven"),
    ],
)
def test_one_field_of_a_stop_is_taken_alone(ignored: Ignored, field: str) -> None:
    wanted, stated = WANTED.stop_loss, STATED.stop_loss
    assert wanted is not None
    assert stop_of(ignored) == replace(wanted, **{field: getattr(stated, field)})


def test_whether_there_is_a_stop_at_all_is_not_a_field_of_it() -> None:
    fields = set(Ignored) - {Ignored.STOP_LOSS}
    assert stop_of(*fields, wanted=replace(WANTED, stop_loss=None)) is None
    assert take_ignored(WANTED, replace(STATED, stop_loss=None), frozenset(fields)).stop_loss == WANTED.stop_loss


def test_a_spec_that_ignores_nothing_stays_the_same_object() -> None:
    spec = builders.spec()
    assert leave_ignored(spec, builders.live(spec)) is spec


def test_a_live_note_is_kept_as_far_as_it_fits_beside_the_marker() -> None:
    spec = replace(builders.spec(), lifecycle=Lifecycle(ignored=frozenset({Ignored.NOTE})))
    live = builders.live(replace(spec, note="by hand"), Phase.OPEN)
    assert leave_ignored(replace(spec, note="by file"), live).note == "by hand"
