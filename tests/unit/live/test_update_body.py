from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.codec.body import read_terms
from reconciler.codec.live_trades import read_trade
from reconciler.live.update_body import update_body
from reconciler.model.terms import Level, Leverage, LeverageType, PriceType, StopLoss, Terms
from tests.support.entities import SPOT, Json, WriteNumber, any_terms, as_entity, as_number, as_text
from tests.unit.codec.test_live_trades import OWN_FUNDS, load

assert SPOT.stop_loss is not None
STOP = SPOT.stop_loss
TRAILED = replace(SPOT, stop_loss=replace(STOP, trailing_pct=Decimal(2), timeout_s=60))


def reread(body: dict[str, object], like: Terms) -> Terms:
    """The terms that the API would have after an update."""
    fixed: dict[str, object] = {
        "account_id": like.account_id,
        "pair": like.pair,
        "instant": like.instant,
        "skip_enter_step": like.skip_enter_step,
    }
    return read_terms({**fixed, **body})


def moved(trigger: str) -> StopLoss:
    return replace(STOP, trigger=replace(STOP.trigger, value=Decimal(trigger)))


def test_every_input_of_the_published_entity_goes_back_and_nothing_else() -> None:
    live = read_trade(load(OWN_FUNDS))
    trailing = {"enabled": False}
    assert update_body(live.entity, live.terms, ()) == {
        "leverage": {"enabled": False},
        "position": {
            "type": "buy",
            "order_type": "market",
            "units": {"value": "20.0"},
            "price": {"value": "0.10268"},
        },
        "take_profit": {
            "enabled": True,
            "steps": [
                {
                    "order_type": "limit",
                    "price": {"type": "last", "value": price},
                    "volume": "35.0",
                    "trailing": trailing,
                }
                for price in ("0.3", "0.4")
            ],
        },
        "stop_loss": {
            "enabled": True,
            "order_type": "market",
            "conditional": {"price": {"type": "last", "value": "0.09754"}, "trailing": trailing},
            "timeout": {"enabled": False},
            "breakeven": False,
        },
    }


@given(live=any_terms(), wanted=any_terms(), number=st.sampled_from([as_text, as_number]))
def test_with_nothing_changed_the_update_leaves_all_as_it_is(live: Terms, wanted: Terms, number: WriteNumber) -> None:
    body = update_body(as_entity(live, number=number), wanted, ())
    assert reread(body, live) == live
    json.dumps(body, allow_nan=False)


@given(live=any_terms(), wanted=any_terms())
def test_with_all_exits_changed_the_exits_are_the_wanted_ones_and_the_entry_stays(live: Terms, wanted: Terms) -> None:
    wanted = replace(wanted, instant=live.instant)
    if live.instant:
        wanted = replace(wanted, steps=(), stop_loss=None)
    after = reread(update_body(as_entity(live), wanted, ["leverage", "take_profit", "stop_loss"]), live)
    assert after.entry == live.entry
    assert (after.leverage, after.steps, after.stop_loss) == (
        wanted.leverage,
        wanted.steps,
        wanted.stop_loss,
    )


@settings(max_examples=300)
@given(live=any_terms(), wanted=any_terms(), data=st.data())
def test_any_set_of_leaf_changes_turns_the_live_terms_into_the_wanted_ones(
    live: Terms, wanted: Terms, data: st.DataObject
) -> None:
    wanted = replace(
        wanted,
        account_id=live.account_id,
        pair=live.pair,
        instant=False,
        skip_enter_step=live.skip_enter_step,
        entry=live.entry,
    )
    live = replace(live, instant=False)
    entity, target = update_body(as_entity(live), live, ()), update_body(as_entity(wanted), wanted, ())
    changed = data.draw(st.permutations(sorted(differing(entity, target))))
    assert reread(update_body(as_entity(live), wanted, changed), live) == wanted


def differing(ours: Any, theirs: Any, path: str = "") -> set[str]:
    """Paths of the leaves that differ, those of one side only included."""
    if ours == theirs:
        return set()
    if isinstance(ours, dict | list) or isinstance(theirs, dict | list):
        mine, other = children(ours), children(theirs)
        return {
            leaf
            for key in mine | other
            for leaf in differing(
                mine.get(key), other.get(key), f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".strip(".")
            )
        }
    return {path}


def children(value: Any) -> dict[Any, Any]:
    if isinstance(value, dict):
        return value
    return dict(enumerate(value)) if isinstance(value, list) else {}


def test_only_the_changed_field_comes_from_the_file() -> None:
    entity = as_entity(TRAILED, status="waiting_targets", entered="0.00997")
    entity["position"]["units"]["value"] = "0.00997"
    entity["stop_loss"]["conditional"]["price"]["value"] = "59100.0"
    wanted = replace(TRAILED, stop_loss=replace(moved("1"), trailing_pct=Decimal(3), timeout_s=90))
    body: Any = update_body(entity, wanted, ["stop_loss.timeout.value"])
    assert body["stop_loss"]["timeout"] == {"enabled": True, "value": 90}
    assert body["stop_loss"]["conditional"]["price"]["value"] == "59100.0"
    assert body["stop_loss"]["conditional"]["trailing"] == {"enabled": True, "percent": "2.0"}
    assert body["position"]["units"] == {"value": "0.00997"}


