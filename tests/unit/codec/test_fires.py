"""What acts at once as text of a saved plan."""

from __future__ import annotations

import pytest

from reconciler.codec.fires import read_fire, write_fire
from reconciler.model.fires import Fire, FireKind

ALL = [Fire(kind) for kind in FireKind if kind is not FireKind.STEP] + [Fire(FireKind.STEP, index) for index in (0, 12)]


@pytest.mark.parametrize("fire", ALL, ids=str)
def test_a_fire_that_is_written_is_read_as_it_was(fire: Fire) -> None:
    assert read_fire(write_fire(fire)) == fire


def test_a_step_is_written_as_its_path() -> None:
    assert write_fire(Fire(FireKind.STEP, 3)) == "take_profit.steps[3]"


@pytest.mark.parametrize("text", ["", "entry", "take_profit.steps", "take_profit.steps[]", "take_profit.steps[01]"])
def test_what_names_no_fire_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"names no step|is not a valid FireKind"):
        read_fire(text)
