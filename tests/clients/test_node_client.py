"""A published client in Node before the served sandbox, with nothing changed but its base URL."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from reconciler.sandbox.exchange.exchange import DEFAULT_API_KEY, DEFAULT_API_SECRET, Sandbox
from reconciler.sandbox.store.limits import RateLimits
from reconciler.sandbox.wire.server import serve_aside

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parent
NODE = shutil.which("node")
INSTALL = "npm install --prefix tests/clients --no-package-lock"


@pytest.fixture(scope="module")
def answers() -> dict[str, Any]:
    """What the client was answered, by step."""
    if NODE is None:
        pytest.skip(f"Node is not installed; install it and run `{INSTALL}`")
    if not (FOLDER / "node_modules" / "3commas-api-node").is_dir():
        pytest.skip(f"the npm package 3commas-api-node is not installed; run `{INSTALL}`")
    with Sandbox() as sandbox, serve_aside(sandbox, limits=RateLimits()) as url:
        done = subprocess.run(
            [NODE, FOLDER / "drive_node_client.js", url, DEFAULT_API_KEY, DEFAULT_API_SECRET],
            capture_output=True,
            check=False,
            text=True,
            timeout=60,
        )
    assert done.returncode == 0, done.stderr
    read: dict[str, Any] = json.loads(done.stdout)
    return read


def test_accounts_and_markets_are_listed(answers: dict[str, Any]) -> None:
    assert [account["id"] for account in answers["accounts"]] == [1]
    markets = {market["market_code"] for market in answers["markets"]}
    assert markets == {"paper_trading", "binance", "binance_futures", "binance_futures_coin", "gate_io_usdt_perpetual"}


def test_a_trade_is_created_from_a_query_with_brackets(answers: dict[str, Any]) -> None:
    created = answers["created"]

    assert (created["status"]["type"], created["note"]) == ("created", "sent by a Node client & kept")
    assert created["position"]["price"]["value"] == "60000.0"
    assert created["stop_loss"]["conditional"]["price"] == {"value": "58500.0", "type": "last", "percent": None}
    assert [found["id"] for found in answers["listed"]] == [created["id"]]


def test_a_trade_is_noted_shown_and_cancelled(answers: dict[str, Any]) -> None:
    assert answers["noted"]["note"] == answers["shown"]["note"] == "another one"
    assert answers["cancelled"]["status"]["type"] == "cancellation_pending"
    assert answers["ended"]["status"]["type"] == "cancelled"


def test_steps_with_indexes_are_refused_as_the_real_service_refuses_them(answers: dict[str, Any]) -> None:
    assert answers["refused"]["error"] == "record_invalid"
    assert answers["refused"]["error_attributes"]["take_profit[steps][price][type]"] == ["is missing"]


def test_a_wrong_secret_is_refused(answers: dict[str, Any]) -> None:
    assert answers["unsigned"] == {
        "error": "signature_invalid",
        "error_description": "Provided signature is invalid",
    }
