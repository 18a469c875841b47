"""A client of the sandbox for its tests: signs requests and speaks to the application without a socket."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from reconciler.sandbox.exchange.exchange import DEFAULT_API_KEY, DEFAULT_API_SECRET, Sandbox
from reconciler.sandbox.wire.app import create_app

EXAMPLES = Path(__file__).parent / "seed_examples"

Body = dict[str, Any]


def sign(payload: str, secret: str = DEFAULT_API_SECRET) -> str:
    return hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()


def load_example(name: str) -> Body:
    body = json.loads((EXAMPLES / f"{name}.json").read_text())
    assert isinstance(body, dict)
    return body


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any


class Client:
    def __init__(self, sandbox: Sandbox, key: str = DEFAULT_API_KEY, secret: str = DEFAULT_API_SECRET) -> None:
        self.sandbox = sandbox
        self.key, self.secret = key, secret
        self.http = create_app(sandbox).test_client()

    def call(self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None) -> Answer:
        answer = self.send(method, path, body, headers)
        return Answer(answer.status_code, answer.get_json())

    def send(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> TestResponse:
        """Send a signed request and return the answer unchanged."""
        full = f"/public/api{path}"
        text = "" if body is None else json.dumps(body)
        payload = full + text if "?" in full else f"{full}?{text}" if text else full
        sent = {"APIKEY": self.key, "Signature": sign(payload, self.secret), **(headers or {})}
        if text:
            sent.setdefault("Content-Type", "application/json")
        return self.http.open(full, method=method, data=text or None, headers=sent)

    def create(self, body: Body) -> Body:
        answer = self.call("POST", "/v2/smart_trades", body)
        assert answer.status == 201, answer.body
        return dict(answer.body)

    def open(self, body: Body) -> Body:
        """Create a trade and show it once it has settled."""
        return self.show(self.create(body)["id"])

    def show(self, trade_id: int) -> Body:
        answer = self.call("GET", f"/v2/smart_trades/{trade_id}")
        assert answer.status == 200, answer.body
        return dict(answer.body)

    def orders(self, trade_id: int) -> list[Body]:
        answer = self.call("GET", f"/v2/smart_trades/{trade_id}/trades")
        assert answer.status == 200, answer.body
        return list(answer.body)

    def patch(self, trade_id: int, body: Body) -> Answer:
        return self.call("PATCH", f"/v2/smart_trades/{trade_id}", body)

    def post(self, path: str, body: object = None) -> Answer:
        return self.call("POST", f"/v2/smart_trades/{path}", body)

    def delete(self, path: str) -> Answer:
        return self.call("DELETE", f"/v2/smart_trades/{path}")

    def price(self, last: str, pair: str = "USDT_BTC", **others: str) -> list[int]:
        moved = self.sandbox.set_price(pair, Decimal(last), **{name: Decimal(price) for name, price in others.items()})[
            "moved"
        ]
        assert isinstance(moved, list)
        return [number for number in moved if isinstance(number, int)]

    def balance(self, currency: str, account_id: int = 1) -> tuple[Decimal, Decimal]:
        """Free and reserved funds."""
        with self.sandbox.transaction() as transaction:
            balance = transaction.wallet(account_id).balances()[currency]
            return balance.free, balance.reserved


def status_of(entity: Body) -> str:
    return str(entity["status"]["type"])


def step_statuses(entity: Body) -> list[str]:
    return [status_of(step) for step in entity["take_profit"]["steps"]]
