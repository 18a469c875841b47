"""Operations by hand as text."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.applying.endings import end
from reconciler.model.live import LiveTrade, Phase, Prices
from reconciler.model.markets import Market, MarketKind
from reconciler.model.operations import Operation
from reconciler.model.outcomes import OutcomeKind
from reconciler.planning.commands import Commands
from reconciler.rendering.command_text import (
    describe_next_plan,
    describe_totals,
    render_bulk_summary,
    render_command_outcome,
    render_question,
)
from reconciler.rendering.style import Style
from tests.support import builders

HELD = builders.live(phase=Phase.OPEN)
PLAIN = Style()


def close(live: LiveTrade = HELD) -> Operation:
    return Commands(replace(live, flags=replace(live.flags, close=True)), {builders.WORKSPACE}).close()


def test_the_question_names_the_trade_and_the_money() -> None:
    assert render_question(close(), PLAIN).startswith("close btc-dip #7 (USDT_BTC): sells 0.01 BTC at market")


def test_a_trade_of_nobody_is_named_by_its_id_and_said_to_be_one() -> None:
    stranger = builders.live(phase=Phase.OPEN, note="mine")
    operation = close(stranger)
    assert (operation.trade, operation.is_ours) == ("#7", False)
    assert "NOT of this workspace: it carries no marker, its note is `mine`" in render_question(operation, PLAIN)
    assert describe_next_plan(operation) == ""
    assert render_command_outcome(end(operation, OutcomeKind.APPLIED, 7), PLAIN) == "#7: close: done"


def test_an_outcome_is_one_line() -> None:
    assert render_command_outcome(end(close(), OutcomeKind.APPLIED, 7), PLAIN) == "btc-dip: close #7: done"
    assert "opens nothing" in describe_next_plan(close())


def test_the_summary_counts_what_is_done() -> None:
    done, failed = end(close(), OutcomeKind.APPLIED, 7), end(close(), OutcomeKind.FAILED, 7)
    assert render_bulk_summary([done], "closed", PLAIN) == "Complete: 1 of 1 closed."
    assert render_bulk_summary([done, failed], "closed", PLAIN).startswith("INCOMPLETE: 1 of 2 closed;")


def held(market: Market, units: int, last: int, pair: str) -> Operation:
    terms = builders.terms(pair=pair, entered_by=builders.entry(last, units)).on(market)
    live = builders.live(builders.spec(terms), Phase.OPEN, shown=terms, entered=units, average=last)
    price = Decimal(last)
    return close(replace(live, prices=Prices(bid=price, ask=price, last=price)))


def test_totals_count_contracts_by_their_size_and_claim_no_money_without_it() -> None:
    known, unknown = (Market(kind=MarketKind.LINEAR, unit_size=size) for size in (Decimal("0.0001"), None))
    coins = Market(kind=MarketKind.INVERSE, unit_size=Decimal(100))
    operations = [
        held(known, 40, 100000, "USDT_BTC_USDT"),
        held(known, 5, 100000, "USDT_BTC_USDT"),
        held(unknown, 7, 2500, "USDT_ETH_USDT"),
        held(coins, 3, 31250, "BTC_BTCUSD_PERP"),
    ]
    assert describe_totals(operations) == (
        "1 worth about 0.0096 BTC; 2 worth about 450 USDT, 1 in USDT contracts whose worth is not known"
    )
    assert describe_totals(operations[2:3]) == "1 in USDT contracts whose worth is not known"
