"""Edits of live trades by a person without reconciler, on the sandbox of the current workspace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from reconciler.clock import SystemClock
from reconciler.live.endpoints import Entity, SmartTradeApi
from reconciler.session import report_nothing
from reconciler.settings import load_settings
from reconciler.workflows.connection import open_api

STEPS: list[dict[str, object]] = [
    {"order_type": "limit", "price": {"value": "63000", "type": "last"}, "volume": "50"},
    {"order_type": "limit", "price": {"value": "66000", "type": "last"}, "volume": "50"},
]


def body(
    *,
    price: str = "60000",
    units: str = "0.01",
    stop: str | None = "58500",
    steps: list[dict[str, object]] | None = None,
    note: str = "",
    **groups: object,
) -> dict[str, object]:
    """The create body of a limit buy."""
    stop_loss: dict[str, object] = {"enabled": False}
    if stop is not None:
        stop_loss = {"enabled": True, "order_type": "market", "conditional": {"price": {"type": "last", "value": stop}}}
    made: dict[str, object] = {
        "account_id": 1,
        "pair": "USDT_BTC",
        "position": {"type": "buy", "order_type": "limit", "units": {"value": units}, "price": {"value": price}},
        "take_profit": {"enabled": True, "steps": STEPS if steps is None else steps},
        "stop_loss": stop_loss,
        **groups,
    }
    return {**made, "note": note} if note else made


def open_trade(create: Mapping[str, object] | None = None) -> int:
    """Opens a trade; gives its id."""
    with _open() as api:
        return int(str(api.create(create or body())["id"]))


def edit(live_id: int, update: Mapping[str, object]) -> None:
    """Changes a trade."""
    with _open() as api:
        api.update(live_id, {"position": {"units": {"value": "0.01"}}, **update})


def set_note(live_id: int, note: str) -> None:
    """Writes a note."""
    with _open() as api:
        api.set_note(live_id, note)


def add_funds(live_id: int, price: str = "50000") -> None:
    """Places an order that enlarges the position later."""
    with _open() as api:
        api.add_funds(live_id, {"order_type": "limit", "units": {"value": "0.01"}, "price": {"value": price}})


def reduce_funds(live_id: int) -> None:
    """Places an order that makes the position smaller later."""
    with _open() as api:
        api.reduce_funds(live_id, {"order_type": "limit", "units": {"value": "0.002"}, "price": {"value": "65000"}})


def cancel_step(live_id: int, place: int) -> None:
    """Takes a take-profit step away."""
    with _open() as api:
        steps = api.get(live_id)["take_profit"]["steps"]  # type: ignore[index]
        api.cancel_trade(live_id, steps[place]["id"])


def show(live_id: int) -> Entity:
    """The trade as it is."""
    with _open() as api:
        return api.get(live_id)


@contextmanager
def _open() -> Iterator[SmartTradeApi]:
    """The API of the workspace in the current folder."""
    with open_api(load_settings(Path.cwd(), None, {}), SystemClock(), report_nothing) as connection:
        yield connection.api
