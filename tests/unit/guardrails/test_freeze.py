"""What a freeze holds back, and how it is named."""

from __future__ import annotations

from reconciler.codec.instants import write_instant
from reconciler.guardrails.freeze import can_be_held_back, explain_freezes
from reconciler.model.freeze import Freeze, FreezeSource
from reconciler.rendering.reasons import describe
from tests.support.builders import NOW
from tests.unit.model.test_freeze import HELD, PASSING


def test_what_protects_needs_no_reading_and_all_else_does() -> None:
    assert [can_be_held_back(each) for each in PASSING] == [False, True, True, True]
    assert all(map(can_be_held_back, HELD))


def test_a_freeze_is_named_with_its_origin_its_end_and_its_reason() -> None:
    freezes = [
        Freeze(source=FreezeSource.CONFIG, reason="news", until=NOW),
        Freeze(source=FreezeSource.VARIABLE, reason="news"),
        Freeze(source=FreezeSource.COMMAND, reason="news", who="ann@desk"),
        Freeze(source=FreezeSource.GUARDRAIL, reason="loss", set_at=NOW),
    ]
    texts = [describe(each) for each in explain_freezes(freezes)]
    assert texts[0] == f"reconciler.yaml, until {write_instant(NOW)}: news"
    assert texts[1] == "RECONCILER_FREEZE: news"
    assert texts[2] == "ann@desk: news"
    assert texts[3] == f"guardrail, since {write_instant(NOW)}: loss"
    assert explain_freezes(freezes, PASSING[0]) == ()
