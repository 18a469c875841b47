from __future__ import annotations

import contextlib
import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.codec.live_trades import carries_marker, read_trade
from reconciler.codec.note import write_note
from reconciler.errors import UnreadableAnswer
from reconciler.model.live import Flags, Phase, Prices
from reconciler.model.marker import Digest, Marker, MarkerState
from reconciler.model.terms import OrderType, Side, Terms
from tests.support.entities import SPOT, Json, WriteNumber, any_terms, as_entity, as_number, as_text

CASES = Path(__file__).parents[2] / "cases" / "entities"
OWN_FUNDS = CASES / "own-funds-two-steps.json"
MARKER = Marker(
    workspace="prod", name="btc-dip", generation=1, entry=Digest(applied="0" * 8), exits=Digest(applied="1" * 8)
)


def load(path: Path) -> Json:
    entity: Json = json.loads(path.read_text(), parse_float=Decimal)
    return entity


def test_the_published_entity_is_read_without_loss() -> None:
    live = read_trade(load(OWN_FUNDS))
    assert (live.id, live.status, live.error, live.phase) == (30428625, "waiting_targets", "", Phase.OPEN)
    assert live.terms.account_id == 32402783
    assert live.terms.pair == "USDT_DOGE"
    assert live.terms.skip_enter_step
    assert not live.terms.instant
    assert live.terms.leverage is None
    assert live.terms.entry.side is Side.BUY
    assert live.terms.entry.order_type is OrderType.MARKET
    assert (live.terms.entry.units, live.terms.entry.price) == (Decimal(20), Decimal("0.10268"))
    assert [(step.id, step.status, step.cancelable, step.is_finished) for step in live.steps] == [
        (1008300673, "order_placed", True, False),
        (1008300674, "order_placed", True, False),
    ]
    assert [(step.terms.level.value, step.terms.volume_pct) for step in live.steps] == [
        (Decimal("0.3"), Decimal(35)),
        (Decimal("0.4"), Decimal(35)),
    ]
    stop = live.terms.stop_loss
    assert stop is not None
    assert (stop.trigger.value, stop.order_type, stop.limit_price, stop.timeout_s, stop.breakeven) == (
        Decimal("0.09754"),
        OrderType.MARKET,
        None,
        None,
        False,
    )
    assert live.stop_status == "to_process"
    assert live.is_stop_armed
    assert live.note == ""
    assert live.reading.state is MarkerState.ABSENT
    assert live.flags == Flags(
        editable=True, cancel=True, close=True, add_funds=True, reduce_funds=True, force_process=True
    )
    assert (live.entered_units, live.entered_total, live.closed_units) == (Decimal(20), Decimal("2.0536"), Decimal(0))
    assert live.average_price == Decimal("0.10268")
    assert (live.profit, live.profit_pct) == (Decimal("-0.0042514"), Decimal("-0.21"))
    assert live.prices == Prices(bid=Decimal("0.10257"), ask=Decimal("0.1027"), last=Decimal("0.10268"))
    assert live.created_at == datetime(2024, 8, 14, 19, 51, 43, 100_000, tzinfo=UTC)


@pytest.mark.parametrize("path", sorted(CASES.glob("*.json")), ids=lambda path: path.stem)
def test_every_entity_case_can_be_read(path: Path) -> None:
    read_trade(load(path))


@given(wanted=any_terms(), number=st.sampled_from([as_text, as_number, str]))
def test_terms_written_as_an_entity_are_read_as_they_were(wanted: Terms, number: WriteNumber) -> None:
    live = read_trade(as_entity(wanted, number=number))
    assert live.terms == wanted
    assert tuple(step.terms for step in live.steps) == wanted.steps


# Quirks


def changed(path: str, value: Any) -> Json:
    """The spot entity with one field replaced, or removed by `...`."""
    entity = as_entity(SPOT)
    *parents, last = path.split(".")
    group: Any = entity
    for key in parents:
        group = group[int(key) if key.isdigit() else key]
    if value is ...:
        del group[last]
    else:
        group[last] = value
    return entity


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("version", ...),
        ("is_position_not_filled", ...),
        ("leverage", ...),
        ("profit", ...),
        ("margin", ...),
        ("reduce_funds", ...),
        ("market_close", ...),
        ("note_raw", ...),
        ("data.commission", "0.001"),
        ("data.closed_at", None),
        ("data.closed_at", "2026-01-01T10:00:00.000Z"),
        ("data.average_enter_price", ...),
        ("data.missing_funds_to_close", 0),
        ("data.entered_amount", 0),
        ("data.created_at", "2026-01-01T10:00:00.123"),
        ("take_profit.steps.0.units", {"value": "7.0"}),
        ("take_profit.steps.0.closed_at", None),
        ("take_profit.steps.0.volume", 50),
        ("take_profit.steps.0.price.value", Decimal("63000.0")),
        ("stop_loss.units", {"value": None}),
        ("stop_loss.breakeven", ...),
        ("stop_loss.timeout", ...),
        ("stop_loss.conditional.trailing", ...),
        ("take_profit.enabled", "true"),
        ("skip_enter_step", "false"),
        ("instant", None),
        ("account.id", "1"),
    ],
)
def test_what_captured_entities_do_differently_changes_nothing(path: str, value: Any) -> None:
    plain, odd = read_trade(as_entity(SPOT)), read_trade(changed(path, value))
    assert replace(odd, entity=plain.entity) == plain


