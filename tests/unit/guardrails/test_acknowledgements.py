"""What acknowledges a passed limit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.errors import UsageError
from reconciler.guardrails.acknowledgements import fits, fits_any, parse_acknowledgements, write_acknowledgements
from reconciler.model.guardrails import Guardrail, GuardrailState


def passed(name: str, value: str | None, unit: str = "", **parts: object) -> Guardrail:
    number = None if value is None else Decimal(value)
    state = GuardrailState.UNKNOWN if number is None else GuardrailState.OVER
    usual: dict[str, object] = {"limit": Decimal(0), "holds": ("a", "b"), "state": state}
    return Guardrail(name=name, value=number, unit=unit, **{**usual, **parts})  # type: ignore[arg-type]  # named fields


def test_acknowledgements_are_read() -> None:
    texts = ["closes=2", "omissions=0", "notional_total=1520.5", "notional_total.EUR=7", "margin_total.unknown=3"]
    assert parse_acknowledgements(texts) == {
        "closes": 2,
        "omissions": 0,
        "notional_total": Decimal("1520.5"),
        "notional_total.EUR": 7,
        "margin_total.unknown": 3,
    }


@pytest.mark.parametrize(
    "text",
    ["closes", "closes=", "closes=-1", "closes=²", "closes=1.5", "sells=1", "=1", "", "plan_age=1"],
)
def test_any_other_acknowledgement_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="expected NAME=COUNT"):
        parse_acknowledgements([text])


@pytest.mark.parametrize("text", ["notional_total=", "notional_total=1e5", "notional_total.eur=1", "margin_total=NaN"])
def test_an_amount_is_a_plain_number(text: str) -> None:
    with pytest.raises(UsageError, match="expected NAME=NUMBER"):
        parse_acknowledgements([text])


@pytest.mark.parametrize("text", ["all=1", "ALL", "*=1"])
def test_nothing_acknowledges_all(text: str) -> None:
    with pytest.raises(UsageError, match="nothing acknowledges all at once"):
        parse_acknowledgements([text])


def test_counts_fit_exactly_and_amounts_as_an_upper_bound() -> None:
    count, amount = passed("closes", "2"), passed("notional_total", "100", "USDT")
    assert [fits(count, Decimal(number)) for number in (1, 2, 3)] == [False, True, False]
    assert [fits(amount, Decimal(number)) for number in (99, 100, 101)] == [False, True, True]


def test_a_least_value_is_acknowledged_as_a_lower_bound() -> None:
    ratio = passed("reward_risk", "1.5", is_least=True)
    assert [fits(ratio, Decimal(number)) for number in ("1.4", "1.5", "1.6")] == [True, True, False]


def test_what_is_not_known_is_acknowledged_by_the_number_of_its_trades_and_never_by_an_amount() -> None:
    (unknown,) = write_acknowledgements([passed("notional_total", None, "USDT")])
    assert unknown.acknowledge == "notional_total.unknown=2"
    assert fits_any(unknown, {"notional_total.unknown": Decimal(2)})
    assert not fits_any(unknown, {"notional_total.unknown": Decimal(3)})
    assert not fits_any(unknown, {"notional_total": Decimal(10**9)})


def test_an_amount_is_written_rounded_so_that_it_fits() -> None:
    amount = passed("size_multiple", "3.3333333333333")
    ratio = passed("reward_risk", "1.6666666666666", is_least=True)
    found = write_acknowledgements([amount, ratio])
    assert [each.acknowledge for each in found] == ["size_multiple=3.33333334", "reward_risk=1.66666666"]
    assert all(fits_any(each, parse_acknowledgements([each.acknowledge])) for each in found)


def test_a_limit_that_is_not_passed_needs_no_acknowledgement() -> None:
    fine = passed("closes", "0", state=GuardrailState.OK)
    assert write_acknowledgements([fine]) == (fine,)
    assert not fits_any(fine, {"closes": Decimal(0)})
