from __future__ import annotations

from decimal import Decimal

import pytest

from reconciler.sandbox.requests.fields import Fields
from reconciler.sandbox.requests.read_exits import read_steps, read_stop, read_trailing
from reconciler.sandbox.values.market import PriceType
from reconciler.sandbox.values.terms import OrderType
from tests.unit.sandbox.bodies import OFF, step, steps, stop


def test_enabled_steps_are_read_in_their_order() -> None:
    fields = Fields(steps(step("10000", 40), step("11000", 60, "market")))
    found = read_steps(fields)

    assert fields.problems == {}
    assert found is not None
    assert [(each.order_type, each.volume_pct, each.price) for each in found] == [
        (OrderType.LIMIT, Decimal(40), Decimal(10000)),
        (OrderType.MARKET, Decimal(60), Decimal(11000)),
    ]


def test_disabled_groups_have_no_terms() -> None:
    assert read_steps(Fields(OFF)) is None
    assert read_stop(Fields(OFF)) is None
    assert read_trailing(Fields({"trailing": OFF})) is None
    assert read_trailing(Fields({})) is None


def test_an_enabled_group_needs_its_steps() -> None:
    fields = Fields({"enabled": True})

    assert read_steps(fields) is None
    assert fields.problems == {"steps": ["is missing"]}


@pytest.mark.parametrize(
    ("price", "message"),
    [
        ({"type": "last", "value": 1, "percent": 2}, "are mutually exclusive"),
        ({"type": "last"}, "are missing, exactly one parameter must be provided"),
    ],
)
def test_a_level_is_a_value_or_a_percentage(price: dict[str, object], message: str) -> None:
    fields = Fields(steps({"order_type": "market", "volume": 100, "price": price}))
    read_steps(fields)

    assert fields.problems == {"steps[0][price][value],steps[0][price][percent]": [message]}


def test_a_limit_stop_needs_its_price() -> None:
    fields = Fields(stop("9000", order_type="limit"))
    read_stop(fields)

    assert fields.problems == {"price": ["is missing"], "price[value]": ["is missing"]}


def test_all_parts_of_a_stop_are_read() -> None:
    group = stop(
        "9000", order_type="limit", price={"value": 8990}, breakeven=True, timeout={"enabled": True, "value": 60}
    )
    group["conditional"]["trailing"] = {"enabled": True, "percent": "1.5"}
    found = read_stop(Fields(group))

    assert found is not None
    assert (found.trigger, found.limit_price, found.price_type) == (Decimal(9000), Decimal(8990), PriceType.LAST)
    assert (found.trailing_pct, found.timeout_s, found.has_breakeven) == (Decimal("1.5"), 60, True)
