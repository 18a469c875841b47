from __future__ import annotations

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest

from reconciler.sandbox.exchange.exchange import Sandbox
from tests.unit.sandbox.bodies import conditional, limit, market, step, steps, stop, trade
from tests.unit.sandbox.client import Client, sign, status_of, step_statuses

MISSING_TRADE = {"error": "Not found", "error_description": "Smart Trade not found"}


def invalid(**attributes: list[str]) -> dict[str, object]:
    return {
        "error": "record_invalid",
        "error_description": "Invalid parameters",
        "error_attributes": attributes,
    }


# Create


def test_a_create_answers_201_with_the_pending_entity(client: Client) -> None:
    answer = client.call("POST", "/v2/smart_trades", trade(note="weekly support retest"))

    assert answer.status == 201
    assert answer.body["status"] == {"type": "created", "basic_type": "created", "title": "Pending"}
    assert answer.body["position"]["price"]["value"] == "9500.01"
    assert answer.body["position"]["total"]["value"] == "95.0001"
    assert (answer.body["note"], answer.body["note_raw"]) == ("weekly support retest", "weekly support retest")
    flags = answer.body["data"]
    assert (flags["cancel_available"], flags["editable"], flags["force_start_available"]) == (False, False, True)


def test_a_create_takes_a_form_with_bracket_keys(client: Client) -> None:
    form = urlencode(
        [
            ("account_id", "1"),
            ("pair", "USDT_BTC"),
            ("position[type]", "buy"),
            ("position[order_type]", "market"),
            ("position[units][value]", "0.01"),
            ("take_profit[enabled]", "true"),
            ("take_profit[steps][][order_type]", "limit"),
            ("take_profit[steps][][volume]", "40"),
            ("take_profit[steps][][price][type]", "bid"),
            ("take_profit[steps][][price][value]", "10000"),
            ("take_profit[steps][][order_type]", "limit"),
            ("take_profit[steps][][volume]", "60"),
            ("take_profit[steps][][price][type]", "bid"),
            ("take_profit[steps][][price][value]", "11000"),
            ("stop_loss[enabled]", "false"),
        ]
    )
    path = "/public/api/v2/smart_trades"
    answer = client.http.post(
        path,
        data=form,
        content_type="application/x-www-form-urlencoded",
        headers={"APIKEY": "sandbox-key", "Signature": sign(f"{path}?{form}")},
    )

    assert answer.status_code == 201
    entity = answer.get_json()
    assert [found["volume"] for found in entity["take_profit"]["steps"]] == ["40.0", "60.0"]
    assert [found["price"]["value"] for found in entity["take_profit"]["steps"]] == ["10000.0", "11000.0"]


def test_unknown_and_null_keys_are_ignored(client: Client) -> None:
    body = trade(position=market() | {"price": None, "surprise": {"a": 1}}, note=None, leverage=None, anything=[1])

    assert client.create(body)["note_raw"] is None


def test_flat_bracket_keys_in_json_are_not_understood(client: Client) -> None:
    body = {"account_id": 1, "pair": "USDT_BTC", "position[type]": "buy", "position[order_type]": "market"}
    answer = client.call("POST", "/v2/smart_trades", body)

    assert answer.status == 400
    attributes = answer.body["error_attributes"]
    assert attributes["position"][0] == "is missing"
    assert attributes["position[type]"] == ["is missing"]
    assert attributes["position[order_type]"] == ["is missing"]
    assert attributes["take_profit"] == attributes["stop_loss"] == ["is missing"]


STEP = step("10000")