def test_a_changed_stop_price_leaves_the_steps_as_they_are() -> None:
    entity = as_entity(SPOT)
    entity["take_profit"]["steps"][0]["price"]["value"] = "63000.01"
    body: Any = update_body(entity, replace(SPOT, stop_loss=moved("57000")), ["stop_loss.conditional.price.value"])
    assert body["stop_loss"]["conditional"]["price"] == {"type": "last", "value": "57000"}
    assert body["take_profit"]["steps"][0]["price"]["value"] == "63000.01"


def test_one_field_of_one_step_can_change() -> None:
    steps = (SPOT.steps[0], replace(SPOT.steps[1], trailing_pct=None))
    body: Any = update_body(
        as_entity(SPOT),
        replace(SPOT, steps=steps),
        ["take_profit.steps[1].trailing.enabled", "take_profit.steps[1].trailing.percent"],
    )
    assert body["take_profit"]["steps"][1]["trailing"] == {"enabled": False}
    assert body["take_profit"]["steps"][1]["price"]["value"] == "66000.0"


def test_steps_of_another_number_come_all_from_the_file() -> None:
    one = replace(SPOT, steps=(replace(SPOT.steps[0], volume_pct=Decimal(100)),))
    body: Any = update_body(as_entity(SPOT), one, ["take_profit.steps[0].volume", "take_profit.steps[1].order_type"])
    assert [step["volume"] for step in body["take_profit"]["steps"]] == ["100"]


@pytest.mark.parametrize("path", ["stop_loss.enabled", "stop_loss.conditional.price.value", "stop_loss"])
def test_a_stop_is_switched_on_and_off_as_a_whole(path: str) -> None:
    without = replace(SPOT, stop_loss=None)
    off: Any = update_body(as_entity(SPOT), without, [path])
    on: Any = update_body(as_entity(without), TRAILED, [path])
    assert off["stop_loss"] == {"enabled": False}
    assert reread(on, SPOT).stop_loss == TRAILED.stop_loss


def test_a_whole_step_can_change() -> None:
    steps = (SPOT.steps[0], replace(SPOT.steps[1], trailing_pct=None, volume_pct=Decimal(40)))
    body: Any = update_body(as_entity(SPOT), replace(SPOT, steps=steps), ["take_profit.steps[1]"])
    assert [step["volume"] for step in body["take_profit"]["steps"]] == ["50.0", "40"]


def test_breakeven_and_timeout_are_switched_off_by_saying_so() -> None:
    live = replace(SPOT, stop_loss=replace(STOP, breakeven=True, timeout_s=60))
    body: Any = update_body(
        as_entity(live), SPOT, ["stop_loss.breakeven", "stop_loss.timeout.enabled", "stop_loss.timeout.value"]
    )
    assert body["stop_loss"]["breakeven"] is False
    assert body["stop_loss"]["timeout"] == {"enabled": False}


def test_of_value_and_percent_the_value_goes_back() -> None:
    entity = as_entity(SPOT)
    entity["take_profit"]["steps"][0]["price"]["percent"] = "5.0"
    body: Any = update_body(entity, SPOT, ())
    assert body["take_profit"]["steps"][0]["price"] == {"type": "last", "value": "63000.0"}


def test_a_percent_that_replaces_a_value_replaces_it() -> None:
    level = Level(value=None, percent=Decimal(6), price_type=PriceType.LAST)
    wanted = replace(SPOT, stop_loss=replace(STOP, trigger=level))
    body: Any = update_body(as_entity(SPOT), wanted, ["stop_loss.conditional.price.percent"])
    assert body["stop_loss"]["conditional"]["price"] == {"type": "last", "percent": "6"}


def test_leverage_goes_back_as_shown_and_is_left_out_where_it_is_not() -> None:
    live = replace(SPOT, leverage=Leverage(type=LeverageType.ISOLATED, value=Decimal(3)))
    entity = as_entity(live)
    assert update_body(entity, SPOT, ())["leverage"] == {"enabled": True, "type": "isolated", "value": "3.0"}
    assert update_body(entity, SPOT, ["leverage.value"])["leverage"] == {"enabled": False}
    del entity["leverage"]
    assert "leverage" not in update_body(entity, SPOT, ())


def test_a_disabled_group_goes_back_without_its_leftovers() -> None:
    entity: Json = as_entity(SPOT)
    entity["stop_loss"]["timeout"] = {"enabled": False, "value": 5}
    entity["take_profit"] = {"enabled": "false", "steps": []}
    body: Any = update_body(entity, SPOT, ())
    assert body["take_profit"] == {"enabled": False}
    assert body["stop_loss"]["timeout"] == {"enabled": False}


@pytest.mark.parametrize(
    "path",
    [
        "note",
        "pair",
        "account_id",
        "position",
        "position.type",
        "position.order_type",
        "stop_loss.price.type",
        "take_profit.steps.price",
        "take_profit[0]",
        "take_profit.steps[9].volume",
        "stop loss",
        "",
    ],
)
def test_what_an_update_cannot_change_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match=r"take_profit\.steps\[9\]|is not a field|cannot be changed"):
        update_body(as_entity(SPOT), SPOT, [path])


def test_the_entity_and_the_wanted_terms_stay_untouched() -> None:
    entity = as_entity(SPOT)
    before = json.dumps(entity, default=str)
    body: Any = update_body(entity, TRAILED, ["stop_loss"])
    body["take_profit"]["steps"].clear()
    body["stop_loss"].clear()
    assert json.dumps(entity, default=str) == before
