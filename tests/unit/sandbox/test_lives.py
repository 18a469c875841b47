"""The published examples live through a scripted price path to their ends: one file each under `lives`.

A file is a script: what happens, and the trade and the account afterwards. `account` is the change since the
start, funds held by resting orders included; `held` is what those orders hold. What a stage does not name is as before.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.values.decimals import format_decimal
from tests.unit.sandbox.client import EXAMPLES, Client, load_example, status_of

LIVES = sorted((Path(__file__).parent / "lives").glob("*.yaml"), key=lambda path: path.stem)
FLAGS = {
    "edit": "editable",
    "close": "panic_sell_available",
    "add funds": "add_funds_available",
    "reduce funds": "reduce_funds_available",
    "force start": "force_start_available",
    "force process": "force_process_available",
    "cancel": "cancel_available",
}
CURRENCIES = ("BTC", "USDT")
ENDS = ("finished", "panic_sold", "stop_loss_finished", "cancelled")


class Life:
    """One example on a sandbox of its own."""

    def __init__(self, script: dict[str, Any]) -> None:
        self.client = Client(Sandbox(options={"trailing_percent": "as_sent"} | script.get("settings", {})))
        self.client.price(str(script["bitcoin at"]))
        self.body = load_example(script["example"])
        self.start = {currency: self.total(currency) for currency in CURRENCIES}
        self.id = 0

    def go_on(self, action: str) -> dict[str, Any]:
        """Do what a stage says, and describe the trade and the account."""
        verb, _, value = action.partition(" ")
        if verb == "price":
            self.client.price(value)
        elif verb == "wait":
            self.client.sandbox.advance(Decimal(value.removesuffix("s")))
        elif verb in ("create", "cancel", "close"):
            return self.describe(self.ask(verb))
        else:
            assert action == "look"
        return self.describe(self.client.show(self.id))

    def ask(self, verb: str) -> dict[str, Any]:
        if verb == "create":
            entity = self.client.create(self.body)
            self.id = entity["id"]
            return entity
        path = str(self.id)
        answer = self.client.delete(path) if verb == "cancel" else self.client.post(f"{path}/close_by_market")
        return dict(answer.body)

    def describe(self, entity: dict[str, Any]) -> dict[str, Any]:
        progress = entity["data"]
        shown = {
            "trade": status_of(entity),
            "entry": status_of(entity["position"]),
            "steps": " ".join(status_of(step) for step in entity["take_profit"]["steps"]),
            "stop": status_of(entity["stop_loss"]) if entity["stop_loss"]["enabled"] else "",
            "can": ", ".join(name for name, flag in FLAGS.items() if progress[flag]),
            "entered": f"{progress['entered_amount']} BTC for {progress['entered_total']} USDT",
            "closed": f"{progress['closed_amount']} BTC for {progress['closed_total']} USDT",
            "account": self.describe_funds(),
            "held": self.describe_held(),
            "profit": entity["profit"]["volume"],
        }
        return shown | {"levels": self.describe_levels(entity)}

    def describe_funds(self) -> str:
        changes = {currency: self.total(currency) - self.start[currency] for currency in CURRENCIES}
        return ", ".join(f"{format_decimal(change)} {currency}" for currency, change in changes.items())

    def total(self, currency: str) -> Decimal:
        return sum(self.read_balance(currency), Decimal(0))

    def describe_held(self) -> str:
        held = {currency: self.read_balance(currency)[1] for currency in CURRENCIES}
        return ", ".join(f"{format_decimal(amount)} {currency}" for currency, amount in held.items() if amount)

    def read_balance(self, currency: str) -> tuple[Decimal, Decimal]:
        """Read past the transactions of the sandbox, which would settle what is pending."""
        statement = "SELECT free, reserved FROM balances WHERE account_id = 1 AND currency = ?"
        free, reserved = self.client.sandbox._connection.execute(statement, (currency,)).fetchone()
        return Decimal(free), Decimal(reserved)

    @staticmethod
    def describe_levels(entity: dict[str, Any]) -> str:
        levels = [step["price"]["value"] or f"{step['price']['percent']} %" for step in entity["take_profit"]["steps"]]
        if entity["stop_loss"]["enabled"]:
            price = entity["stop_loss"]["conditional"]["price"]
            levels.append(f"stop {price['value'] or price['percent'] + ' %'}")
        return ", ".join(levels)


@pytest.mark.parametrize("path", LIVES, ids=lambda path: path.stem)
def test_an_example_lives_to_its_end(path: Path) -> None:
    script = yaml.safe_load(path.read_text())
    life = Life(script)
    expected: dict[str, Any] = {}
    try:
        for number, stage in enumerate(script["life"], start=1):
            expected |= stage
            found = life.go_on(expected.pop("then"))
            named = {name: found[name] for name in expected}
            assert named == expected, f"stage {number}"
    finally:
        life.client.sandbox.close()
    assert script["example"] == path.stem
    assert expected["trade"] in ENDS


def test_every_example_has_a_life() -> None:
    assert [path.stem for path in LIVES] == sorted(path.stem for path in EXAMPLES.glob("*.json"))
    assert len(LIVES) == 23
