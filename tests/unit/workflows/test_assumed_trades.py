"""The live trades that former files are taken to have led to."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.averaging import AveragingOrder
from reconciler.model.live import Phase
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Side
from reconciler.workflows.assumed_trades import AssumedTrade, assume_trades
from tests.support import builders

FEE = Decimal("0.001")


def assume(before: TradeSpec, *after: TradeSpec) -> tuple[AssumedTrade, ...]:
    return assume_trades([before], after, workspace="test", now=builders.NOW, fees={builders.ACCOUNT: FEE})


def test_a_trade_whose_exits_change_is_taken_as_held_and_its_cost_has_the_fee() -> None:
    spec = builders.spec()
    (held,) = assume(spec, replace(spec, terms=builders.terms(stop_loss=builders.stop(57000))))
    assert held.live.phase is Phase.OPEN
    assert held.live.is_stop_armed
    assert held.live.entered_units == Decimal("0.01")
    assert held.live.entered_total == Decimal("600.6")


def test_a_trade_whose_entry_changes_or_that_is_gone_is_taken_as_waiting() -> None:
    spec = builders.spec()
    for after in ([replace(spec, terms=builders.terms(entered_by=builders.entry(59000)))], []):
        (waiting,) = assume(spec, *after)
        assert waiting.live.phase is Phase.ENTERING
        assert waiting.live.entered_units == 0


def test_a_trade_that_is_closed_is_taken_as_held_since_that_is_the_more_dangerous_reading() -> None:
    spec = builders.spec()
    (held,) = assume(spec, replace(spec, state=DesiredState.CLOSED))
    assert held.live.phase is Phase.OPEN


def test_a_sale_has_brought_less_than_its_worth() -> None:
    spec = builders.spec(builders.terms(entered_by=builders.entry(side=Side.SELL)))
    (held,) = assume(spec, spec)
    assert held.live.entered_total == Decimal("599.4")


def test_what_an_entry_at_market_has_cost_is_not_known() -> None:
    spec = builders.spec(builders.terms(entered_by=builders.entry(None)))
    (held,) = assume(spec, spec)
    assert held.live.average_price is None
    assert held.live.entered_total == 0


def test_own_funds_are_always_held() -> None:
    spec = builders.spec(builders.terms(is_own_funds=True))
    (held,) = assume(spec)
    assert held.live.phase is Phase.OPEN
    assert held.live.entered_units == 0


def test_the_averaging_orders_of_a_held_trade_are_taken_as_sent() -> None:
    order = AveragingOrder(price=Decimal(59000), units=Decimal("0.01"))
    spec = replace(builders.spec(), averaging=(order,))
    (held,) = assume(spec, spec)
    assert [each.order for each in held.averaging.orders] == [order]
    assert held.live.reading.marker is not None
    assert held.live.reading.marker.averaging_sent == 1


def test_what_had_ended_or_is_opened_again_has_no_live_trade() -> None:
    spec = builders.spec()
    assert assume(replace(spec, state=DesiredState.CLOSED), spec) == ()
    assert assume(spec, replace(spec, generation=2)) == ()


def test_a_moved_trade_is_the_one_of_its_former_name() -> None:
    spec = builders.spec()
    moved = replace(spec, name="btc-core", former_names=("btc-dip",))
    (held,) = assume(spec, moved)
    assert held.live.phase is Phase.OPEN
