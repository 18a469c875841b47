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


def test_several_pairs_that_pass_one_limit_are_acknowledged_by_the_number_that_covers_all() -> None:
    pairs = [passed("notional_per_pair", number, "USDT", scope=number) for number in ("600", "800")]
    found = write_acknowledgements(pairs)
    assert [each.acknowledge for each in found] == ["notional_per_pair=800"] * 2
    assert [fits_any(each, {"notional_per_pair": Decimal(700)}) for each in found] == [True, False]
    unknown = [passed("notional_per_pair", None, "USDT", holds=holds) for holds in (("a",), ("b", "c"))]
    found = write_acknowledgements(unknown)
    assert [each.acknowledge for each in found] == ["notional_per_pair.unknown=3"] * 2
    assert all(fits_any(each, {"notional_per_pair.unknown": Decimal(3)}) for each in found)


def test_both_ends_of_a_range_are_acknowledged_one_by_one() -> None:
    least = passed("stop_distance_pct", "0.1", "%", is_least=True)
    found = write_acknowledgements([passed("stop_distance_pct", "31", "%"), least])
    assert [each.acknowledge for each in found] == ["stop_distance_pct=31", "stop_distance_pct.min=0.1"]
    words = parse_acknowledgements([each.acknowledge for each in found])
    assert all(fits_any(each, words) for each in found)
    assert not any(fits_any(each, {"stop_distance_pct": Decimal("0.1")}) for each in found)


def test_a_currency_may_be_named_although_no_other_is_passed() -> None:
    (found,) = write_acknowledgements([passed("notional_total", "100", "USDT")])
    assert fits_any(found, {"notional_total.USDT": Decimal(100)})
    assert not fits_any(found, {"notional_total.EUR": Decimal(100)})


def test_one_name_has_one_number() -> None:
    assert parse_acknowledgements(["closes=1", "closes=1"]) == {"closes": 1}
    with pytest.raises(UsageError, match="closes is also acknowledged as 1; give one number for it"):
        parse_acknowledgements(["closes=1", "closes=2"])