def test_a_level_may_show_both_value_and_percent() -> None:
    live = read_trade(changed("take_profit.steps.0.price.percent", "5.0"))
    assert (live.steps[0].terms.level.value, live.steps[0].terms.level.percent) == (Decimal(63000), Decimal(5))


def test_a_cancelled_trade_has_lost_its_steps() -> None:
    entity = as_entity(SPOT, status="cancelled")
    entity["take_profit"]["steps"] = []
    live = read_trade(entity)
    assert live.steps == ()
    assert live.phase is Phase.ENDED
    assert live.was_never_filled


def test_a_failed_trade_says_why() -> None:
    entity = as_entity(SPOT, status="failed")
    entity["status"]["error"] = "You need to pass KYC"
    assert read_trade(entity).error == "You need to pass KYC"


def test_the_average_is_the_reported_one_else_the_price_of_what_was_entered() -> None:
    assert read_trade(as_entity(SPOT)).average_price is None
    assert read_trade(as_entity(SPOT, entered="0.01")).average_price == 60000
    entity = as_entity(SPOT, entered="0.01")
    entity["data"]["average_enter_price"] = "60010.5"
    assert read_trade(entity).average_price == Decimal("60010.5")


@pytest.mark.parametrize("prices", [..., None, {}, {"bid": "1", "ask": "2", "last": None}])
def test_prices_may_be_missing(prices: Any) -> None:
    assert read_trade(changed("data.current_price", prices)).prices is None


def test_flags_that_are_missing_offer_nothing_but_the_end_that_fits_the_status() -> None:
    entity = as_entity(SPOT)
    for flag in ("editable", "cancel_available", "panic_sell_available"):
        del entity["data"][flag]
    live = read_trade(entity)
    assert live.flags == Flags(editable=False, cancel=True, close=False)
    assert {each.field for each in live.unreadable} == {"data.cancel_available", "data.panic_sell_available"}


def test_a_stop_without_a_status_is_not_armed() -> None:
    live = read_trade(changed("stop_loss.status", ...))
    assert live.stop_status == ""
    assert not live.is_stop_armed


def test_a_forced_entry_is_busy() -> None:
    assert read_trade(changed("position.status.type", "panic_sell_pending")).phase is Phase.BUSY


def test_the_marker_is_found_in_the_raw_note_first_and_in_the_shown_one_else() -> None:
    note = write_note(MARKER, "weekly retest")
    for fields in ({"note_raw": note, "note": "shown"}, {"note_raw": None, "note": note}):
        live = read_trade({**as_entity(SPOT), **fields})
        assert live.reading.marker == MARKER
        assert live.reading.text == "weekly retest"
        assert live.note == note