@pytest.mark.parametrize(
    ("body", "key", "message"),
    [
        (trade(account_id=None), "account_id", "is missing"),
        (trade(account_id="one"), "account_id", "is invalid"),
        (trade(account_id=1.5), "account_id", "is invalid"),
        (trade(pair=None), "pair", "is missing"),
        (trade(pair=5), "pair", "is invalid"),
        (trade(instant="yes"), "instant", "is invalid"),
        (trade(instant=True, skip_enter_step=True), "skip_enter_step", "is invalid"),
        (trade(take_profit=None), "take_profit", "is missing"),
        (trade(take_profit={}), "take_profit[enabled]", "is missing"),
        (trade(take_profit={"enabled": True}), "take_profit[steps]", "is missing"),
        (trade(take_profit={"enabled": True, "steps": "x"}), "take_profit[steps]", "is invalid"),
        (trade(take_profit={"enabled": True, "steps": {"volume": 1}}), "take_profit[steps][price][type]", "is missing"),
        (trade(take_profit={"enabled": True, "steps": [5]}), "take_profit[steps][0]", "is invalid"),
        (trade(take_profit=steps(STEP | {"price": {"value": 1}})), "take_profit[steps][0][price][type]", "is missing"),
        (
            trade(take_profit=steps(STEP | {"order_type": "x"})),
            "take_profit[steps][0][order_type]",
            "does not have a valid value",
        ),
        (trade(take_profit=steps(STEP | {"volume": "x"})), "take_profit[steps][0][volume]", "is invalid"),
        (
            trade(take_profit=steps(STEP | {"price": {"type": "bid"}})),
            "take_profit[steps][0][price][value],take_profit[steps][0][price][percent]",
            "are missing, exactly one parameter must be provided",
        ),
        (
            trade(take_profit=steps(STEP | {"price": {"type": "bid", "value": 1, "percent": 2}})),
            "take_profit[steps][0][price][value],take_profit[steps][0][price][percent]",
            "are mutually exclusive",
        ),
        (trade(take_profit=steps(STEP | {"trailing": {}})), "take_profit[steps][0][trailing][enabled]", "is missing"),
        (
            trade(take_profit=steps(STEP | {"trailing": {"enabled": True}})),
            "take_profit[steps][0][trailing][percent]",
            "is missing",
        ),
        (trade(stop_loss=None), "stop_loss", "is missing"),
        (trade(stop_loss=stop("9000", order_type=None)), "stop_loss[order_type]", "is missing"),
        (trade(stop_loss=stop("9000", order_type="limit")), "stop_loss[price][value]", "is missing"),
        (trade(stop_loss=stop("9000", conditional=None)), "stop_loss[conditional][price][type]", "is missing"),
        (trade(stop_loss=stop("9000", timeout={"enabled": True})), "stop_loss[timeout][value]", "is missing"),
        (
            trade(stop_loss=stop("9000", timeout={"enabled": True, "value": 1.5})),
            "stop_loss[timeout][value]",
            "is invalid",
        ),
        (trade(position=None), "position", "is missing"),
        (trade(position="buy"), "position", "is invalid"),
        (trade(position=market() | {"type": "hold"}), "position[type]", "does not have a valid value"),
        (trade(position=market() | {"type": ["buy"]}), "position[type]", "does not have a valid value"),
        (trade(position=market() | {"units": {}}), "position[units][value]", "is missing"),
        (trade(position=market("1e400")), "position[units][value]", "is invalid"),
        (trade(position=market("0x10")), "position[units][value]", "is invalid"),
        (trade(position=market() | {"units": {"value": True}}), "position[units][value]", "is invalid"),
        (trade(position=limit("1") | {"price": None}), "position[price][value]", "is missing"),
        (trade(position=market() | {"order_type": "conditional"}), "position[conditional][order_type]", "is missing"),
        (
            trade(position=conditional("10000", order_type="conditional")),
            "position[conditional][order_type]",
            "does not have a valid value",
        ),
        (trade(position=conditional("9000", order_type="limit")), "position[price][value]", "is missing"),
        (trade(skip_enter_step=True), "position[price][value]", "is missing"),
        (trade(leverage={}), "leverage[enabled]", "is missing"),
        (trade(leverage={"enabled": True}), "leverage[type]", "is missing"),
        (trade(leverage={"enabled": True, "type": "huge"}), "leverage[type]", "does not have a valid value"),
        (trade(note="x" * 301), "note", "too long. Max is 300 symbols"),
        (trade(note=""), "note", "is empty"),
        (trade(note="\ud800"), "note", "is invalid"),
    ],
)
def test_a_malformed_create_is_refused_by_the_request_layer(
    client: Client, body: dict[str, Any], key: str, message: str
) -> None:
    answer = client.call("POST", "/v2/smart_trades", body)

    assert (answer.status, answer.body["error"]) == (400, "record_invalid")
    assert message in answer.body["error_attributes"].get(key, [])


TRAILING = {"enabled": True, "percent": 2}
TRAILING_ENTRY = conditional("10000", trailing=TRAILING)


