"""Coins that ended trades have left behind."""

from __future__ import annotations

from decimal import Decimal

from reconciler.attention.evidence import Evidence
from reconciler.attention.held_coins import find_held, find_taken_over, left_units
from reconciler.matching.sighting import index_active
from reconciler.model.live import LiveTrade, Phase
from reconciler.model.specs import TradeSpec
from reconciler.model.terms import Side
from tests.support import builders

SPEC = builders.spec()
OWN_FUNDS = builders.terms(is_own_funds=True)


def ended(spec: TradeSpec = SPEC, *, status: str = "cancelled", live_id: int = 7, **more: object) -> LiveTrade:
    """A trade that ended with 0.01 BTC held, or what is asked instead."""
    changes: dict[str, object] = {"entered": "0.01", **more}
    return builders.live(spec, Phase.ENDED, status=status, id=live_id, **changes)  # type: ignore[arg-type] # by name


def test_what_was_sold_before_the_cancel_is_not_held() -> None:
    assert left_units(ended(closed="0.004")) == Decimal("0.006")
    assert left_units(ended(closed="0.01")) == 0


def test_own_funds_of_a_cancelled_trade_are_held_and_those_of_a_failed_one_were_never_taken() -> None:
    spec = builders.spec(OWN_FUNDS)
    assert left_units(ended(spec, entered=0)) == Decimal("0.01")
    assert left_units(ended(spec, entered=0, status="failed")) == 0


def test_what_a_simple_sell_has_sold_is_not_held() -> None:
    selling = builders.spec(builders.terms(entered_by=builders.entry(side=Side.SELL), is_instant=True))
    buying = builders.spec(builders.terms(is_instant=True))
    assert left_units(ended(selling, entered="0.004")) == 0
    assert left_units(ended(buying, entered="0.004")) == Decimal("0.004")


def test_a_trade_with_own_funds_takes_over_the_coins_of_one_ended_trade_only() -> None:
    second = builders.spec(name="second")
    newest = {SPEC.name: ended(), second.name: ended(second, live_id=8)}
    taker = builders.live(builders.spec(OWN_FUNDS, name="taker"), Phase.OPEN, id=9)
    evidence = Evidence(specs=[SPEC, second], index=index_active([taker], {builders.WORKSPACE}), newest=newest)
    assert [known.live_id for known in find_held(evidence)] == [7, 8]
    assert find_taken_over(evidence) == {7}
