"""The published entity of the cancel-trade page as live state: read without loss, and what dropping its steps sends."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
from requests.adapters import BaseAdapter

from reconciler.codec.body import read_terms, write_body
from reconciler.codec.live_trades import read_trade
from reconciler.codec.note import write_note
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.http import ApiSession, SessionOptions
from reconciler.live.pacing import RequestBudget
from reconciler.live.signing import Credentials
from reconciler.model.operations import Action
from reconciler.model.specs import DesiredState, Origin, TradeSpec
from reconciler.model.targets import Mode
from reconciler.planning.operations import wanted_marker
from reconciler.settings import Settings
from tests.support.world import World, kinds

ENTITY = json.loads((Path(__file__).parents[2] / "cases" / "entities" / "own-funds-two-steps.json").read_text())
TRADE = f"/v2/smart_trades/{ENTITY['id']}"


def spec(*levels: str, unallocated: int) -> TradeSpec:
    """The file that leads to the entity, with some of its steps."""
    steps = [{"order_type": "limit", "price": {"type": "last", "value": level}, "volume": 35} for level in levels]
    body = {
        "account_id": 32402783,
        "pair": "USDT_DOGE",
        "skip_enter_step": True,
        "position": {"type": "buy", "order_type": "market", "units": {"value": 20}, "price": {"value": "0.10268"}},
        "take_profit": {"enabled": bool(steps), "steps": steps},
        "stop_loss": {
            "enabled": True,
            "order_type": "market",
            "conditional": {"price": {"type": "last", "value": "0.09754"}},
        },
    }
    return TradeSpec(
        name="doge",
        generation=1,
        state=DesiredState.OPEN,
        terms=read_terms(body),
        unallocated_pct=Decimal(unallocated),
        note="",
        origin=Origin(file="plan.yaml", line=1, column=1),
    )


WHOLE = spec("0.3", "0.4", unallocated=30)


class Exchange(BaseAdapter):
    """Serves the entity, and takes what is asked of it as the cancel-trade page describes."""

    def __init__(self) -> None:
        super().__init__()
        self.entity: dict[str, Any] = copy.deepcopy(ENTITY)
        self.entity["note"] = self.entity["note_raw"] = write_note(wanted_marker("test", WHOLE), "")
        self.writes: list[tuple[str, str]] = []

    def send(self, request: requests.PreparedRequest, *args: object, **kwargs: object) -> requests.Response:
        path, _, query = request.path_url.removeprefix("/public/api").partition("?")
        if request.method != "GET":
            self.writes.append((request.method or "", path))
        response = requests.Response()
        response.status_code = 200
        response.request, response.url = request, request.url or ""
        response.raw = io.BytesIO(json.dumps(self._answer(request, path, query)).encode())
        return response

    def _answer(self, request: requests.PreparedRequest, path: str, query: str) -> object:
        if path == "/ver1/accounts":
            return [{"id": 32402783, "name": "My Binance US", "market_code": "binance_us"}]
        if path == "/ver1/accounts/currency_rates":
            prices = {"bid": "0.10257", "ask": "0.1027", "last": "0.10268"}
            return {**prices, "priceStep": "0.00001", "lotStep": "1.0"}
        if path == "/v2/smart_trades":
            return [self.entity] if parse_qs(query).get("page", ["1"]) == ["1"] else []
        body = json.loads(request.body or b"{}")
        if path.startswith(f"{TRADE}/trades/"):
            gone = int(path.rpartition("/")[2])
            steps = self.entity["take_profit"]["steps"]
            self.entity["take_profit"]["steps"] = [step for step in steps if step["id"] != gone]
        elif path == f"{TRADE}/set_note":
            self.entity["note"] = self.entity["note_raw"] = body["note"]
        elif request.method == "PATCH":
            assert body["take_profit"] == {"enabled": False}
            self.entity["take_profit"] = {"enabled": False, "price_type": "value", "steps": []}
        return self.entity

    def close(self) -> None:
        """Nothing is held."""


@pytest.fixture
def exchange() -> Exchange:
    return Exchange()


@pytest.fixture
def world(exchange: Exchange) -> Iterator[World]:
    """A world whose API is the entity's."""
    with World() as made:
        target = replace(made.settings.target, mode=Mode.REAL, accounts={"main": 32402783})
        made.settings = Settings(
            root=made.settings.root,
            workspace="test",
            former_names=(),
            target=target,
            include=(),
            foreign=frozenset(),
            limits={},
        )
        session = ApiSession(
            target.base_url,
            Credentials(api_key="key", api_secret="secret"),
            mode=Mode.REAL,
            budget=RequestBudget(1000, made.clock),
            clock=made.clock,
            options=SessionOptions(adapter=exchange),
        )
        with session:
            made.api = SmartTradeApi(session)
            yield made


def test_it_is_read_without_loss() -> None:
    live = read_trade(ENTITY)
    assert write_body(live.terms) == write_body(WHOLE.terms)
    assert [step.id for step in live.steps] == [1008300673, 1008300674]
    assert (live.entered_total, live.profit, live.profit_pct) == (
        Decimal("2.0536"),
        Decimal("-0.0042514"),
        Decimal("-0.21"),
    )


def test_the_file_that_states_it_whole_changes_nothing(world: World) -> None:
    assert world.plan(WHOLE).is_empty


@pytest.mark.parametrize(("kept", "gone"), [("0.4", 1008300673), ("0.3", 1008300674)])
def test_dropping_one_step_is_exactly_one_delete_of_it(world: World, exchange: Exchange, kept: str, gone: int) -> None:
    wanted = spec(kept, unallocated=65)
    plan = world.plan(wanted)
    assert [operation.action for operation in plan.operations] == [Action.CANCEL_STEP, Action.SET_NOTE]
    result = world.apply(plan)
    assert {kind.value for kind in kinds(result)} == {"applied"}
    assert exchange.writes == [("DELETE", f"{TRADE}/trades/{gone}"), ("POST", f"{TRADE}/set_note")]
    assert world.plan(wanted).is_empty


def test_dropping_both_steps_switches_them_off_and_never_deletes(world: World, exchange: Exchange) -> None:
    wanted = spec(unallocated=0)
    result = world.apply(world.plan(wanted))
    assert {kind.value for kind in kinds(result)} == {"applied"}
    assert [method for method, _ in exchange.writes] == ["PATCH", "POST"]
    assert world.plan(wanted).is_empty