@pytest.mark.parametrize(
    ("body", "key", "message"),
    [
        (trade(pair="USDT_NOTHING"), "pair", "Unknown pair"),
        (trade(position=market("9001")), "units_to_buy", "must be less than or equal to 9000.0"),
        (trade(position=market("0")), "units_to_buy", "must be greater than or equal to 0.00001"),
        (trade(position=market("-1")), "units_to_buy", "must be greater than or equal to 0.00001"),
        (trade(position=market("0.010001")), "units_to_buy", "Should change with step 0.00001"),
        (trade(position=market("8000")), "position.total", "must be less than or equal to 9000000.0"),
        (trade(position=market("0.0001")), "position.total", "must be greater than or equal to 5.0"),
        (trade(position=market("9001")), "position", "is invalid"),
        (trade(position=limit("9000.001")), "position.price", "Should change with step 0.01"),
        (trade(position=conditional("9000.001")), "position.conditional.price", "Should change with step 0.01"),
        (
            trade(position=conditional("9000", price="9000", trailing=TRAILING)),
            "position.conditional.trailing",
            "is available for market orders only",
        ),
        (trade(take_profit=steps()), "take_profit.steps", "should have 1 to 8 steps"),
        (trade(take_profit=steps(*[step("10000", 12)] * 9)), "take_profit.steps", "should have 1 to 8 steps"),
        (
            trade(take_profit=steps(step("10000", 50), step("11000", "49.9"))),
            "take_profit.steps",
            "volume should be 100% in the sum of all steps",
        ),
        (
            trade(take_profit=steps(step("10000", 150), step("11000", -50))),
            "take_profit.steps.1.volume",
            "must be greater than 0 and up to 100.0",
        ),
        (trade(take_profit=steps(step("10000.001"))), "take_profit.steps.0.price", "Should change with step 0.01"),
        (
            trade(take_profit=steps(step("10000", trailing=TRAILING))),
            "take_profit.steps.0.trailing",
            "is available for market orders only",
        ),
        (
            trade(take_profit=steps(step("10000", 50, "market", trailing=TRAILING), step("11000", 50))),
            "take_profit.steps.0.trailing",
            "is available for the last step only",
        ),
        (
            trade(take_profit=steps(step("10000", order_type="market", trailing={"enabled": True, "percent": 0}))),
            "take_profit.steps.0.trailing.percent",
            "must be greater than or equal to 0.01",
        ),
        (
            trade(take_profit=steps(STEP | {"price": {"type": "bid", "percent": 5}})),
            "take_profit.steps.0.price",
            "TP percentage condition available only with TrailingBuy",
        ),
        (
            trade(position=TRAILING_ENTRY, take_profit=steps(step("12000"))),
            "take_profit.steps.0.price",
            "should be in percent while the entry is trailing",
        ),
        (
            trade(take_profit=steps(step("10000", "99.95"), step("11000", "0.05"))),
            "take_profit.steps.1.volume",
            "Too small",
        ),
        (
            trade(position=TRAILING_ENTRY, stop_loss=stop("9000")),
            "stop_loss.conditional.price",
            "should be in percent while the entry is trailing",
        ),
        (
            trade(stop_loss=stop("9000", order_type="limit", price={"value": "8900.001"})),
            "stop_loss.price",
            "Should change with step 0.01",
        ),
        (
            trade(stop_loss=stop("9000", timeout={"enabled": True, "value": 0})),
            "stop_loss.timeout.value",
            "must be greater than 0",
        ),
        (
            trade(
                position=conditional("10000", "sell", trailing=TRAILING),
                take_profit=steps(STEP | {"price": {"type": "bid", "percent": 100}}),
            ),
            "take_profit.steps.0.price.percent",
            "must be less than 100.0",
        ),
        (
            trade(position=TRAILING_ENTRY, take_profit=steps(STEP | {"price": {"type": "bid", "percent": -1}})),
            "take_profit.steps.0.price.percent",
            "must be greater than 0",
        ),
        (
            trade(
                position=TRAILING_ENTRY,
                stop_loss=stop("1", conditional={"price": {"type": "bid", "percent": 100}}),
            ),
            "stop_loss.conditional.price.percent",
            "must be less than 100.0",
        ),
        (
            trade(
                stop_loss=stop(
                    "1",
                    order_type="limit",
                    price={"value": 9},
                    conditional={"price": {"type": "bid", "value": 9}, "trailing": TRAILING},
                )
            ),
            "stop_loss.conditional.trailing",
            "is available for market orders only",
        ),
        (
            trade(take_profit=steps(STEP), stop_loss=stop("9000", breakeven=True)),
            "stop_loss.breakeven",
            "needs at least 2 take profit steps",
        ),
    ],
)
def test_a_create_against_the_rules_is_refused_by_the_model_layer(
    client: Client, body: dict[str, Any], key: str, message: str
) -> None:
    client.sandbox.configure("off_grid", "refused")
    answer = client.call("POST", "/v2/smart_trades", body)

    assert (answer.status, answer.body["error"]) == (422, "record_invalid")
    assert message in answer.body["error_attributes"].get(key, [])


