from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from reconciler.codec.body import Body, read_step, read_terms, write_body, write_step
from reconciler.model.terms import OrderType, PriceType, Terms
from tests.support import builders
from tests.support.entities import any_terms


@given(any_terms())
def test_what_is_written_is_read_back(terms: Terms) -> None:
    assert read_terms(write_body(terms)) == terms


@given(any_terms())
def test_numbers_are_written_as_plain_texts(terms: Terms) -> None:
    def look(value: object) -> None:
        assert not isinstance(value, float)
        if isinstance(value, dict):
            for inner in value.values():
                look(inner)

    look(write_body(terms))


def test_a_step_is_written_and_read_alone() -> None:
    step = builders.step(None, "12.5", percent=7, order_type=OrderType.MARKET, trailing="0.5")
    assert read_step(write_step(step)) == step


def test_disabled_groups_are_stated_but_for_an_instant_trade() -> None:
    body = write_body(builders.terms(steps=(), stop_loss=None))
    assert (body["take_profit"], body["stop_loss"]) == ({"enabled": False}, {"enabled": False})
    instant = write_body(builders.terms(is_instant=True))
    assert not {"take_profit", "stop_loss"} & instant.keys()


def test_a_price_that_means_nothing_is_not_read() -> None:
    body: dict[str, Any] = write_body(builders.terms(entered_by=builders.entry(None)))
    body["position"]["price"] = {"value": "60000"}
    assert read_terms(body).entry.price is None


def test_price_types_have_the_defaults_of_the_api_and_of_the_files() -> None:
    body: dict[str, Any] = write_body(builders.terms(entered_by=builders.entry(trigger=61000)))
    del body["position"]["conditional"]["price"]["type"]
    del body["stop_loss"]["conditional"]["price"]["type"]
    terms = read_terms(body)
    assert terms.entry.condition is not None
    assert terms.entry.condition.price_type is PriceType.ASK
    assert terms.stop_loss is not None
    assert terms.stop_loss.trigger.price_type is PriceType.LAST


def _changed(*path: str, to: object) -> Body:
    body: dict[str, Any] = write_body(builders.terms(stop_loss=builders.stop(timeout=5)))
    group: dict[str, Any] = body
    for key in path[:-1]:
        group = group[key]
    group[path[-1]] = to
    return body


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (_changed("account_id", to=None), "account_id is missing"),
        (_changed("account_id", to="1.5"), "account_id is 1.5, expected a whole number"),
        (_changed("position", to=[]), "position is not an object"),
        (_changed("position", "type", to="hold"), "hold"),
        (_changed("instant", to="yes"), "instant is 'yes', expected true or false"),
        (_changed("take_profit", "steps", to="none"), "take_profit.steps is not a list"),
        (_changed("take_profit", "steps", to=[1]), "take_profit.steps is not an object"),
        (_changed("stop_loss", "conditional", "price", to={"type": "last"}), "neither value nor percent"),
        (_changed("stop_loss", "timeout", "value", to="2.5"), "value is 2.5, expected a whole number"),
    ],
)
def test_what_is_missing_or_impossible_is_named(body: Body, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_terms(body)


def test_booleans_and_numbers_may_be_texts_and_null_is_absent() -> None:
    body: dict[str, Any] = write_body(builders.terms())
    body |= {"account_id": "1", "instant": "false", "skip_enter_step": None, "leverage": None}
    body["stop_loss"] |= {"enabled": "true", "breakeven": "false", "timeout": {"enabled": "false", "value": None}}
    assert read_terms(body) == builders.terms()
