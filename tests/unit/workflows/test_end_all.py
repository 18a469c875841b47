"""The order in which all trades are ended."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.live import Phase, Prices
from reconciler.model.markets import Market, MarketKind
from reconciler.model.operations import Operation
from reconciler.planning.commands import Commands
from reconciler.workflows.end_all import urgency_of
from tests.support import builders

LINEAR, INVERSE = MarketKind.LINEAR, MarketKind.INVERSE


def close(
    live_id: int, units: int | str, last: int, kind: MarketKind, size: str | None, stop_status: str = "to_process"
) -> Operation:
    market = Market(kind=kind, unit_size=None if size is None else Decimal(size))
    terms = builders.terms(entered_by=builders.entry(last, units)).on(market)
    applied, price = builders.spec(terms), Decimal(last)
    live = builders.live(
        applied, Phase.OPEN, shown=terms, id=live_id, entered=units, average=last, stop_status=stop_status
    )
    flags = replace(live.flags, close=True)
    prices = Prices(bid=price, ask=price, last=price)
    return Commands(replace(live, flags=flags, prices=prices), {builders.WORKSPACE}).close()


def test_positions_are_closed_by_what_they_are_worth_and_not_by_their_number_of_contracts() -> None:
    small = close(1, 40, 100000, LINEAR, "0.0001")
    coins = close(2, "0.01", 100000, MarketKind.SPOT, "1")
    dollars = close(3, 30, 31250, INVERSE, "100")
    unknown = close(4, 1, 2500, LINEAR, None)
    unprotected = close(5, "0.0001", 100000, MarketKind.SPOT, "1", stop_status="failed")
    ordered = sorted([small, coins, dollars, unknown, unprotected], key=urgency_of)
    assert [operation.live_id for operation in ordered] == [5, 4, 3, 2, 1]
