"""Active trades are arranged by who owns them, and what decides whether a name is free."""

from __future__ import annotations

import pytest

from reconciler.codec.note import write_marker
from reconciler.matching.sighting import (
    Illegible,
    find_missing,
    index_active,
    is_over,
    made_way,
    owned_marker,
    was_replaced,
)
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.opening_reasons import OpeningReason
from reconciler.model.reasons import Reason
from reconciler.model.specs import DesiredState
from tests.support.builders import entry, live, marker, spec, terms, unmarked

OTHER = terms(entered_by=entry(50000))


def cancelled(pending: bool = True, entered: int = 0) -> LiveTrade:
    note = write_marker(marker(pending=OTHER if pending else None))
    return live(phase=Phase.ENDED, status="cancelled", note=note, entered=entered)


def test_every_active_trade_is_in_just_one_place() -> None:
    lives = [
        live(id=1),
        unmarked(live(id=2)),
        live(id=3, note=write_marker(marker(workspace="other"))),
        live(id=4, note="[reconciler:1 test/btc-dip#1 broken]"),
        live(id=5, note="[reconciler:1 other/btc-dip#1 broken]"),
        live(id=6, shown=terms(account_id=2)),
    ]
    index = index_active(lives, {"test"}, accounts={1})
    assert {name: [each.id for each in found] for name, found in index.by_name.items()} == {"btc-dip": [1]}
    assert [each.id for each in index.unmarked.lives] == [2]
    assert [each.id for each in index.elsewhere["btc-dip"]] == [3]
    assert [each.id for each in index.damaged] == [4]
    assert [each.id for each in index.damaged_elsewhere] == [5]
    assert [each.id for each in index.outside["btc-dip"]] == [6]
    assert [each.live_id for each in index.illegible] == [4]


def test_a_moved_trade_is_filed_under_its_present_name() -> None:
    unreadable = [Illegible(live_id=9, name="btc-dip", reason=Reason(OpeningReason.MARKER_DAMAGED))]
    index = index_active([live()], {"test"}, unreadable, renames={"btc-dip": "btc-new"})
    assert list(index.by_name) == ["btc-new"]
    assert [each.name for each in index.illegible] == ["btc-new"]


def test_only_open_trades_without_an_active_one_are_missing() -> None:
    specs = [spec(name="btc-dip"), spec(name="b"), spec(name="c", state=DesiredState.CLOSED)]
    assert find_missing(specs, index_active([live()], {"test"})) == {"b"}


def test_only_an_unfilled_cancelled_trade_made_way_for_just_those_terms() -> None:
    assert made_way(cancelled(), OTHER)
    assert not made_way(cancelled(), terms())
    assert not made_way(cancelled(pending=False), OTHER)
    assert not made_way(live(note=write_marker(marker(pending=OTHER))), OTHER)
    assert was_replaced(cancelled(), spec(OTHER))


def test_an_ended_trade_settles_its_spec_unless_it_made_way_or_the_generation_was_raised() -> None:
    assert is_over(spec(), cancelled())
    assert not is_over(spec(OTHER), cancelled())
    assert not is_over(spec(generation=2), cancelled())


def test_a_trade_without_a_marker_is_owned_by_nobody() -> None:
    assert owned_marker(live()).name == "btc-dip"
    with pytest.raises(ValueError, match="#7 carries no valid marker"):
        owned_marker(unmarked(live()))
