"""Money at risk of live trades as they are."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from reconciler.model.live import Phase
from reconciler.risk.live_risk import find_r_now, measure_lives
from reconciler.risk.plan_risk import Seen
from reconciler.risk.trade_risk import Rules
from tests.support import builders
from tests.support.risks import trade_risk

OPEN = builders.live(phase=Phase.OPEN)
SEEN = Seen(lives={})
RULES = {OPEN.terms.account_id: Rules(fee=Decimal("0.001"))}


def test_an_active_trade_is_measured_and_an_ended_one_is_not() -> None:
    lives = {"open": OPEN, "ended": builders.live(phase=Phase.ENDED, id=8)}
    found = measure_lives(lives, SEEN, RULES, {})
    assert list(found) == ["open"]
    # 0.01 x (what was paid, 60000) against 0.01 x 58500 less 0.1 percent.
    assert found["open"].loss_at_stop == OPEN.entered_total - Decimal("584.415")
    assert found["open"].has_stop


def test_a_stop_that_is_not_active_protects_nothing() -> None:
    failed = builders.live(phase=Phase.OPEN, stop_status="failed")
    (risk,) = measure_lives({"a": failed}, SEEN, RULES, {}).values()
    assert (risk.has_stop, risk.loss_at_stop) == (False, None)


def test_prices_that_were_read_for_a_trade_count_if_it_came_without() -> None:
    bare = replace(OPEN, prices=None)
    (without,) = measure_lives({"a": bare}, SEEN, RULES, {}).values()
    (with_prices,) = measure_lives({"a": bare}, SEEN, RULES, {bare.id: builders.prices(61000)}).values()
    assert without.at_market is None
    assert with_prices.at_market == builders.prices(61000).bid * Decimal("0.00999") - OPEN.entered_total


def test_without_the_fee_of_an_account_the_usual_one_is_assumed() -> None:
    (known,), (assumed,) = (measure_lives({"a": OPEN}, SEEN, rules, {}).values() for rules in (RULES, {}))
    assert known == assumed


def test_r_now_is_the_result_of_a_close_in_losses_at_stop() -> None:
    assert find_r_now(trade_risk(at_market="8", loss_at_stop="16")) == Decimal("0.5")
    assert find_r_now(trade_risk(at_market="-8", loss_at_stop="16")) == Decimal("-0.5")
    assert find_r_now(trade_risk(at_market="8", loss_at_stop="0")) is None
    assert find_r_now(trade_risk(loss_at_stop="16")) is None
    assert find_r_now(trade_risk(at_market="8")) is None
