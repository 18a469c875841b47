"""One live trade and its orders as text."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from reconciler.model.live import Flags, Phase
from reconciler.model.orders import STEP_PURPOSE, LiveOrder
from reconciler.rendering.trade_text import render_entity, render_orders, render_trade
from tests.support import builders

OPEN = builders.live(phase=Phase.OPEN, id=7, step_statuses=["finished"])


def order(order_id: int, purpose: str) -> LiveOrder:
    return LiveOrder(
        id=order_id,
        purpose=purpose,
        order_type="limit",
        side="sell",
        units=Decimal("0.005"),
        price=Decimal(63000),
        filled_units=Decimal(0),
        status="order_placed",
        cancelable=True,
    )


def test_a_trade_shows_its_place_in_life_its_inputs_its_money_and_its_actions() -> None:
    flags = Flags(editable=True, cancel=False, close=True)
    money = {"profit": Decimal("12.5"), "profit_pct": Decimal("2.08"), "flags": flags, "closed_units": Decimal("0.005")}
    lines = render_trade(replace(OPEN, **money)).splitlines()  # type: ignore[arg-type] # fields of the class, by name
    assert lines[0] == "#7  USDT_BTC  test/btc-dip, generation 1"
    assert lines[1] == "      status:      waiting_targets (open)"
    assert "      entered:     0.01 BTC at 60000 USDT" in lines
    assert "      closed:      0.005 BTC" in lines
    assert "      profit:      12.5 USDT (2.08 %)" in lines
    assert lines[-1] == "      allowed now: edit, close"


def test_a_trade_without_marker_and_actions_says_so() -> None:
    flags = Flags(editable=False, cancel=False, close=False)
    shown = render_trade(replace(builders.unmarked(OPEN), flags=flags, error="no funds"))
    assert shown.startswith("#7  USDT_BTC  no marker\n")
    assert "      error:       no funds\n" in shown
    assert shown.endswith("      allowed now: nothing\n")


def test_orders_of_steps_have_the_number_that_commands_take() -> None:
    step = OPEN.steps[1]
    head, first, second = render_orders([order(step.id, STEP_PURPOSE), order(1, "position")], OPEN).splitlines()
    assert head.split() == ["STEP", "ID", "PURPOSE", "ORDER", "UNITS", "PRICE", "FILLED", "STATUS", "CANCELABLE"]
    assert first.split()[:2] == ["2", str(step.id)]
    assert second.split()[:2] == ["-", "1"]


def test_an_entity_is_shown_as_json_whose_numbers_keep_their_value() -> None:
    entity = {"short": Decimal("0.1"), "long": Decimal("0.12345678901234567890")}
    assert json.loads(render_entity(entity)) == {"short": 0.1, "long": "0.1234567890123456789"}
    with pytest.raises(TypeError, match="set is not a JSON value"):
        render_entity({"x": set()})


def test_no_text_of_the_api_draws_on_the_terminal() -> None:
    evil = "\x1b[2J\x9b2J\n"
    shown = render_trade(replace(OPEN, status=evil, error=evil, stop_status=evil))
    shown += render_orders([order(1, evil)], OPEN)
    assert all(character == "\n" or character.isprintable() for character in shown)
