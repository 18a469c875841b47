from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from reconciler.errors import AnswerLost, JournalError, UnreadableAnswer
from reconciler.live.endpoints import SmartTradeApi
from tests.unit.live.wire import Answer, Wire, open_api

Use = Callable[[SmartTradeApi], object]
BODY = {"units": {"value": "1"}}

OBJECT_READS: list[tuple[Use, str, bool]] = [
    (lambda api: api.get(7), "/v2/smart_trades/7", True),
    (lambda api: api.reduce_funds_info(7), "/v2/smart_trades/7/reduce_funds_info", True),
    (
        lambda api: api.currency_rates("binance", "USDT_BTC"),
        "/ver1/accounts/currency_rates?market_code=binance&pair=USDT_BTC",
        False,
    ),
    (
        lambda api: api.currency_rates_with_leverage_data("bybit", "BTC_BTCUSD"),
        "/ver1/accounts/currency_rates_with_leverage_data?market_code=bybit&pair=BTC_BTCUSD",
        False,
    ),
    (lambda api: api.ping(), "/ver1/ping", False),
    (lambda api: api.time(), "/ver1/time", False),
    (lambda api: api.validate(), "/ver1/validate", True),
]
LIST_READS: list[tuple[Use, str, bool]] = [
    (
        lambda api: api.list_smart_trades(status="active", page=3),
        "/v2/smart_trades?status=active&page=3&per_page=100&order_by=created_at&order_direction=asc",
        True,
    ),
    (lambda api: api.list_trades(7), "/v2/smart_trades/7/trades", True),
    (lambda api: api.list_accounts(2), "/ver1/accounts?page=2&per_page=100", True),
    (lambda api: api.market_pairs("binance"), "/ver1/accounts/market_pairs?market_code=binance", False),
]
WRITES: list[tuple[Use, str, Any]] = [
    (lambda api: api.create(BODY), "POST /v2/smart_trades", BODY),
    (lambda api: api.update(7, BODY), "PATCH /v2/smart_trades/7", BODY),
    (lambda api: api.cancel(7), "DELETE /v2/smart_trades/7", None),
    (lambda api: api.close_by_market(7), "POST /v2/smart_trades/7/close_by_market", None),
    (lambda api: api.force_start(7), "POST /v2/smart_trades/7/force_start", None),
    (lambda api: api.force_process(7), "POST /v2/smart_trades/7/force_process", None),
    (lambda api: api.set_note(7, "text"), "POST /v2/smart_trades/7/set_note", {"note": "text"}),
    (lambda api: api.add_funds(7, BODY), "POST /v2/smart_trades/7/add_funds", BODY),
    (lambda api: api.reduce_funds(7, BODY), "POST /v2/smart_trades/7/reduce_funds", BODY),
    (lambda api: api.close_trade(7, 9), "POST /v2/smart_trades/7/trades/9/close_by_market", None),
    (lambda api: api.cancel_trade(7, 9), "DELETE /v2/smart_trades/7/trades/9", None),
]


@pytest.mark.parametrize(("use", "path", "is_signed"), OBJECT_READS + LIST_READS)
def test_a_read_asks_for_its_path_and_signs_where_needed(use: Use, path: str, is_signed: bool) -> None:
    body: Any = [] if (use, path, is_signed) in LIST_READS else {"id": 7}
    wire = Wire(Answer(200, body))
    assert use(open_api(wire)) == body
    assert wire.paths == [f"GET /public/api{path}"]
    assert ("Signature" in wire.sent[0].headers) is is_signed


@pytest.mark.parametrize(("use", "request_line", "body"), WRITES)
def test_a_write_sends_its_method_path_and_body(use: Use, request_line: str, body: Any) -> None:
    wire = Wire(Answer(201, {"id": 7}))
    assert use(open_api(wire)) == {"id": 7}
    assert wire.paths == [request_line.replace(" ", " /public/api")]
    sent = wire.sent[0].body
    assert (None if sent is None else json.loads(sent)) == body


@pytest.mark.parametrize("use", [use for use, _, _ in OBJECT_READS])
def test_an_object_that_is_none_is_unreadable(use: Use) -> None:
    with pytest.raises(UnreadableAnswer, match="not an object"):
        use(open_api(Wire(Answer(200, []))))


@pytest.mark.parametrize("use", [use for use, _, _ in LIST_READS])
def test_a_list_that_is_none_is_unreadable(use: Use) -> None:
    with pytest.raises(UnreadableAnswer, match="not a list"):
        use(open_api(Wire(Answer(200, {"id": 1}))))


@pytest.mark.parametrize("use", [use for use, _, _ in WRITES])
def test_a_write_that_is_answered_with_something_else_may_have_had_its_effect(use: Use) -> None:
    with pytest.raises(AnswerLost, match="not an object"):
        use(open_api(Wire(Answer(201, []))))


@pytest.mark.parametrize(("use", "request_line", "_"), WRITES)
def test_only_a_cancel_may_be_answered_with_nothing(use: Use, request_line: str, _: Any) -> None:
    api = open_api(Wire(Answer(204, b"")))
    if request_line.startswith("DELETE"):
        assert use(api) == {}
    else:
        with pytest.raises(AnswerLost):
            use(api)


@pytest.mark.parametrize(("use", "call", "body"), WRITES)
def test_a_write_is_announced_right_before_it_is_sent(use: Use, call: str, body: Any) -> None:
    wire = Wire(Answer(200, {"id": 7}))
    announced: list[tuple[str, object, int]] = []
    use(
        open_api(wire).announcing(
            lambda method, path, content: announced.append((f"{method} {path}", content, len(wire.sent)))
        )
    )
    assert announced == [(call, body, 0)]
    assert wire.paths == [call.replace(" ", " /public/api")]


def test_a_write_that_cannot_be_written_down_is_not_sent() -> None:
    def refuse(*_: object) -> None:
        raise JournalError("the disk is full")

    wire = Wire(Answer(200, {"id": 7}))
    with pytest.raises(JournalError, match="disk is full"):
        open_api(wire).announcing(refuse).create(BODY)
    assert wire.sent == []


def test_reads_and_the_writes_of_others_are_not_announced() -> None:
    wire = Wire(Answer(200, {"id": 7}))
    api = open_api(wire)
    announced: list[str] = []
    announcing = api.announcing(lambda method, _path, _body: announced.append(method))
    announcing.get(7)
    api.cancel(7)
    assert announced == []
