"""The writes of an operation: each goes through the writer, which settles lost answers."""

from __future__ import annotations

from typing import TypedDict, Unpack

from reconciler.applying.averaging_count import keep_count
from reconciler.applying.writer import Writer
from reconciler.codec.averaging import write_averaging
from reconciler.codec.body import write_body
from reconciler.codec.live_trades import read_trade
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.update_body import update_body
from reconciler.model.journal import Write, WriteKind
from reconciler.model.live import LiveTrade
from reconciler.model.operations import Operation
from reconciler.model.terms import Terms


class _Own(TypedDict, total=False):
    step_id: int
    note: str | None
    after: Terms
    changed: tuple[str, ...]
    omits_steps: bool


class Requests:
    """Sends what operations of a plan change.

    Args:
        api: Where requests go.
        writer: Writes each down first.
    """

    def __init__(self, api: SmartTradeApi, writer: Writer) -> None:
        self._api = api
        self._writer = writer

    def read(self, live_id: int) -> LiveTrade:
        """Read a trade."""
        return read_trade(self._api.get(live_id))

    def create(self, operation: Operation, terms: Terms) -> LiveTrade:
        """Open a trade."""
        body = write_body(terms)
        body["note"] = operation.note_after
        write = _write(operation, WriteKind.CREATE, None, note=operation.note_after, after=terms)
        live = self._writer.send(write, lambda api: api.create(body))
        if live is None:
            raise AssertionError("a create is answered with an entity")
        return live

    def update(self, operation: Operation, live: LiveTrade, terms: Terms, *, omits_steps: bool = False) -> LiveTrade:
        """Change the inputs of a trade; the trade as the answer shows it.

        Args:
            operation: What it is a part of.
            live: The trade as just read.
            terms: Its terms afterwards.
            omits_steps: Whether the take-profit steps are left out, where 3Commas does not take executed ones.
        """
        paths = tuple(change.path for change in operation.changes)
        body = update_body(live.entity, terms, {_group_to_send(path) for path in paths})
        if omits_steps:
            del body["take_profit"]
        write = _write(operation, WriteKind.UPDATE, live.id, after=terms, changed=paths, omits_steps=omits_steps)
        return self._writer.send(write, lambda api: api.update(live.id, body)) or self.read(live.id)

    def set_note(self, operation: Operation, live: LiveTrade, note: str | None = None) -> LiveTrade:
        """Write a note, by default the one that the operation leaves; the trade as the answer shows it."""
        text = keep_count(note or operation.note_after or "", live)
        return self.set_exact_note(operation, live, text)

    def set_exact_note(self, operation: Operation, live: LiveTrade, text: str) -> LiveTrade:
        """Write a note as it is given, its count of averaging orders included."""
        write = _write(operation, WriteKind.SET_NOTE, live.id, note=text)
        return self._writer.send(write, lambda api: api.set_note(live.id, text)) or self.read(live.id)

    def cancel(self, operation: Operation, live: LiveTrade) -> None:
        """Cancel a trade."""
        self._writer.send(_write(operation, WriteKind.CANCEL, live.id), lambda api: api.cancel(live.id))

    def take_back(self, operation: Operation, live: LiveTrade) -> None:
        """Cancel the rest of a partly filled entry, to close what it holds next."""
        write = _write(operation, WriteKind.CANCEL_TO_CLOSE, live.id)
        self._writer.send(write, lambda api: api.cancel(live.id))

    def close(self, operation: Operation, live: LiveTrade) -> None:
        """Close a position at market."""
        self._writer.send(_write(operation, WriteKind.CLOSE, live.id), lambda api: api.close_by_market(live.id))

    def cancel_order(self, operation: Operation, live: LiveTrade, order_id: int) -> None:
        """Cancel one order of a trade: a take-profit step or an averaging order."""
        kind = WriteKind.CANCEL_STEP if operation.averaging is None else WriteKind.CANCEL_AVERAGING
        write = _write(operation, kind, live.id, step_id=order_id)
        self._writer.send(write, lambda api: api.cancel_trade(live.id, order_id))

    def add_funds(self, operation: Operation, live: LiveTrade) -> LiveTrade | None:
        """Send an averaging order; the trade as the answer shows it, or None if the answer was empty."""
        order = operation.averaging
        if order is None:
            raise AssertionError(f"{operation.action} has no averaging order")
        write = _write(operation, WriteKind.ADD_FUNDS, live.id)
        return self._writer.send(write, lambda api: api.add_funds(live.id, write_averaging(order)))


def _group_to_send(path: str) -> str:
    """Steps are sent as one group, since they are rebuilt together; so is a stop that is only to be armed again."""
    if path.startswith("take_profit"):
        return "take_profit"
    return "stop_loss" if path == "stop_loss.status" else path


def _write(operation: Operation, kind: WriteKind, live_id: int | None, **own: Unpack[_Own]) -> Write:
    """Make a write of an operation.

    Args:
        operation: What it is a part of.
        kind: What it does.
        live_id: SmartTrade id; None for a create.
        own: What only this kind of write has.
    """
    return Write(
        kind=kind,
        trade=operation.trade,
        generation=operation.generation,
        live_id=live_id,
        averaging=None if kind is WriteKind.SET_NOTE else operation.averaging,
        account_id=_account_of(operation, kind),
        **own,
    )


def _account_of(operation: Operation, kind: WriteKind) -> int:
    """Find the account of the trade that a write creates or changes; 0 if the operation does not say it."""
    if operation.precondition is not None and kind is not WriteKind.CREATE:
        return operation.precondition.terms.account_id
    return 0 if operation.after is None else operation.after.account_id
