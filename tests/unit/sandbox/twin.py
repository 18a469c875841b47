"""Requests with faults, compared with a second sandbox that does what the faults say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.store.faults import Fault, FaultKind, Stage
from tests.unit.sandbox.client import Answer, Client

# What the two must agree about; the other tables hold keys, which nothing changes, and what waits on the wire.
TABLES = ("counters", "settings", "accounts", "balances", "quotes", "trades", "documents", "watches", "events")

# Kinds that keep the answer, and those that by default lose it once the request has taken effect.
LISTING = frozenset(
    {
        *(FaultKind.LAG, FaultKind.SHIFT, FaultKind.EMPTY),
        *(FaultKind.CAP, FaultKind.TIES, FaultKind.HIDE_ENDED),
    }
)
ANSWERED = {FaultKind.DELAY, FaultKind.DUPLICATE, FaultKind.ACT, *LISTING}
LATE = {FaultKind.LOSE_REPLY, FaultKind.CUT_REPLY, FaultKind.TRUNCATE, FaultKind.GATEWAY_TIMEOUT}


@dataclass(frozen=True, kw_only=True)
class Request:
    method: str
    path: str
    body: object = None


class Twin:
    """A sandbox that is made like another and then does what is expected of the other."""

    def __init__(self) -> None:
        self.sandbox = Sandbox()
        self.client = Client(self.sandbox)

    def expect(self, original: Sandbox, request: Request, faults: Sequence[Fault]) -> Answer | None:
        """The answer to be expected of the original, or None where it does not arrive."""
        original._connection.backup(self.sandbox._connection)
        faults = [fault for fault in faults if fault.matches(request.method, request.path.partition("?")[0])]
        for fault in faults:
            self._go_first(fault, request)
        replacing = next((fault for fault in faults if fault.kind not in ANSWERED), None)
        if replacing is not None and not takes_effect(replacing):
            return None
        for fault in faults:
            if fault.kind in LISTING:
                self.sandbox.add_fault(replace(fault, times=None))
        answer = self._send(request)
        if any(fault.kind is FaultKind.DUPLICATE for fault in faults):
            answer = self._send(request)
        return None if replacing else answer

    def _go_first(self, fault: Fault, request: Request) -> None:
        if fault.kind is FaultKind.DELAY:
            self.sandbox.advance(fault.seconds or 0)
        elif fault.kind is FaultKind.ACT:
            method, path, *body = (fault.request or "").split(maxsplit=2)
            found = re.match(r"/v2/smart_trades/(\d+)", request.path)
            path = path.replace("{id}", found[1] if found else "")
            if path.startswith("/sandbox/"):
                self.client.http.open(path, method=method, data=body[0], content_type="application/json")
            else:
                self.client.call(method, path)

    def _send(self, request: Request) -> Answer:
        return self.client.call(request.method, request.path, request.body)


def takes_effect(fault: Fault) -> bool:
    """Whether a request happens whose answer this fault loses."""
    return fault.kind in LATE if fault.stage is None else fault.stage is Stage.AFTER


def send_with_faults(client: Client, twin: Twin, request: Request, faults: Sequence[Fault]) -> None:
    """Send a request with faults: it happens completely or not at all, and as they say."""
    expected = twin.expect(client.sandbox, request, faults)
    for fault in faults:
        client.sandbox.add_fault(fault)
    try:
        response = client.send(request.method, request.path, request.body)
        answer = Answer(response.status_code, response.get_json(silent=True))
    except ConnectionError:
        assert expected is None
    else:
        assert answer == expected or (expected is None and (answer.status >= 400 or answer.body is None))
    client.sandbox.remove_faults()
    assert read_tables(client.sandbox) == read_tables(twin.sandbox)


def read_tables(sandbox: Sandbox) -> dict[str, list[tuple[object, ...]]]:
    """All that a sandbox knows of trades and money, once what is due has settled."""
    with sandbox.transaction() as transaction:
        transaction.flush()
    return {table: sandbox._connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES}
