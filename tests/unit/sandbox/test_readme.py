"""The README of the sandbox names everything that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reconciler.sandbox.engine.events import REFUSALS, EventKind
from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.store.faults import FaultKind
from reconciler.sandbox.values.options import OPTION_NAMES, Options, write_options
from reconciler.sandbox.values.statuses import INACTIVE_STOP_STATUSES
from reconciler.sandbox.wire.account_routes import ACCOUNT_ROUTES
from reconciler.sandbox.wire.app import create_app
from reconciler.sandbox.wire.routes import Route
from reconciler.sandbox.wire.trade_routes import TRADE_ROUTES

README = (Path(__file__).parents[3] / "reconciler" / "sandbox" / "README.md").read_text()


def find_row(name: str) -> str:
    """The row of a table whose first cell has a name."""
    found = [line for line in README.splitlines() if f"`{name}`" in line.partition(" |")[0]]
    assert found, name
    return found[0]


@pytest.mark.parametrize("name", OPTION_NAMES)
def test_every_option_is_explained_with_its_default(name: str) -> None:
    _, _, values = find_row(name).partition(" | ")

    assert values.startswith(f"`{write_options(Options())[name]}`")


def test_every_fault_and_every_event_is_explained() -> None:
    for kind in (*FaultKind, *EventKind):
        find_row(kind)
    values = find_row(EventKind.REFUSE) + find_row(EventKind.KILL_STOP)
    assert all(f"`{value}`" in values for value in (*REFUSALS, *INACTIVE_STOP_STATUSES))


@pytest.mark.parametrize("route", [*TRADE_ROUTES, *ACCOUNT_ROUTES], ids=lambda route: f"{route.method} {route.path}")
def test_every_endpoint_is_explained(route: Route) -> None:
    path = re.sub(r"<int:\w+>", "{id}", route.path)
    short = re.sub(r"^/v2/smart_trades/(?=\{id\}/)", ".../", path)
    last = path.rpartition("/")[2]
    cells = [line.partition(" | ")[0] for line in README.splitlines() if line.startswith("| `")]

    assert any(
        path in cell or f"{route.method} {short}`" in cell or f"`{last}`" in cell or f".../{last}`" in cell
        for cell in cells
    )


def test_every_control_path_is_explained(sandbox: Sandbox) -> None:
    rules = [rule.rule for rule in create_app(sandbox).url_map.iter_rules() if rule.rule.startswith("/sandbox/")]

    assert rules
    assert all(re.sub(r"<int:\w+>", "{number}", rule) in README for rule in rules)
