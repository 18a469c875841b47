"""Money at risk in words: before, after, change; what stands apart; what is not known."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.forecasts import Forecast
from reconciler.model.reasons import reason
from reconciler.model.risk import OperationRisk, Unknown
from reconciler.rendering.risk_text import (
    describe_ratio,
    describe_risk_change,
    describe_unknown,
    total_lines,
    unknown_lines,
)
from reconciler.rendering.style import Style
from tests.support.risks import totals, trade_risk

PLAIN = Style()
BEFORE = trade_risk(loss_at_stop="109.30", reward="250.34", reward_risk="2.2904")
AFTER = trade_risk(loss_at_stop="213.20", reward="250.34", reward_risk="1.1742")


def test_what_is_not_known_names_a_few_trades_and_counts_the_rest() -> None:
    why = Unknown(part="loss_at_stop", reason=reason(Forecast.LIQUIDATION_UNKNOWN))
    unknown = {f"t{number}": (why,) for number in range(5)}
    assert list(unknown_lines(unknown, PLAIN)) == [
        "  not known: loss at stop of t0, t1, t2 and 2 more:",
        "    the liquidation price is not known",
    ]


def test_a_change_shows_both_sides_and_what_stays_only_once() -> None:
    assert describe_risk_change(OperationRisk(trade="a", before=BEFORE, after=AFTER)) == (
        "loss at stop 109.30 -> 213.20 USDT, reward 250.34, reward / risk 2.29 -> 1.17"
    )


def test_a_trade_that_is_opened_or_ended_has_one_side() -> None:
    opened = replace(AFTER, fees=Decimal("4.77"))
    assert describe_risk_change(OperationRisk(trade="a", after=opened)) == (
        "loss at stop 213.20 USDT, reward 250.34, reward / risk 1.17, fees about 4.77"
    )
    assert describe_risk_change(OperationRisk(trade="a", before=BEFORE)).startswith("was: loss at stop 109.30 USDT, ")
    assert describe_risk_change(OperationRisk(trade="a")) == ""


def test_a_stop_that_locks_in_a_gain_is_not_called_a_loss() -> None:
    gain = trade_risk(loss_at_stop="0", locked_in="72.74", reward="714.10")
    assert describe_risk_change(OperationRisk(trade="a", before=BEFORE, after=gain)) == (
        "loss at stop 109.30 USDT -> stop locks in 72.74 USDT, reward 250.34 -> 714.10, reward / risk 2.29 -> -"
    )


def test_no_stop_and_an_unknown_loss_are_never_shown_as_zero() -> None:
    bare, unknown = trade_risk(has_stop=False), trade_risk(unknown=["loss_at_stop"])
    assert describe_risk_change(OperationRisk(trade="a", after=bare)) == "no stop"
    assert describe_risk_change(OperationRisk(trade="a", before=BEFORE, after=unknown)).startswith(
        "loss at stop 109.30 USDT -> loss at stop not known, reward 250.34 -> not known"
    )
    assert describe_unknown(OperationRisk(trade="a", after=unknown)) == [
        "not known: loss at stop: the liquidation price is not known"
    ]
    assert describe_unknown(OperationRisk(trade="a")) == []


def test_a_limit_stop_says_that_it_may_not_fill() -> None:
    limit = replace(AFTER, may_not_fill=True)
    assert describe_risk_change(OperationRisk(trade="a", after=limit)).startswith(
        "loss at stop 213.20 USDT (a limit stop may not fill), "
    )


def test_the_risk_of_one_moment_has_a_line_for_each_currency() -> None:
    sums = {"USDT": totals(loss_at_stop="5", locked_in="1", without_stop=1, notional_without_stop="7", notional="9")}
    assert list(total_lines(sums, PLAIN)) == [
        "At risk USDT: loss at stop 5.00, locked in 1.00, reward 0.00, notional 9.00.",
        "  1 trade has no stop: 7.00 USDT are not in loss at stop",
    ]


def test_a_ratio_has_two_digits() -> None:
    assert (describe_ratio(Decimal("2.2904")), describe_ratio(None)) == ("2.29", "-")
