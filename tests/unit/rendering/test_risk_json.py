"""Money at risk as JSON: text for numbers, null for what is not known, all keys always."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal

from reconciler.model.risk import FeeBasis, FeeRate, Level, LevelKind, LevelResult, Money, TradeRisk
from reconciler.rendering.risk_json import write_fee, write_level, write_money, write_totals, write_trade_risk
from tests.support.risks import totals, trade_risk


def test_a_number_keeps_all_its_digits_and_what_is_not_known_is_null_with_its_reason() -> None:
    written = write_trade_risk(trade_risk(units="0.010", unknown=["reward"]))
    assert written is not None
    assert (written["units"], written["reward"], written["currency"]) == ("0.01", None, "USDT")
    assert written["unknown"] == [
        {
            "part": "reward",
            "reason": {
                "code": "liquidation_unknown",
                "values": {},
                "text": "the liquidation price is not known",
            },
        }
    ]


def test_every_key_is_there_whatever_is_known() -> None:
    one, other = write_trade_risk(TradeRisk(currency="BTC")), write_trade_risk(trade_risk(units="1", margin="2"))
    assert one is not None
    assert other is not None
    assert one.keys() == other.keys() == {field.name for field in fields(TradeRisk)}
    assert write_level(Level(kind=LevelKind.LAST)).keys() == {field.name for field in fields(Level)}
    assert write_trade_risk(None) is None


def test_a_level_has_a_result_on_the_sides_on_which_it_is_there() -> None:
    level = Level(kind=LevelKind.STEP, index=2, price=Decimal(63000), after=LevelResult(profit=Decimal("38.81")))
    written = write_level(level)
    assert (written["kind"], written["index"], written["price"], written["order_type"]) == ("step", 2, "63000", None)
    assert (written["before"], written["after"]) == (None, {"profit": "38.81", "r": None})


def test_currencies_stay_apart() -> None:
    written = write_totals({"USDT": totals(trades=2, notional="5.50"), "BTC": totals()})
    assert list(written) == ["USDT", "BTC"]
    assert written["USDT"] == {
        "trades": 2,
        "notional": "5.5",
        **dict.fromkeys(("margin", "loss_at_stop", "locked_in", "reward", "fees"), "0"),
        "without_stop": 0,
        "notional_without_stop": "0",
        "unknown": 0,
    }


def test_money_and_fees_say_their_unit_and_source() -> None:
    assert write_money(Money(frees={"USDT": Decimal(5)}, unknown=("a",))) == {
        "commits": {},
        "frees": {"USDT": "5"},
        "at_market": {},
        "unknown": ["a"],
    }
    assert write_fee(FeeRate(rate=Decimal("0.001"), basis=FeeBasis.LIVE)) == {"rate": "0.001", "basis": "live"}