@pytest.mark.parametrize("account_id", [404, -1, 0, "404"])
def test_an_unknown_account_is_refused(client: Client, account_id: object) -> None:
    answer = client.call("POST", "/v2/smart_trades", trade(account_id=account_id))

    assert (answer.status, answer.body) == (
        403,
        {"error": "Forbidden", "error_description": "Account not owned by current user."},
    )


def test_a_create_in_the_other_mode_makes_a_trade_that_cannot_be_read_back(sandbox: Sandbox) -> None:
    sandbox.ensure_account(7, mode="real")
    client = Client(sandbox)
    paper, real = {"Forced-Mode": "paper"}, {"Forced-Mode": "real"}
    trade_id = client.call("POST", "/v2/smart_trades", trade(account_id=7), paper).body["id"]

    assert client.call("GET", f"/v2/smart_trades/{trade_id}", headers=paper).body == MISSING_TRADE
    assert client.call("GET", "/v2/smart_trades", headers=paper).body == []
    assert client.call("GET", f"/v2/smart_trades/{trade_id}", headers=real).status == 200
    assert client.call("DELETE", f"/v2/smart_trades/{trade_id}", headers=paper).status == 400


# Unknown ids


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "", 400),
        ("DELETE", "", 400),
        ("PATCH", "", 404),
        ("POST", "/add_funds", 404),
        ("POST", "/reduce_funds", 404),
        ("GET", "/reduce_funds_info", 404),
        ("POST", "/close_by_market", 404),
        ("POST", "/force_start", 404),
        ("POST", "/force_process", 404),
        ("POST", "/set_note", 404),
        ("GET", "/trades", 404),
        ("POST", "/trades/1/close_by_market", 404),
        ("DELETE", "/trades/1", 404),
    ],
)
@pytest.mark.parametrize("trade_id", [5, 10**30])
def test_an_unknown_trade_is_not_found(client: Client, method: str, path: str, status: int, trade_id: int) -> None:
    answer = client.call(method, f"/v2/smart_trades/{trade_id}{path}")

    assert (answer.status, answer.body) == (status, MISSING_TRADE)


# Actions


def test_a_cancel_is_pending_first_and_keeps_the_coins(client: Client) -> None:
    before = client.balance("BTC")[0]
    trade_id = client.open(trade(take_profit=steps(STEP), stop_loss=stop("9000")))["id"]
    answer = client.delete(str(trade_id))

    assert (answer.status, status_of(answer.body)) == (200, "cancellation_pending")
    assert len(answer.body["take_profit"]["steps"]) == 1
    entity = client.show(trade_id)
    assert status_of(entity) == "cancelled"
    assert (entity["take_profit"]["enabled"], entity["take_profit"]["steps"]) == (True, [])
    assert "closed_at" in entity["data"]
    free, reserved = client.balance("BTC")
    assert (free - before, reserved) == (Decimal("0.01"), Decimal(0))


def test_a_close_sells_all_that_is_left_at_the_bid(client: Client) -> None:
    trade_id = client.open(trade(take_profit=steps(STEP)))["id"]
    answer = client.post(f"{trade_id}/close_by_market")

    assert (answer.status, status_of(answer.body)) == (201, "panic_sell_pending")
    entity = client.show(trade_id)
    assert status_of(entity) == "panic_sold"
    assert entity["market_close"]["total"] == {"value": "94.905"}
    assert entity["market_close"]["price"]["value_without_commission"] == "9500.0"
    assert entity["data"]["closed_amount"] == "0.01"


