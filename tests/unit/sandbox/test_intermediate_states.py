"""Intermediate states: gone by the next read unless the settings make them last for reads or until the clock moves."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.values.options import Options, write_options
from tests.unit.sandbox.bodies import Body, conditional, limit, market, step, steps, stop, trade
from tests.unit.sandbox.client import Client, status_of, step_statuses

EXITS = {"take_profit": steps(step("10000")), "stop_loss": stop("9000")}


def read_statuses(client: Client, trade_id: int) -> str:
    """Status of the trade, its entry, its first step and its stop."""
    entity = client.show(trade_id)
    parts = [entity, entity["position"], *entity["take_profit"]["steps"][:1]]
    stop_loss = [entity["stop_loss"]] if entity["stop_loss"]["enabled"] else []
    return " ".join(status_of(part) for part in (*parts, *stop_loss))


def linger(client: Client, reads: str = "clock") -> None:
    client.sandbox.configure("pending_reads", reads)


def list_stages(client: Client, trade_id: int, count: int) -> list[str]:
    """What is seen before and after each advance of the clock."""
    seen = []
    for _ in range(count):
        seen.append(read_statuses(client, trade_id))
        client.sandbox.advance(1)
    return seen


def test_an_entry_goes_through_its_states_as_the_clock_advances(client: Client) -> None:
    linger(client)
    trade_id = client.create(trade(**EXITS))["id"]

    assert list_stages(client, trade_id, 4) == [
        "created idle idle idle",
        "waiting_position to_process idle idle",
        "waiting_targets finished idle idle",
        "waiting_targets finished order_placed to_process",
    ]


def test_a_state_lasts_for_so_many_reads(client: Client) -> None:
    linger(client, "2")
    trade_id = client.create(trade())["id"]

    seen = [status_of(client.show(trade_id)) for _ in range(6)]
    assert seen == ["created"] * 2 + ["waiting_position"] * 2 + ["waiting_targets"] * 2


def test_lists_count_as_reads_and_writes_do_not(client: Client) -> None:
    linger(client, "1")
    trade_id = client.create(trade())["id"]
    client.post(f"{trade_id}/set_note", {"note": "not a read"})
    (listed,) = client.call("GET", "/v2/smart_trades").body

    assert status_of(listed) == "created"
    assert status_of(client.show(trade_id)) == "waiting_position"


@pytest.mark.parametrize(
    ("command", "stages"),
    [
        (lambda client, path: client.delete(path), "cancellation_pending cancellation_in_progress cancelled"),
        (
            lambda client, path: client.post(f"{path}/close_by_market"),
            "panic_sell_pending panic_sell_in_progress panic_sold",
        ),
        (
            lambda client, path: client.post(
                f"{path}/reduce_funds", {"order_type": "market", "units": {"value": "0.001"}}
            ),
            "pending_reduce_funds reduce_funds_in_progress waiting_targets",
        ),
    ],
)
def test_a_command_goes_through_its_states(
    client: Client, command: Callable[[Client, str], object], stages: str
) -> None:
    trade_id = client.open(trade(**EXITS))["id"]
    linger(client)
    command(client, str(trade_id))

    assert [line.split()[0] for line in list_stages(client, trade_id, 3)] == stages.split()


def test_a_stop_is_in_progress_before_it_has_finished(client: Client) -> None:
    trade_id = client.open(trade(**EXITS))["id"]
    linger(client)
    client.price("9000")

    assert list_stages(client, trade_id, 2) == [
        "stop_loss_in_progress finished cancelled async_order_placement",
        "stop_loss_finished finished cancelled finished",
    ]


def test_a_closing_trade_can_no_longer_be_stopped(client: Client) -> None:
    trade_id = client.open(trade(**EXITS))["id"]
    linger(client)
    client.delete(str(trade_id))
    client.price("8000")
    client.sandbox.advance(1)
    client.sandbox.advance(1)

    assert status_of(client.show(trade_id)) == "cancelled"


def test_an_updated_trade_is_idle_until_its_orders_are_placed(client: Client) -> None:
    trade_id = client.open(trade(**EXITS))["id"]
    linger(client)
    client.patch(trade_id, {"position": {"units": {"value": "0.01"}}, **EXITS})

    assert list_stages(client, trade_id, 2) == [
        "waiting_targets finished idle idle",
        "waiting_targets finished order_placed to_process",
    ]


def test_a_waiting_trade_keeps_watching_while_a_request_is_under_way(client: Client) -> None:
    trade_id = client.open(trade(position=conditional("10000"), **EXITS))["id"]
    linger(client)
    client.patch(trade_id, {"position": {"units": {"value": "0.02"}, "conditional": {"price": {"value": "9800"}}}})
    client.price("9800")

    assert read_statuses(client, trade_id) == "waiting_targets finished idle idle"


def test_a_forced_start_of_a_created_trade_is_not_lost(client: Client) -> None:
    linger(client)
    trade_id = client.create(trade(position=limit("9000")))["id"]
    assert client.post(f"{trade_id}/force_start").status == 201

    assert list_stages(client, trade_id, 3) == [
        "created panic_sell_pending",
        "waiting_position panic_sell_pending",
        "waiting_targets finished",
    ]


def test_own_funds_are_armed_one_stage_after_they_were_found(client: Client) -> None:
    linger(client)
    own = market() | {"price": {"value": "8000"}}
    trade_id = client.create(trade(position=own, skip_enter_step=True, **EXITS))["id"]

    assert list_stages(client, trade_id, 3) == [
        "created idle idle idle",
        "waiting_targets smart_sell idle idle",
        "waiting_targets smart_sell order_placed to_process",
    ]


def test_changing_the_option_back_keeps_trades_in_their_state_until_they_are_due(client: Client) -> None:
    linger(client)
    trade_id = client.create(trade())["id"]
    linger(client, "0")
    assert status_of(client.show(trade_id)) == "created"
    client.sandbox.advance(1)

    assert status_of(client.show(trade_id)) == "waiting_targets"


def test_options_may_be_given_at_creation() -> None:
    with Sandbox(options={"pending_reads": "clock", "fee_pct": "0.6"}) as sandbox:
        assert sandbox.show()["settings"] == {
            "trailing_stop": "unchanged",
            "trailing_percent": write_options(Options())["trailing_percent"],
            "off_grid": "cut",
            "quanto_multiplier": "linear",
            "entities": "documented",
            "trading_supported": "true",
            "breakeven": "moved",
            "finished_steps": "kept",
            "missing_groups": "unchanged",
            "unknown_trade": "400",
            "cancel_answer": "entity",
            "wrong_status": "400",
            "fee_currency": "quote",
            "fee_pct": "0.6",
            "pending_reads": "clock",
        }


def patched(client: Client, **groups: Body) -> tuple[int, Body]:
    body = trade(take_profit=steps(step("9600", 50), step("10000", 50)), stop_loss=stop("9000"))
    trade_id = client.open(body)["id"]
    client.price("9600")
    answer = client.patch(trade_id, {"position": {"units": {"value": "0.01"}}, **groups})
    return answer.status, client.show(trade_id)


@pytest.mark.parametrize(("setting", "status"), [("kept", 200), ("refused", 422)])
def test_an_option_says_what_an_update_does_once_a_step_has_finished(client: Client, setting: str, status: int) -> None:
    client.sandbox.configure("finished_steps", setting)
    found, entity = patched(client, take_profit=steps(step("9600", 50), step("10100", 50)))

    assert found == status
    assert step_statuses(entity) == ["finished", "order_placed"]


@pytest.mark.parametrize(("setting", "is_enabled"), [("unchanged", True), ("disabled", False)])
def test_an_option_says_what_an_update_does_to_a_group_left_out(
    client: Client, setting: str, *, is_enabled: bool
) -> None:
    client.sandbox.configure("missing_groups", setting)
    _, entity = patched(client, take_profit=steps(step("9600", 50), step("10100", 50)))

    assert entity["stop_loss"]["enabled"] is is_enabled
