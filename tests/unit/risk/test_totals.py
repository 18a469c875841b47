"""Sums of risk by currency."""

from __future__ import annotations

from decimal import Decimal, localcontext

from reconciler.model.reasons import reason
from reconciler.model.risk import RiskReason, RiskTotals, TradeRisk, Unknown
from reconciler.risk.totals import EXACT, add_totals, subtract_totals, sum_risks

D = Decimal
LONG = TradeRisk(currency="USDT", notional=D(600), loss_at_stop=D(16), margin=D(600), has_stop=True)
BARE = TradeRisk(currency="USDT", notional=D(100), margin=D(20))
COIN = TradeRisk(currency="BTC", notional=D(1) / D(3), margin=D(1) / D(7), locked_in=D(1), has_stop=True)
UNKNOWN = TradeRisk(
    currency="USDT",
    has_stop=True,
    unknown=(Unknown(part="notional", reason=reason(RiskReason.NO_ENTRY_PRICE)),),
)


def test_currencies_are_never_added_up_and_what_has_no_stop_stands_apart() -> None:
    assert sum_risks([LONG, BARE, COIN, UNKNOWN]) == {
        "BTC": RiskTotals(trades=1, notional=D(1) / D(3), margin=D(1) / D(7), locked_in=D(1)),
        "USDT": RiskTotals(
            trades=3,
            notional=D(700),
            margin=D(620),
            loss_at_stop=D(16),
            without_stop=1,
            notional_without_stop=D(100),
            unknown=1,
        ),
    }


def test_sums_are_exact_however_many_digits_they_have() -> None:
    large = TradeRisk(currency="BTC", notional=D("123456789.123"), has_stop=True)
    before, both = sum_risks([large]), sum_risks([large, COIN])
    change = subtract_totals(both, before)

    assert change == sum_risks([COIN])
    assert add_totals(before, change) == both
    with localcontext(EXACT):
        assert both["BTC"].notional - before["BTC"].notional == COIN.notional


def test_a_currency_that_goes_or_comes_is_in_the_change() -> None:
    assert subtract_totals({}, sum_risks([LONG]))["USDT"].loss_at_stop == -16
    assert subtract_totals(sum_risks([LONG]), {})["USDT"].trades == 1