def test_a_forced_start_enters_at_market(client: Client) -> None:
    trade_id = client.open(trade(position=limit("9000"), take_profit=steps(STEP)))["id"]
    answer = client.post(f"{trade_id}/force_start")

    assert (answer.status, status_of(answer.body)) == (201, "waiting_position")
    assert answer.body["position"]["status"]["title"] == "Panic closing"
    assert answer.body["data"]["force_start_available"] is False
    entity = client.show(trade_id)
    assert status_of(entity) == "waiting_targets"
    assert entity["position"]["price"]["value_without_commission"] == "9500.01"
    assert client.balance("USDT")[1] == 0


def test_a_forced_start_of_a_trailing_entry_turns_percent_into_prices(client: Client) -> None:
    percent = step("1") | {"price": {"type": "last", "percent": 10}}
    losing = stop("1") | {"conditional": {"price": {"type": "last", "percent": 10}}}
    body = trade(position=TRAILING_ENTRY, take_profit=steps(percent), stop_loss=losing)
    trade_id = client.open(body)["id"]
    client.post(f"{trade_id}/force_start")
    entity = client.show(trade_id)

    assert entity["take_profit"]["steps"][0]["price"] == {"type": "last", "value": "10460.46", "percent": "10.0"}
    assert entity["stop_loss"]["conditional"]["price"] == {"value": "8558.55", "type": "last", "percent": "10.0"}


def test_a_forced_process_changes_nothing(client: Client) -> None:
    entity = client.open(trade(position=limit("9000")))
    answer = client.post(f"{entity['id']}/force_process")

    assert (answer.status, answer.body) == (201, entity)


def test_a_note_can_be_set_in_every_status(client: Client) -> None:
    trade_id = client.open(trade(instant=True))["id"]
    answer = client.post(f"{trade_id}/set_note", {"note": "x" * 300})

    assert (answer.status, answer.body["note_raw"]) == (201, "x" * 300)
    assert client.show(trade_id)["note"] == "x" * 300


@pytest.mark.parametrize(
    ("note", "message"), [("x" * 301, "too long. Max is 300 symbols"), ("", "is empty"), (None, "is missing")]
)
def test_a_bad_note_is_refused(client: Client, note: str | None, message: str) -> None:
    trade_id = client.open(trade())["id"]
    answer = client.post(f"{trade_id}/set_note", {"note": note})

    assert (answer.status, answer.body) == (400, invalid(note=[message]))


@pytest.mark.parametrize(
    ("method", "path", "text"),
    [
        ("PATCH", "", "Update"),
        ("DELETE", "", "Cancel"),
        ("POST", "/close_by_market", "Close by market"),
        ("POST", "/force_start", "Force start"),
        ("POST", "/force_process", "Force process"),
    ],
)
def test_an_ended_trade_refuses_every_action(client: Client, method: str, path: str, text: str) -> None:
    trade_id = client.open(trade(instant=True))["id"]
    body = {"position": {"units": {"value": "0.01"}}} if method == "PATCH" else None
    answer = client.call(method, f"/v2/smart_trades/{trade_id}{path}", body)

    assert (answer.status, answer.body) == (
        400,
        {"error": "Wrong param(s)", "error_description": f"{text} is not allowed in the current status"},
    )


# Steps


def three_steps(client: Client) -> dict[str, Any]:
    body = trade(
        take_profit=steps(step("10000", 50), step("11000", 30, "market"), step("12000", 20)), stop_loss=stop("9000")
    )
    return client.open(body)


def test_a_cancelled_step_leaves_the_other_volumes_alone(client: Client) -> None:
    entity = three_steps(client)
    first = entity["take_profit"]["steps"][0]["id"]
    answer = client.delete(f"{entity['id']}/trades/{first}")

    assert (answer.status, status_of(answer.body)) == (200, "waiting_targets")
    assert [found["volume"] for found in answer.body["take_profit"]["steps"]] == ["30.0", "20.0"]
    assert [found["units"]["value"] for found in answer.body["take_profit"]["steps"]] == ["0.003", "0.002"]
    assert client.balance("BTC")[1] == Decimal("0.002")
    client.price("13000")
    assert status_of(client.show(entity["id"])) == "finished"
    assert client.show(entity["id"])["data"]["closed_amount"] == "0.005"


