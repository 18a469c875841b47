from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from reconciler.sandbox.exchange import by_hand
from reconciler.sandbox.exchange.by_hand import Ticket
from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.values.errors import InvalidAct, UnknownPair
from reconciler.sandbox.values.terms import Side
from tests.unit.sandbox.client import Client, status_of


def ticket(**others: Any) -> Ticket:
    return Ticket(**{"account_id": 1, "pair": "USDT_BTC", "side": Side.BUY, "units": Decimal("0.01"), **others})


def test_a_trade_is_opened_by_hand(client: Client) -> None:
    wanted = ticket(price=Decimal(9400), target=Decimal(10000), stop=Decimal(9000), note="mine")
    trade_id, happened = by_hand.open_trade(client.sandbox, wanted)
    entity = client.show(trade_id)

    assert (status_of(entity), happened, entity["note"]) == ("waiting_position", [], "mine")
    assert entity["take_profit"]["steps"][0]["price"]["value"] == "10000.0"
    assert entity["stop_loss"]["conditional"]["price"]["value"] == "9000.0"


def test_a_market_trade_enters_at_once(client: Client) -> None:
    _, happened = by_hand.open_trade(client.sandbox, ticket(side=Side.SELL))

    assert [each.text for each in happened] == ["entered short 0.01 BTC at 9500"]


@pytest.mark.parametrize("missing_groups", ["unchanged", "disabled"])
def test_a_stop_is_dragged_and_the_steps_stay(client: Client, missing_groups: str) -> None:
    client.sandbox.configure("missing_groups", missing_groups)
    trade_id, _ = by_hand.open_trade(client.sandbox, ticket(target=Decimal(10000), stop=Decimal(9000)))
    by_hand.drag_stop(client.sandbox, trade_id, Decimal(9200))
    entity = client.show(trade_id)

    assert entity["stop_loss"]["conditional"]["price"]["value"] == "9200.0"
    assert status_of(entity["take_profit"]["steps"][0]) == "order_placed"


def test_a_stop_dragged_beyond_the_price_fires(client: Client) -> None:
    trade_id, _ = by_hand.open_trade(client.sandbox, ticket(stop=Decimal(9000)))
    happened = by_hand.drag_stop(client.sandbox, trade_id, Decimal(9600))

    assert happened[0].text == "stop sold 0.01 BTC at 9500"


def test_a_trade_is_closed_or_cancelled(client: Client) -> None:
    closed, cancelled = (by_hand.open_trade(client.sandbox, ticket())[0] for _ in range(2))
    told = by_hand.close_by_hand(client.sandbox, closed)
    by_hand.cancel_by_hand(client.sandbox, cancelled)

    assert told[0].text == "market close sold 0.01 BTC at 9500"
    assert [status_of(client.show(each)) for each in (closed, cancelled)] == ["panic_sold", "cancelled"]


@pytest.mark.parametrize(("text", "raw"), [("mine now", "mine now"), ("", None)])
def test_a_note_is_rewritten_or_emptied(client: Client, text: str, raw: str | None) -> None:
    trade_id, _ = by_hand.open_trade(client.sandbox, ticket(note="before"))
    by_hand.rewrite_note(client.sandbox, trade_id, text)

    assert client.show(trade_id)["note_raw"] == raw
    assert [(each.id, each.note, each.is_active) for each in by_hand.list_noted_trades(client.sandbox)] == [
        (trade_id, raw, True)
    ]


def test_what_cannot_be_done_is_said_and_changes_nothing(sandbox: Sandbox) -> None:
    for wanted, message in (
        (ticket(account_id=9), "there is no account 9"),
        (ticket(note="x" * 301), "the note has 301 characters"),
        (ticket(units=Decimal(0)), "refused: units_to_buy must be greater"),
        (ticket(pair="USDT_BTCUSDT"), "refused: pair Unknown pair"),
    ):
        with pytest.raises(InvalidAct, match=message):
            by_hand.open_trade(sandbox, wanted)
    with pytest.raises(UnknownPair):
        by_hand.open_trade(sandbox, ticket(pair="USDT_NOPE"))
    with pytest.raises(InvalidAct, match="there is no trade #5"):
        by_hand.close_by_hand(sandbox, 5)

    assert sandbox.show()["trades"] == {}


def test_a_trade_without_a_stop_has_none_to_drag(client: Client) -> None:
    trade_id, _ = by_hand.open_trade(client.sandbox, ticket())
    with pytest.raises(InvalidAct, match=f"#{trade_id} has no stop"):
        by_hand.drag_stop(client.sandbox, trade_id, Decimal(9000))
    by_hand.close_by_hand(client.sandbox, trade_id)
    with pytest.raises(InvalidAct, match="refused: Close by market is not allowed in the current status"):
        by_hand.close_by_hand(client.sandbox, trade_id)
