"""Checks what the sandbox answers, and what it accepts, against the schemas of the API."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
from flask import Request, Response

from reconciler.sandbox.wire.fault_answers import CutShort
from reconciler.sandbox.wire.routes import API

FOLDER = Path(__file__).parents[2] / "schemas" / "api"

_ALL = "/v2/smart_trades"
_ONE = f"{_ALL}/<int:id>"
_ORDERS = f"{_ALL}/<int:trade_id>/trades"
_ACCOUNTS = "/ver1/accounts"
_ACCOUNT = f"{_ACCOUNTS}/<int:id>"

# Schema of the answer by endpoint; a star means a list of them.
ANSWERS = {
    f"GET {_ALL}": "smart_trade*",
    f"POST {_ALL}": "smart_trade",
    f"GET {_ONE}": "smart_trade",
    f"DELETE {_ONE}": "smart_trade",
    f"PATCH {_ONE}": "smart_trade",
    f"POST {_ONE}/add_funds": "smart_trade",
    f"POST {_ONE}/reduce_funds": "smart_trade",
    f"GET {_ONE}/reduce_funds_info": "reduce_funds_info",
    f"POST {_ONE}/close_by_market": "smart_trade",
    f"POST {_ONE}/force_start": "smart_trade",
    f"POST {_ONE}/force_process": "smart_trade",
    f"POST {_ONE}/set_note": "smart_trade",
    f"GET {_ORDERS}": "trade*",
    f"POST {_ORDERS}/<int:id>/close_by_market": "smart_trade",
    f"DELETE {_ORDERS}/<int:id>": "smart_trade",
    "GET /ver1/ping": "ping",
    "GET /ver1/time": "time",
    "GET /ver1/validate": "validate",
    "GET /ver1/users/current_mode": "mode",
    "POST /ver1/users/change_mode": "mode",
    "GET /ver1/users/permissions_info": "permissions",
    f"GET {_ACCOUNTS}": "account*",
    f"GET {_ACCOUNT}": "account",
    f"POST {_ACCOUNT}/load_balances": "account",
    f"GET {_ACCOUNT}/leverage_data": "leverage_data",
    f"GET {_ACCOUNT}/active_trading_entities": "active_trading_entities",
    f"GET {_ACCOUNTS}/summary": "account_summary",
    f"GET {_ACCOUNTS}/market_list": "market_list",
    f"GET {_ACCOUNTS}/market_pairs": "market_pairs",
    "GET /v2/accounts/market_pairs": "market_pairs",
    f"GET {_ACCOUNTS}/currency_rates": "currency_rates",
    f"GET {_ACCOUNTS}/currency_rates_with_leverage_data": "currency_rates",
}

# Schema of the body by endpoint.
BODIES = {
    f"POST {_ALL}": "create.request",
    f"PATCH {_ONE}": "update.request",
    f"POST {_ONE}/add_funds": "add_funds.request",
    f"POST {_ONE}/reduce_funds": "reduce_funds.request",
    f"POST {_ONE}/set_note": "set_note.request",
    "POST /ver1/users/change_mode": "change_mode.request",
}


def find_problems(asked: Request, response: Response) -> list[str]:
    """The errors of one answer, and of the body that was accepted with it, by their schemas."""
    if not asked.path.startswith(f"{API}/") or asked.method == "OPTIONS" or isinstance(response, CutShort):
        return []
    if response.status_code == 204:
        is_allowed = asked.method == "DELETE" and not response.get_data()
        return [] if is_allowed else [f"{asked.method} {asked.path}: 204 with a body, or to no DELETE"]
    if response.mimetype != "application/json":
        return [] if response.status_code in (502, 504) else [f"{asked.method} {asked.path}: no JSON"]
    endpoint = "" if asked.url_rule is None else f"{asked.method} {asked.url_rule.rule.removeprefix(API)}"
    if asked.method == "HEAD":
        return []
    if response.status_code >= 400:
        return check_value("error", response.get_json(), f"{asked.method} {asked.path}")
    problems = check_value(ANSWERS[endpoint], response.get_json(), endpoint)
    if asked.is_json and asked.get_data() and not asked.query_string and endpoint in BODIES:
        body = json.loads(asked.get_data(), parse_float=Decimal)
        problems += check_value(BODIES[endpoint], body, f"accepted body of {endpoint}")
    return problems


def check_value(name: str, value: object, where: str) -> list[str]:
    """The errors of a value by a schema; a star behind its name means a list."""
    if name.endswith("*"):
        assert isinstance(value, list)
        return [problem for element in value for problem in check_value(name[:-1], element, where)]
    return [
        f"{where}: {name}: {'.'.join(map(str, error.instance_path))}: {error.message}"
        for error in load_validator(name).iter_errors(value)
    ]


@cache
def load_validator(name: str) -> Any:
    """The validator of a schema."""
    schema = json.loads((FOLDER / f"{name}.schema.json").read_text())
    return jsonschema_rs.Draft202012Validator(schema)
