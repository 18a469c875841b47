from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reconciler.sandbox.wire.account_routes import ACCOUNT_ROUTES
from reconciler.sandbox.wire.trade_routes import TRADE_ROUTES
from tests.support.api_schemas import ANSWERS, BODIES, FOLDER, check_value
from tests.unit.sandbox.bodies import conditional, limit, step, steps, stop, trade
from tests.unit.sandbox.client import EXAMPLES, Client

SCHEMAS = sorted(FOLDER.glob("*.json"))


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_is_one_and_names_every_field(path: Path) -> None:
    schema = json.loads(path.read_text())

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"]
    assert schema["description"]
    for name, field in list_fields(schema):
        assert field.get("title"), name
        assert field.get("description", "").endswith("."), name


def list_fields(schema: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """All fields that a schema describes, conditions left out."""
    if isinstance(schema, list):
        for element in schema:
            yield from list_fields(element)
    elif isinstance(schema, dict):
        yield from schema.get("properties", {}).items()
        for key, value in schema.items():
            if key in ("properties", "$defs"):
                for nested in value.values():
                    yield from list_fields(nested)
            elif key not in ("if", "then", "else", "required"):
                yield from list_fields(value)


def test_every_endpoint_and_every_schema_is_covered() -> None:
    endpoints = {f"{route.method} {route.path}" for route in (*TRADE_ROUTES, *ACCOUNT_ROUTES)}
    used = {name.rstrip("*") for name in (*ANSWERS.values(), *BODIES.values())} | {"error"}

    assert set(ANSWERS) == endpoints
    assert {path.name.removesuffix(".schema.json") for path in SCHEMAS} == used


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.json")), ids=lambda path: path.stem)
def test_every_published_example_is_a_valid_create(path: Path) -> None:
    assert check_value("create.request", json.loads(path.read_text()), path.stem) == []


@pytest.fixture
def entity(client: Client) -> dict[str, Any]:
    """An open trade with a step and a stop."""
    return client.open(trade(take_profit=steps(step("10000")), stop_loss=stop("9000")))


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("id",), "30000001"),
        (("id",), None),
        (("surprise",), 1),
        (("status", "type"), "asleep"),
        (("status", "error"), "without a failure"),
        (("position", "units", "value"), "0.010"),
        (("position", "units", "value"), "1"),
        (("position", "units", "value"), "1e-7"),
        (("position", "units", "value"), 0.01),
        (("position", "conditional"), {}),
        (("take_profit", "steps", 0, "price", "type"), "mid"),
        (("take_profit", "steps", 0, "trailing", "percent"), 5),
        (("stop_loss",), {"enabled": True}),
        (("stop_loss",), {"enabled": False, "order_type": "market"}),
        (("data", "created_at"), "2026-01-01T00:00:00Z"),
        (("data", "type"), "smart"),
        (("note",), None),
        (("market_close",), {"id": 1}),
    ],
)
def test_an_entity_that_is_wrong_is_noticed(
    entity: dict[str, Any], place: tuple[str | int, ...], value: object
) -> None:
    wrong = copy.deepcopy(entity)
    group: Any = wrong
    for key in place[:-1]:
        group = group[key]
    group[place[-1]] = value

    assert check_value("smart_trade", entity, "") == []
    assert check_value("smart_trade", wrong, "") != []


def test_what_is_there_depends_on_the_status(client: Client, entity: dict[str, Any]) -> None:
    cancelled = copy.deepcopy(entity)
    cancelled["status"] = {"type": "cancelled", "basic_type": "cancelled", "title": "Cancelled"}
    client.open(trade(position=limit("9000", units="990")))
    failed = client.open(trade(position=limit("9000", units="990")))
    waiting = client.open(trade(position=conditional("10000")))
    del waiting["position"]["conditional"]

    assert failed["status"]["error"]
    assert check_value("smart_trade", failed, "") == []
    assert check_value("smart_trade", cancelled, "") != []
    assert check_value("smart_trade", waiting, "") != []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"error": 5},
        {"error": {"status_code": 502}},
        {"error": "x", "error_attributes": {}},
        {"error": "x", "error_attributes": {"units": "is missing"}},
        {"error": "x", "error_attributes": [{"units": ["is missing"]}]},
        {"error": "x", "error_description": None},
    ],
)
def test_an_error_that_is_wrong_is_noticed(body: dict[str, Any]) -> None:
    assert check_value("error", body, "") != []


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("create.request", {"account_id": 1, "pair": "USDT_BTC"}),
        ("create.request", trade(take_profit=None) | {"instant": "yes"}),
        ("create.request", {key: value for key, value in trade().items() if key != "stop_loss"}),
        ("update.request", {"position": {}}),
        ("add_funds.request", {"order_type": "limit", "units": {"value": 1}}),
        ("set_note.request", {"note": ""}),
        ("change_mode.request", {"mode": "demo"}),
    ],
)
def test_a_body_that_is_wrong_is_noticed(name: str, body: dict[str, Any]) -> None:
    assert check_value(name, body, "") != []


def test_every_answer_is_checked(client: Client, strange_answers: list[str]) -> None:
    trade_id = client.open(trade(note="mine"))["id"]
    client.sandbox._connection.execute("UPDATE documents SET document = replace(document, '\"mine\"', '5')")
    client.call("GET", f"/v2/smart_trades/{trade_id}")

    assert [problem.split(": ")[2] for problem in strange_answers] == ["note", "note_raw"]
    strange_answers.clear()
