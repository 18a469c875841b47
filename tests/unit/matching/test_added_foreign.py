"""An id that is new under `foreign` is named beside the trade that it lets open."""

from __future__ import annotations

from dataclasses import replace

from reconciler.matching.added_foreign import find_opened_by_foreign
from reconciler.matching.opening import want
from reconciler.matching.sighting import History, Sighting, index_active
from reconciler.model.journal import CreatedTrade
from tests.support.builders import live, spec, unmarked

SPEC = spec()
NOTHING = Sighting(index=index_active([], {"test"}), history=History(newest={}), all_names={"btc-dip"})
ALIKE = replace(NOTHING, index=index_active([unmarked(live(id=8))], {"test"}))


def test_a_trade_by_hand_that_looks_like_the_wanted_one() -> None:
    assert find_opened_by_foreign([want(SPEC)], ALIKE, {8}) == {"btc-dip": (8,)}


def test_other_obstacles_and_other_ids_are_not_named() -> None:
    assert find_opened_by_foreign([want(SPEC)], ALIKE, {9}) == {}
    assert find_opened_by_foreign([want(SPEC)], NOTHING, {8}) == {}
    assert find_opened_by_foreign([want(SPEC)], ALIKE, ()) == {}


def test_the_trade_that_the_journal_knows_under_this_name() -> None:
    known = CreatedTrade(live_id=7, generation=1, is_ended=False)
    seen = replace(NOTHING, history=History(newest={}, created={"btc-dip": known}))
    assert find_opened_by_foreign([want(SPEC)], seen, {7}) == {"btc-dip": (7,)}
