from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.live import Phase
from reconciler.model.unreadable import CHANGE_PARTS, IDENTITY_PARTS, SIZE_PARTS, TERMS_PARTS, Part, Unreadable
from tests.support.builders import live


def test_what_a_trade_is_is_a_part_of_what_a_file_states_and_that_of_what_a_plan_needs() -> None:
    assert IDENTITY_PARTS < TERMS_PARTS < CHANGE_PARTS
    assert Part.FILLS in SIZE_PARTS
    assert not CHANGE_PARTS & {Part.FIGURES, Part.FLAGS, Part.NOTE}


def test_only_what_depends_on_an_unreadable_field_is_unknown() -> None:
    waiting = live(phase=Phase.ENTERING)
    figure = replace(waiting, unreadable=(Unreadable(part=Part.FIGURES, field="profit.volume", problem="-"),))
    fills = replace(waiting, unreadable=(Unreadable(part=Part.FILLS, field="data.entered_amount", problem="-"),))
    assert (waiting.was_never_filled, figure.was_never_filled, fills.was_never_filled) == (True, True, False)
    assert (figure.is_size_known, fills.is_size_known) == (True, False)
    assert fills.find_unreadable(SIZE_PARTS) is fills.unreadable[0]
    assert fills.find_unreadable({Part.STOP}) is None


def test_of_a_stop_that_cannot_be_read_its_status_decides() -> None:
    problem = (Unreadable(part=Part.STOP, field="stop_loss", problem="-"),)
    held = live(phase=Phase.OPEN)
    bare = replace(held, terms=replace(held.terms, stop_loss=None), unreadable=problem)
    assert held.entered_units > Decimal(0)
    assert not replace(bare, stop_status="to_process").lacks_active_stop
    assert replace(bare, stop_status="idle").lacks_active_stop
    assert not replace(bare, stop_status="").lacks_active_stop
