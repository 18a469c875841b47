"""The control paths: they move prices, clock and orders and add faults, unsigned, for this machine only."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from ipaddress import ip_address

from flask import Blueprint, Response, request

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.requests.fields import MISSING, Fields
from reconciler.sandbox.store.faults import describe_fault, read_fault
from reconciler.sandbox.store.wire_store import describe_stored
from reconciler.sandbox.values.candles import read_candles
from reconciler.sandbox.values.errors import SandboxError
from reconciler.sandbox.values.refusals import RequestRefused, refuse_parameters, refuse_path
from reconciler.sandbox.wire.answers import answer_json, read_request


def build_control(sandbox: Sandbox) -> Blueprint:
    """Build the control paths of a sandbox.

    They are `show` and, as POST, `price advance replay set schedule fill account reset`; `faults` has GET, POST and
    DELETE.

    Args:
        sandbox: The sandbox that they control.
    """
    control = Blueprint("control", __name__, url_prefix="/sandbox")
    control.before_request(_refuse_other_machines)
    control.add_url_rule("/show", "show", lambda: answer_json(sandbox.show()))
    commands: dict[str, Callable[[Sandbox], object]] = {
        "price": _set_price,
        "advance": _advance,
        "replay": _replay,
        "set": _configure,
        "schedule": _schedule,
        "fill": _fill,
        "account": _open_account,
        "reset": _reset,
    }
    for name, command in commands.items():
        control.add_url_rule(f"/{name}", name, partial(_answer, partial(command, sandbox)), methods=["POST"])
    control.add_url_rule("/faults", "faults", lambda: answer_json(_list_faults(sandbox)))
    control.add_url_rule(
        "/faults", "add_fault", lambda: _answer(lambda: _add_fault(sandbox), status=201), methods=["POST"]
    )
    control.add_url_rule("/faults", "remove_faults", lambda: _remove_faults(sandbox, None), methods=["DELETE"])
    control.add_url_rule(
        "/faults/<int:fault_id>",
        "remove_fault",
        lambda fault_id: _remove_faults(sandbox, fault_id),
        methods=["DELETE"],
    )
    return control


def _refuse_other_machines() -> None:
    """Refuse requests from other machines; an embedded call has no address."""
    if request.remote_addr and not ip_address(request.remote_addr).is_loopback:
        raise refuse_path()


def _answer(command: Callable[[], object], *, status: int = 200) -> Response:
    try:
        return answer_json(command(), status)
    except SandboxError as error:
        raise RequestRefused(422, "sandbox_error", str(error)) from error


def _set_price(sandbox: Sandbox) -> object:
    fields = Fields(read_request(request))
    pair = fields.text("pair")
    last = fields.number("last", required=True)
    bid, ask = fields.number("bid"), fields.number("ask")
    _require(fields, pair=pair)
    return sandbox.set_price(pair or "", last or Decimal(0), bid=bid, ask=ask)


def _advance(sandbox: Sandbox) -> object:
    fields = Fields(read_request(request))
    seconds = fields.number("seconds", required=True)
    _require(fields)
    return sandbox.advance(seconds or Decimal(0))


def _replay(sandbox: Sandbox) -> object:
    """Replay the candles of a CSV text."""
    fields = Fields(read_request(request))
    pair, text = fields.text("pair"), fields.text("candles")
    _require(fields, pair=pair, candles=text)
    return sandbox.replay(pair or "", read_candles((text or "").splitlines()))


def _configure(sandbox: Sandbox) -> object:
    fields = Fields(read_request(request))
    name, value = fields.text("name"), fields.text("value")
    _require(fields, name=name, value=value)
    return sandbox.configure(name or "", value or "")


def _schedule(sandbox: Sandbox) -> object:
    fields = Fields(read_request(request))
    event, value, trade_id = fields.text("event"), fields.text("value"), fields.integer("trade_id")
    _require(fields, event=event)
    return sandbox.schedule(event or "", value=value, trade_id=trade_id)


def _fill(sandbox: Sandbox) -> object:
    fields = Fields(read_request(request))
    trade_id, order_id = fields.integer("trade_id", required=True), fields.integer("order_id")
    units = fields.number("units", required=True)
    _require(fields)
    return sandbox.fill(trade_id or 0, units or Decimal(0), order_id=order_id)


def _open_account(sandbox: Sandbox) -> object:
    """Open an account unless it exists, and answer like `show`."""
    fields = Fields(read_request(request))
    account_id = fields.integer("id", required=True)
    mode, name, market = fields.text("mode"), fields.text("name"), fields.text("market")
    _require(fields)
    sandbox.ensure_account(account_id or 0, mode=mode or "paper", name=name, market=market)
    return sandbox.show()


def _require(fields: Fields, **texts: str | None) -> None:
    for name, text in texts.items():
        if text is None:
            fields.report(name, MISSING)
    if fields.problems:
        raise refuse_parameters(fields.problems)


def _add_fault(sandbox: Sandbox) -> object:
    fault = read_fault(read_request(request))
    return {"id": sandbox.add_fault(fault), **describe_fault(fault)}


def _list_faults(sandbox: Sandbox) -> object:
    return [describe_stored(stored) for stored in sandbox.list_faults()]


def _remove_faults(sandbox: Sandbox, fault_id: int | None) -> Response:
    removed = sandbox.remove_faults(fault_id)
    if fault_id is not None and not removed:
        raise refuse_path()
    return answer_json({"removed": removed})


def _reset(sandbox: Sandbox) -> object:
    sandbox.reset()
    return sandbox.show()
