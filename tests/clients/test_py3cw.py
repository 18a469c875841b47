"""A published client in Python before the served sandbox, with nothing changed but its base URL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import py3cw.request
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from py3cw.request import Py3CW

from reconciler.sandbox.exchange.exchange import DEFAULT_API_KEY, DEFAULT_API_SECRET, Sandbox
from reconciler.sandbox.store.limits import RateLimits
from reconciler.sandbox.wire.server import serve_aside
from tests.support.published_vectors import KEY, RSA_PRIVATE_KEY
from tests.unit.sandbox.bodies import limit, step, steps, stop, trade

pytestmark = pytest.mark.slow


class Client:
    """The client, with answers instead of pairs of an error and an answer."""

    def __init__(self, **credentials: str) -> None:
        self.client = Py3CW(**credentials)

    def ask(self, action: str, payload: object = None, *, entity: str = "smart_trades_v2", **given: Any) -> Any:
        error, answer = self.client.request(entity=entity, action=action, payload=payload, **given)
        assert error == {}
        return answer

    def fail(self, action: str, payload: object = None, **given: Any) -> str:
        error, answer = self.client.request(entity="smart_trades_v2", action=action, payload=payload, **given)
        assert answer == {}
        return str(error["msg"])


@pytest.fixture(params=["HMAC", "RSA"])
def client(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A client with a key of either kind, before a sandbox with limits."""
    with Sandbox() as sandbox, serve_aside(sandbox, limits=RateLimits()) as url:
        monkeypatch.setattr(py3cw.request, "API_URL", url)
        if request.param == "HMAC":
            client = Client(key=DEFAULT_API_KEY, secret=DEFAULT_API_SECRET)
        else:
            public = load_pem_private_key(RSA_PRIVATE_KEY.encode(), None).public_key()
            pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
            sandbox.ensure_rsa_key(KEY, pem)
            client = Client(key=KEY, selfsigned=RSA_PRIVATE_KEY)
        with client.client.session:
            yield client


def test_accounts_rates_and_mode_are_read(client: Client) -> None:
    assert [account["id"] for account in client.ask("", entity="accounts")] == [1]
    pair = {"market_code": "binance", "pair": "USDT_BTC"}
    assert client.ask("currency_rates", pair, entity="accounts")["priceStep"] == "0.01"
    assert client.ask("change_mode", {"mode": "paper"}, entity="users") == {"mode": "paper"}
    assert client.ask("current_mode", entity="users") == {"mode": "paper"}
    real = {"Forced-Mode": "real"}
    assert client.ask("", entity="accounts", additional_headers=real) == []


def test_a_trade_is_created_listed_changed_and_cancelled(client: Client) -> None:
    body = trade(position=limit("60000"), take_profit=steps(step("63000")), stop_loss=stop("58500"))
    created = client.ask("new", body)
    trade_id = str(created["id"])
    assert created["status"]["type"] == "created"
    listed = client.ask("", {"status": "active", "per_page": 5})
    assert [found["id"] for found in listed] == [created["id"]]
    assert client.ask("set_note", {"note": "a note"}, action_id=trade_id)["note_raw"] == "a note"
    two = {"position": limit("60000"), "take_profit": steps(step("63000", 50), step("64000", "50"))}
    updated = client.ask("update", {**two, "stop_loss": stop("58000")}, action_id=trade_id)
    assert [found["volume"] for found in updated["take_profit"]["steps"]] == ["50.0", "50.0"]
    assert client.ask("get_trades", action_id=trade_id)[0]["trade_purpose"] == "position"
    first = str(client.ask("get_by_id", action_id=trade_id)["take_profit"]["steps"][0]["id"])
    left = client.ask("cancel_trade", action_id=trade_id, action_sub_id=first)
    assert [found["volume"] for found in left["take_profit"]["steps"]] == ["50.0"]
    assert client.ask("cancel", action_id=trade_id)["status"]["type"] == "cancellation_pending"
    assert client.ask("get_by_id", action_id=trade_id)["status"]["type"] == "cancelled"


def test_a_position_is_closed_at_market(client: Client) -> None:
    trade_id = str(client.ask("new", trade())["id"])
    assert client.ask("get_by_id", action_id=trade_id)["status"]["type"] == "waiting_targets"

    assert client.ask("close_by_market", action_id=trade_id)["status"]["type"] == "panic_sell_pending"
    assert client.ask("get_by_id", action_id=trade_id)["status"]["type"] == "panic_sold"


def test_refusals_are_understood(client: Client) -> None:
    assert "Not found Smart Trade not found" in client.fail("get_by_id", action_id="5")
    assert "record_invalid Invalid parameters" in client.fail("new", trade(pair="USDT_NO"))
    assert "'note': ['is missing']" in client.fail("set_note", action_id=str(client.ask("new", trade())["id"]))
