"""Every endpoint of the SmartTrade resource is reached by a command or an operation, and a test has seen it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from reconciler.sandbox.wire.trade_routes import TRADE_ROUTES
from tests.support.endpoint_table import SMART_TRADE_ENDPOINTS, TABLE, Call, find_untrue, read_table, write_table

ROOT = Path(__file__).parent.parent


def test_the_endpoints_are_those_that_the_sandbox_has() -> None:
    routed = {f"{route.method} {route.path.replace('<int:', '{').replace('>', '}')}" for route in TRADE_ROUTES}
    assert set(SMART_TRADE_ENDPOINTS) == routed


@pytest.mark.parametrize("endpoint", SMART_TRADE_ENDPOINTS)
def test_a_command_or_an_operation_calls_the_endpoint_and_a_test_has_seen_it(endpoint: str) -> None:
    assert any(call.endpoint == endpoint for call in read_table(TABLE.read_text()))


def test_every_trade_command_is_in_the_table() -> None:
    from reconciler.cli.trade import command

    callers = {call.caller for call in read_table(TABLE.read_text())}
    assert {f"`trade {name}`" for name in command.commands} <= callers


def test_every_test_of_the_table_exists() -> None:
    for call in read_table(TABLE.read_text()):
        path, _, name = call.test.partition("::")
        functions = {
            node.name for node in ast.walk(ast.parse((ROOT / path).read_text())) if isinstance(node, ast.FunctionDef)
        }
        assert name in functions, f"{call.test}: gone; make the table anew, see its head"


def test_a_row_whose_test_did_not_see_the_call_is_found_and_one_that_did_not_run_is_not() -> None:
    row, other = Call("GET /v2/smart_trades", "`plan`", "tests/a.py::test_a"), Call("x", "`y`", "tests/a.py::test_b")
    assert find_untrue([row, other], {row, other}, {row.test: True, other.test: True}) == []
    assert find_untrue([row, other], {other}, {row.test: True, other.test: True}) == [row]
    assert find_untrue([row, other], {other}, {row.test: False, other.test: True}) == []
    assert find_untrue([row, other], set(), {}) == []


def test_a_table_is_read_as_it_was_written_and_keeps_its_tests() -> None:
    endpoint = SMART_TRADE_ENDPOINTS[0]
    old, new = Call(endpoint, "`plan`", "tests/z.py::test_z"), Call(endpoint, "`plan`", "tests/a.py::test_a")
    assert read_table(write_table({old, new}, [old])) == [old]
    assert read_table(write_table({old, new}, [])) == [new]
