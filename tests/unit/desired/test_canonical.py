"""Short forms are written out, defaults are added, and every field is found in the file again."""

from __future__ import annotations

import pytest

from reconciler.desired.canonical import Fields, expand_trade, find_field, merge_defaults
from reconciler.loading.files import load_text
from reconciler.model.documents import Document, FieldPath

TEXT = """\
version: 1
defaults:
  leverage: {type: cross}
  position: {order_type: limit}
trades:
  a:
    position: {type: buy, units: 0.01, price: 60000}
    take_profit:
    - {price: 63000, volume: 100}
    stop_loss: false
"""


def load() -> Document:
    document, problems = load_text(TEXT, "plan.yaml")
    assert document is not None
    assert problems == ()
    return document


@pytest.mark.parametrize(
    ("written", "expanded"),
    [
        ({"stop_loss": False}, {"stop_loss": {"enabled": False}}),
        ({"leverage": {"type": "cross"}}, {"leverage": {"enabled": True, "type": "cross"}}),
        ({"leverage": {"enabled": False}}, {"leverage": {"enabled": False}}),
        ({"position": {"units": 1, "price": 2}}, {"position": {"units": {"value": 1}, "price": {"value": 2}}}),
        (
            {"take_profit": [{"price": 5, "trailing": 2}]},
            {
                "take_profit": {
                    "enabled": True,
                    "steps": [{"price": {"value": 5}, "trailing": {"enabled": True, "percent": 2}}],
                }
            },
        ),
        (
            {"stop_loss": {"conditional": {"price": 5}, "timeout": 9}},
            {
                "stop_loss": {
                    "enabled": True,
                    "conditional": {"price": {"value": 5}},
                    "timeout": {"enabled": True, "value": 9},
                }
            },
        ),
        (
            {"averaging": [{"price": 5, "units": 1}]},
            {"averaging": [{"order_type": "limit", "price": {"value": 5}, "units": {"value": 1}}]},
        ),
    ],
)
def test_short_forms_are_written_out(written: dict[str, object], expanded: dict[str, object]) -> None:
    assert expand_trade(written) == expanded
    assert expand_trade(expanded) == expanded


@pytest.mark.parametrize("odd", [5, "x", None, [5], {"steps": 5}, {"steps": [5]}])
def test_what_a_schema_has_refused_is_no_error_here(odd: object) -> None:
    for key in ("position", "take_profit", "stop_loss", "leverage", "averaging"):
        assert key in expand_trade({key: odd})


def test_defaults_complete_a_group_and_never_switch_one_on() -> None:
    trade: Fields = {"position": {"type": "buy", "price": {"value": 1}}, "note": "mine"}
    defaults: Fields = {
        "position": {"order_type": "limit", "price": {"value": 2, "type": "bid"}},
        "stop_loss": {"enabled": True},
        "note": "theirs",
        "pair": "USDT_BTC",
    }
    assert merge_defaults(trade, defaults) == {
        "position": {"order_type": "limit", "type": "buy", "price": {"value": 1, "type": "bid"}},
        "note": "mine",
        "pair": "USDT_BTC",
    }


@pytest.mark.parametrize(
    ("path", "shown", "line", "is_written"),
    [
        (("position", "units", "value"), "trades.a.position.units", 7, True),
        (("take_profit", "steps", 0, "price", "value"), "trades.a.take_profit[0].price", 9, True),
        (("stop_loss", "enabled"), "trades.a.stop_loss", 10, True),
        (("position", "order_type"), "trades.a.position.order_type", 4, True),
        (("position", "conditional", "price", "value"), "trades.a.position.conditional.price", 7, False),
        (("averaging",), "trades.a.averaging", 6, False),
    ],
)
def test_a_field_is_found_where_it_was_written(path: FieldPath, shown: str, line: int, *, is_written: bool) -> None:
    document = load()
    place = find_field(document, "a", path)
    problem = document.problem(place.path, "is odd", at=place.origin)
    assert (problem.path, place.origin.line, place.is_written) == (shown, line, is_written)
