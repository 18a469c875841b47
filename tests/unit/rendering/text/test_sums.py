"""Limits in use: breaches first, what is near marked, what is far in few words."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.model.guardrails import Guardrail, GuardrailLevel, GuardrailState
from reconciler.model.plan import Plan
from reconciler.model.risk import FeeBasis, FeeRate, Money, WorkspaceRisk
from reconciler.rendering.text.lines import Screen
from reconciler.rendering.text.sums import limit_lines, risk_lines
from reconciler.rendering.views.limits import view_limits
from reconciler.rendering.views.risk_sums import view_risk
from tests.support import builders
from tests.support.guardrails import CREATE
from tests.support.risks import risk_of_two_currencies, totals

CLOSES = Guardrail(name="closes", value=Decimal(1), limit=Decimal(1), state=GuardrailState.AT_LIMIT, trades=("doge",))
OVER = Guardrail(
    name="unprotects",
    value=Decimal(1),
    limit=Decimal(0),
    state=GuardrailState.OVER,
    trades=("a", "b", "c"),
    acknowledge="unprotects=1",
)
NEAR = Guardrail(
    name="loss_at_stop_total",
    unit="USDT",
    value=Decimal("1289.08"),
    limit=Decimal(1500),
    state=GuardrailState.NEAR,
)
UNUSED = Guardrail(name="creates", value=Decimal(0), limit=Decimal(20))


def lines(*guardrails: Guardrail) -> list[str]:
    return list(limit_lines(view_limits(replace(builders.plan(), guardrails=guardrails)), Screen()))


def test_breaches_come_first_and_limits_that_are_far_are_named_below() -> None:
    assert lines(UNUSED, NEAR, CLOSES, OVER) == [
        "   GUARDRAIL                    PLAN     LIMIT  USED       BY",
        "!  unprotects                      1         0  OVER       a, b and 1 more",
        "   closes                          1         1  at limit   doge",
        "   loss_at_stop_total USDT  1,289.08  1,500.00  86 % near",
        "   Far from: creates 0 of 20",
    ]


def test_if_no_limit_is_near_one_line_names_them_all() -> None:
    assert lines(UNUSED) == []
    view = view_limits(replace(builders.plan([CREATE]), guardrails=(UNUSED,) * 6))
    assert list(limit_lines(view, Screen())) == [
        "Guardrails, none near: creates 0 of 20, creates 0 of 20, creates 0 of 20,",
        "  creates 0 of 20, creates 0 of 20, creates 0 of 20",
    ]


def test_an_unknown_value_is_shown_as_such_and_a_warning_is_no_breach() -> None:
    unknown = replace(NEAR, value=None, state=GuardrailState.UNKNOWN, scope="USDT_BTC", holds=("a",))
    (_, first, second) = lines(unknown, replace(unknown, level=GuardrailLevel.WARN))
    assert first == "!  loss_at_stop_total USDT_BTC USDT     -  1,500.00  UNKNOWN"
    assert second.startswith("   loss_at_stop_total")


def test_an_acknowledged_breach_says_so() -> None:
    assert "OVER, acknowledged" in lines(replace(OVER, acknowledged=True))[1]


def test_a_ratio_that_must_be_large_has_no_share() -> None:
    ratio = Guardrail(name="reward_risk", value=Decimal(2), limit=Decimal("1.5"), is_least=True)
    assert lines(ratio)[1].split() == ["reward_risk", "2", "1.5", "ok"]


def table(risk: WorkspaceRisk, width: int = 80) -> list[str]:
    return list(risk_lines(view_risk(risk), Screen(width=width)))


def test_each_currency_has_its_own_sums_with_the_digits_of_its_money() -> None:
    assert table(risk_of_two_currencies()) == [
        "RISK                             BEFORE         AFTER         CHANGE",
        "  BTC  notional              0.07035190    0.07035190              =",
        "       loss at stop          0.00281170    0.00281170              =",
        "       reward at steps       0.00753498    0.00678572    -0.00074926",
        "  USDT notional               25,619.42     33,561.46      +7,942.04",
        "       margin                 25,619.42     29,625.46      +4,006.04",
        "       loss at stop            1,109.76      1,289.08        +179.32",
        "       locked in by stops          0.00        382.18        +382.18",
        "       reward at steps         3,093.73      5,331.92      +2,238.19",
        "       1 trade has no stop: 1,240.00 USDT are not in loss at stop",
    ]
    assert table(risk_of_two_currencies(), 60)[0].split() == ["RISK", "BEFORE", "AFTER", "CHANGE"]


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_sum_is_wider_than_a_terminal(width: int) -> None:
    large = totals(notional="123456789012.12", margin="5", loss_at_stop="99999999999.99")
    other = totals(notional="0.00000001", margin="5")
    rows = table(WorkspaceRisk(before={"USDT": large, "A" * 30: other}, after={"USDT": large}), width)
    assert max(map(len, rows)) <= width
    assert "99,999,999,999.99" in "".join(rows)


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_limit_is_wider_than_a_terminal(width: int) -> None:
    names = tuple(f"a-trade-with-a-long-name-{number}" for number in range(3))
    rows = list(limit_lines(view_limits(over_limits(names)), Screen(width=width)))
    assert max(map(len, rows)) <= width
    assert "a-trade-with-a-long-name-1" in "".join(rows)


def over_limits(names: tuple[str, ...]) -> Plan:
    return replace(builders.plan(), guardrails=(replace(NEAR, trades=names, state=GuardrailState.OVER), OVER))


def test_without_any_trade_there_is_no_table() -> None:
    assert table(WorkspaceRisk()) == []


def test_trades_without_a_stop_are_said_also_if_the_plan_ends_them() -> None:
    bare = totals(trades=2, without_stop=2, notional_without_stop="50")
    (*_, last) = table(WorkspaceRisk(before={"USDT": bare}, after={"USDT": totals(without_stop=0)}))
    assert last == "       every trade has a stop; before, 2 had none"


def test_what_moves_and_which_fees_are_assumed_stand_below() -> None:
    moved = Money(commits={"USDT": Decimal(600), "BTC": Decimal("0.1")}, at_market={"USDT": Decimal("2007.99")})
    fees = {
        "main": FeeRate(rate=Decimal("0.001"), basis=FeeBasis.ASSUMED),
        "other": FeeRate(rate=Decimal("0.002"), basis=FeeBasis.CONFIG),
    }
    (*_, money, moved_too, assumed) = table(replace(risk_of_two_currencies(), money=moved, fees=fees))
    assert money == "  It commits 600.00 USDT and 0.10000000 BTC, buys or sells 2,007.99 USDT at"
    assert moved_too == "    market at once."
    assert assumed == "  Fees are assumed: 0.1 % on main. To set them: `fees` in reconciler.yaml"
