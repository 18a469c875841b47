"""Admission of requests: each is counted, and faults on demand may affect it."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.store.faults import Fault
from reconciler.sandbox.store.limits import RateLimits, count_request

_LIST = ("GET", "/v2/smart_trades")


def count_caller(sandbox: Sandbox, caller: str, limits: RateLimits) -> None:
    """Count a request.

    Args:
        sandbox: Stores the callers.
        caller: Who sent it.
        limits: Limits for one caller.

    Raises:
        RequestRefused: The request was one too many (429 or 418).
    """
    with sandbox.wire_transaction() as wire:
        known = wire.read_caller(caller)
        refusal = count_request(known, wire.now_ms, limits)
        wire.write_caller(caller, known)
    if refusal is not None:
        raise refusal


def take_faults(sandbox: Sandbox, method: str, path: str) -> Sequence[tuple[int, Fault]]:
    """Count a request, and return the faults that affect it, with their numbers.

    Args:
        sandbox: Stores the faults.
        method: HTTP method.
        path: Path below the API's base.
    """
    if sandbox.is_wire_quiet():
        return ()
    with sandbox.wire_transaction() as wire:
        if (method, path) == _LIST:
            wire.count_list()
        return wire.take_faults(method, path)
