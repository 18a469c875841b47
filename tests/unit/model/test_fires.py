"""What acts at once, as a value."""

from __future__ import annotations

from reconciler.model.fires import ENTRY_FIRES, STOP_FIRES, Fire, FireKind


def test_a_step_shows_its_index_and_the_others_their_kind() -> None:
    assert [str(fire) for fire in (ENTRY_FIRES, STOP_FIRES, Fire(FireKind.STEP, 2))] == [
        "position",
        "stop_loss",
        "take_profit.steps[2]",
    ]


def test_two_fires_of_one_part_are_equal() -> None:
    assert Fire(FireKind.STEP, 1) in (Fire(FireKind.STOP), Fire(FireKind.STEP, 1))
    assert Fire(FireKind.STEP, 1) != Fire(FireKind.STEP, 2)