def test_the_last_open_step_takes_the_trade_with_it(client: Client) -> None:
    entity = client.open(trade(take_profit=steps(STEP), stop_loss=stop("9000")))
    answer = client.delete(f"{entity['id']}/trades/{entity['take_profit']['steps'][0]['id']}")

    assert status_of(answer.body) == "cancellation_pending"
    assert status_of(client.show(entity["id"])) == "cancelled"


def test_a_cancelled_stop_takes_the_trade_with_it(client: Client) -> None:
    entity = three_steps(client)
    (stop_id,) = (found["id"] for found in client.orders(entity["id"]) if found["trade_purpose"] == "stop_loss")
    client.delete(f"{entity['id']}/trades/{stop_id}")

    assert status_of(client.show(entity["id"])) == "cancelled"


def test_a_waiting_entry_can_be_cancelled_by_its_own_id_but_a_filled_one_cannot(client: Client) -> None:
    waiting = client.open(trade(position=limit("9000")))["id"]
    filled = client.open(trade())["id"]
    client.delete(f"{waiting}/trades/{client.orders(waiting)[0]['id']}")
    answer = client.delete(f"{filled}/trades/{client.orders(filled)[0]['id']}")

    assert status_of(client.show(waiting)) == "cancelled"
    assert (answer.status, answer.body) == (
        422,
        {"error": "unprocessable_entity", "error_description": "Trade cannot be cancelled"},
    )


def test_a_step_can_be_closed_at_market(client: Client) -> None:
    entity = three_steps(client)
    second = entity["take_profit"]["steps"][1]["id"]
    answer = client.post(f"{entity['id']}/trades/{second}/close_by_market")

    assert (answer.status, status_of(answer.body)) == (201, "waiting_targets")
    assert step_statuses(answer.body) == ["order_placed", "panic_sell_pending", "order_placed"]
    assert step_statuses(client.show(entity["id"])) == ["order_placed", "panic_sold", "order_placed"]
    again = client.post(f"{entity['id']}/trades/{second}/close_by_market")
    assert (again.status, again.body["error"]) == (400, "Wrong param(s)")


def test_an_order_of_another_trade_is_not_found(client: Client) -> None:
    one, other = three_steps(client), three_steps(client)
    foreign = other["take_profit"]["steps"][0]["id"]

    for answer in (
        client.delete(f"{one['id']}/trades/{foreign}"),
        client.post(f"{one['id']}/trades/{foreign}/close_by_market"),
        client.delete(f"{one['id']}/trades/{one['id']}"),
    ):
        assert (answer.status, answer.body["error"]) == (404, "Not found")


def test_the_orders_of_a_trade_are_listed_by_id_with_the_entry_first(client: Client) -> None:
    entity = three_steps(client)
    orders = client.orders(entity["id"])

    assert [found["trade_purpose"] for found in orders] == [
        "position",
        "take_profit",
        "take_profit",
        "take_profit",
        "stop_loss",
    ]
    assert [found["id"] for found in orders][1:4] == [found["id"] for found in entity["take_profit"]["steps"]]
    entry, first, second, _, losing = orders
    assert (entry["status"], entry["realised_amount"], entry["average_price"]) == ("finished", "0.01", "9509.51001")
    assert (entry["realised_price"], entry["trigger_type"], entry["position_percentage"]) == ("9509.51", "none", None)
    assert (first["order_price"], first["cancelable"], first["position_percentage"]) == ("10000.0", True, "50.0")
    assert (second["trigger_condition"], second["trigger_price"]) == ("greater_or_equal", "11000.0")
    assert (losing["trigger_condition"], losing["initial_total"], losing["cancelable"]) == (
        "less_or_equal",
        "90.0",
        True,
    )


def test_a_close_at_market_is_listed_as_an_order(client: Client) -> None:
    trade_id = client.open(trade())["id"]
    client.post(f"{trade_id}/close_by_market")
    closing = client.orders(trade_id)[-1]

    assert (closing["trade_purpose"], closing["order_side"], closing["status"]) == ("market_close", "sell", "finished")
    assert (closing["realised_amount"], closing["realised_total"], closing["cancelable"]) == ("0.01", "94.905", False)


def test_a_short_stop_watches_upwards(client: Client) -> None:
    trade_id = client.open(trade(position=market(side="sell"), stop_loss=stop("10000")))["id"]

    assert client.orders(trade_id)[-1]["trigger_condition"] == "greater_or_equal"