# What cannot be read


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("account", ..., "account is missing"),
        ("account.id", None, "account.id is missing"),
        ("status", "waiting_targets", "status is not an object"),
        ("status.type", ..., "status.type is missing"),
        ("status.type", 5, "status.type is not a text"),
        ("data", None, "data.closed_amount is missing"),
        ("data.entered_amount", ..., "data.entered_amount is missing"),
        ("data.entered_total", "much", "data.entered_total: 'much' is not a number"),
        ("data.closed_amount", None, "data.closed_amount is missing"),
        ("data.created_at", ..., "data.created_at is missing"),
        ("data.created_at", "yesterday", "data.created_at: 'yesterday' is not an ISO date"),
        ("note", 5, "note is not a text"),
        ("pair", ..., "pair is missing"),
        ("position", ..., "position is missing"),
        ("position.units", ..., "position: units is missing"),
        ("position.units.value", "Infinity", "position: value: 'Infinity' is not a finite number"),
        ("position.type", "hold", "position: 'hold'"),
        ("position.order_type", "iceberg", "position: 'iceberg'"),
        ("position.price", {}, "position: value is missing"),
        ("leverage", {"enabled": True, "type": "infinite"}, "leverage: 'infinite'"),
        ("leverage.enabled", 5, "leverage: enabled is 5"),
        ("stop_loss.conditional", ..., "stop_loss: conditional is missing"),
        ("stop_loss.conditional.price.value", None, "stop_loss: price has neither value nor percent"),
        ("stop_loss.timeout", {"enabled": True}, "stop_loss: value is missing"),
        ("take_profit.steps", "many", "take_profit.steps is not a list"),
        ("take_profit.steps.1.volume", ..., "take_profit.steps[1]: volume is missing"),
        ("take_profit.steps.1", None, "take_profit.steps[1]: step is missing"),
        ("take_profit.steps.1.price.type", "mid", "take_profit.steps[1]: 'mid'"),
        ("take_profit.steps.1.id", ..., "take_profit.steps[1]: id is missing"),
        ("take_profit.steps.1.status", ..., "take_profit.steps[1]: status is missing"),
        ("instant", 5, "instant is 5"),
    ],
)
def test_a_field_that_cannot_be_read_is_named_and_the_trade_stays(path: str, value: Any, field: str) -> None:
    entity = as_entity(SPOT)
    if path == "take_profit.steps.1":
        entity["take_profit"]["steps"][1] = value
    else:
        entity = changed(path, value)
    live = read_trade(entity)
    assert live.id == 7
    assert field in "; ".join(each.problem for each in live.unreadable)


@pytest.mark.parametrize("value", [..., "seven", True])
def test_without_an_id_nothing_can_be_read(value: Any) -> None:
    with pytest.raises(UnreadableAnswer, match=r"SmartTrade .* cannot be read: id is"):
        read_trade(changed("id", value))


def paths_of(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield (*path, key)
        yield from paths_of(child, (*path, key))


PATHS = sorted(paths_of(load(OWN_FUNDS)), key=str)
junk = st.sampled_from([None, True, 0, -1, "", "x", "1e5", [], {}, [1], {"value": None}, Decimal("0.1"), ...])


@given(edits=st.lists(st.tuples(st.sampled_from(PATHS), junk), min_size=1, max_size=4))
def test_a_damaged_entity_is_read_or_refused_but_never_breaks_the_reader(edits: list[tuple[Any, Any]]) -> None:
    entity: Any = load(OWN_FUNDS)
    for (*parents, last), value in edits:
        group = entity
        try:
            for key in parents:
                group = group[key]
            if value is ...:
                del group[last]
            else:
                group[last] = copy.deepcopy(value)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier edit took the place away
    carries_marker(entity)
    with contextlib.suppress(UnreadableAnswer):
        read_trade(entity)


# Markers in what cannot be read


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        ({"note": "", "note_raw": None}, False),
        ({"note": "mine", "note_raw": "mine"}, False),
        ({"note": None}, False),
        ({"note": "x [reconciler:1 prod/btc"}, True),
        ({"note": "", "note_raw": "[reconciler"}, True),
        ({"note": 5}, True),
        ({"id": 1}, True),
        (None, True),
        ([], True),
    ],
)
def test_only_a_legible_note_without_a_marker_is_surely_foreign(entity: object, expected: bool) -> None:
    assert carries_marker(entity) is expected


@pytest.mark.parametrize(
    ("status", "closed_at", "expected"),
    [
        ("finished", "2026-01-01T10:00:00.000Z", datetime(2026, 1, 1, 10, tzinfo=UTC)),
        ("finished", None, None),
        ("finished", "soon", None),
        ("waiting_targets", "2026-01-01T10:00:00.000Z", None),
    ],
)
def test_only_what_has_ended_has_an_end(status: str, closed_at: object, expected: datetime | None) -> None:
    entity = as_entity(SPOT, status=status)
    entity["data"].pop("closed_at", None)
    if closed_at is not None:
        entity["data"]["closed_at"] = closed_at
    assert read_trade(entity).closed_at == expected


@pytest.mark.parametrize("status", [None, {}, {"type": ""}, {"type": None}])
def test_a_stop_of_a_position_without_a_status_is_unknown_and_not_lost(status: object) -> None:
    entity = as_entity(SPOT, status="waiting_targets", entered="0.01")
    entity["stop_loss"]["status"] = status
    live = read_trade(entity)
    assert [each.field for each in live.unreadable] == ["stop_loss.status.type"]
    entity["status"] = {"type": "waiting_position"}
    assert read_trade(entity).unreadable == ()


def test_a_note_without_a_raw_one_is_read_as_html() -> None:
    entity = as_entity(SPOT)
    del entity["note_raw"]
    entity["note"] = "a &amp; b<br />c"
    assert read_trade(entity).note == "a & b\nc"
    entity["note_raw"] = "a &amp; b"
    assert read_trade(entity).note == "a &amp; b"
