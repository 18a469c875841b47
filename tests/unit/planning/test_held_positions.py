"""Decisions about held positions: what protects comes first."""

from __future__ import annotations

from reconciler.model.live import Phase
from reconciler.model.plan import NoticeKind
from reconciler.planning.held_positions import is_unarmed, notice_lost_stop
from reconciler.rendering.reasons import describe
from tests.support import builders, planning

OPEN = builders.live(phase=Phase.OPEN)
FAILED = builders.live(phase=Phase.OPEN, stop_status="failed")
BARE = builders.live(phase=Phase.OPEN, shown=builders.terms(stop_loss=None))


def test_a_stop_is_unarmed_only_if_a_position_is_held_and_its_stop_is_not_active() -> None:
    assert is_unarmed(FAILED)
    assert not is_unarmed(OPEN)
    assert not is_unarmed(BARE)
    assert not is_unarmed(builders.live())


def test_a_lost_stop_is_reported_with_what_became_of_it() -> None:
    lost = notice_lost_stop("btc-dip", FAILED)

    assert (lost.kind, lost.live_id) == (NoticeKind.LOSS, 7)
    assert describe(lost.reason) == "the position is open and its stop is not active (failed)"
    assert describe(notice_lost_stop("btc-dip", BARE).reason) == "the position is open and its stop is gone"


def test_another_entry_than_the_one_that_was_applied_blocks() -> None:
    other = builders.spec(builders.terms(entered_by=builders.entry(59000)))

    assert planning.reason(planning.plan([other], [OPEN])) == "the position is open and the file has another entry"
