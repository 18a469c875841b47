"""What a file would state for a live trade, and why no file can."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from reconciler.codec.live_trades import read_trade
from reconciler.importing.fields import shorten, write_fields
from reconciler.importing.statement import find_obstacles, find_waiting_orders, make_statement
from reconciler.model.live import LiveTrade, Phase
from tests.support import builders
from tests.support.builders import entry, level, step, stop, terms

ENTITIES = Path(__file__).parents[2] / "cases" / "entities"


def test_the_published_entity_is_stated_in_short_forms() -> None:
    live = read_trade(json.loads((ENTITIES / "own-funds-two-steps.json").read_text()))
    fields = shorten(write_fields(make_statement(live)))
    assert list(find_obstacles(live)) == []
    assert fields["skip_enter_step"] is True
    assert fields["position"] == {
        "type": "buy",
        "order_type": "market",
        "units": Decimal(20),
        "price": Decimal("0.10268"),
    }
    assert fields["take_profit"] == {
        "unallocated": 30,
        "steps": [
            {"order_type": "limit", "price": live.terms.steps[0].level.value, "volume": 35},
            {"order_type": "limit", "price": live.terms.steps[1].level.value, "volume": 35},
        ],
    }


def test_a_step_that_was_taken_away_and_is_still_listed_is_not_stated() -> None:
    steps = (step(63000), step(63000), step(66000))
    held = builders.live(
        phase=Phase.OPEN, shown=terms(steps=steps), step_statuses=("cancelled", "order_placed", "finished")
    )
    said = make_statement(held)
    assert said.terms.steps == (step(63000), step(66000))
    assert said.unallocated_pct == 0


@pytest.mark.parametrize(
    ("phase", "is_trailing", "expected"),
    [
        (Phase.ENTERING, True, level(percent=5)),
        (Phase.FILLING, True, level(percent=5)),
        (Phase.OPEN, True, level(63000)),
        (Phase.ENTERING, False, level(63000)),
    ],
)
def test_a_level_with_price_and_percent_is_stated_as_the_one_that_counts_now(
    phase: Phase, is_trailing: bool, expected: object
) -> None:
    both = step(63000, 100, percent=5)
    entered_by = entry(None, trigger=60000, trailing=1 if is_trailing else None)
    shown = terms(entered_by=entered_by, steps=(both,), stop_loss=stop(58500, percent=3))
    said = make_statement(builders.live(phase=phase, shown=shown)).terms
    assert said.steps[0].level == expected
    assert said.stop_loss is not None
    assert (said.stop_loss.trigger.percent is None) == (said.steps[0].level.percent is None)


@pytest.mark.parametrize(
    ("live", "reason"),
    [
        (builders.live(phase=Phase.ENDED, status="failed", error="no funds"), "it has ended (failed, no funds)"),
        (builders.live(phase=Phase.BUSY, status="created"), "it is between two states (created)"),
    ],
)
def test_a_trade_that_is_over_or_on_its_way_is_not_stated(live: LiveTrade, reason: str) -> None:
    (found,) = find_obstacles(live)
    assert found.startswith(reason)


@pytest.mark.parametrize(
    ("group", "path"),
    [
        ({"dca": {"enabled": True}}, "dca"),
        ({"stop_loss": {"enabled": True, "ladder": {"enabled": "true"}}}, "stop_loss.ladder"),
        ({"take_profit": {"enabled": True, "steps": [{"iceberg": {"enabled": True}}]}}, "take_profit.steps[].iceberg"),
    ],
)
def test_what_is_switched_on_and_unknown_is_named(group: dict[str, object], path: str) -> None:
    live = builders.live()
    live = replace(live, entity={**live.entity, **group})
    assert list(find_obstacles(live)) == [f"{path} is switched on, which a plan file cannot express"]


def test_what_is_unknown_and_off_is_no_obstacle() -> None:
    live = builders.live()
    live = replace(live, entity={**live.entity, "dca": {"enabled": False}, "margin": {"amount": None}})
    assert list(find_obstacles(live)) == []


def test_orders_beside_entry_steps_and_stop_are_named_while_they_wait() -> None:
    live = builders.live(phase=Phase.OPEN)
    orders: list[object] = [
        {"id": 1, "trade_purpose": "position", "status": "finished"},
        {"id": 1000, "trade_purpose": "take_profit", "status": "order_placed"},
        {"id": 2, "trade_purpose": "stop_loss", "status": "to_process"},
        {"id": 3, "trade_purpose": "position", "status": "finished"},
        {"id": 4, "trade_purpose": "position", "status": "order_placed", "order_side": "buy", "initial_amount": "1.0"},
        {"id": 5, "trade_purpose": "reduce_funds", "status": "cancelled"},
    ]
    (found,) = find_waiting_orders(live, orders)
    assert found.startswith("order #4 still waits (buy 1.0 at ")
