"""The control paths: they move prices and the clock and ask for faults, need no signature, and are for this machine."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from ipaddress import ip_address

from flask import Blueprint, Response, request

from reconciler.sandbox.answers import answer_json, read_request
from reconciler.sandbox.errors import SandboxError
from reconciler.sandbox.exchange import Sandbox
from reconciler.sandbox.faults import describe_fault, read_fault
from reconciler.sandbox.fields import MISSING, Fields
from reconciler.sandbox.refusals import Refusal, refuse_parameters, refuse_path
from reconciler.sandbox.wire_store import describe_held


def build_control(sandbox: Sandbox) -> Blueprint:
    """The control paths of a sandbox: `price`, `advance`, `faults`, `reset` and `show`.

    Args:
        sandbox: What they control.
    """
    control = Blueprint("control", __name__, url_prefix="/sandbox")
    control.before_request(_refuse_strangers)
    control.add_url_rule("/show", "show", lambda: answer_json(sandbox.show()))
    control.add_url_rule("/price", "price", lambda: _answer(lambda: _set_price(sandbox)), methods=["POST"])
    control.add_url_rule("/advance", "advance", lambda: _answer(lambda: _advance(sandbox)), methods=["POST"])
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
    control.add_url_rule("/reset", "reset", lambda: _answer(lambda: _reset(sandbox)), methods=["POST"])
    return control


def _refuse_strangers() -> None:
    """An embedded call has no address; every other must come from this machine."""
    if request.remote_addr and not ip_address(request.remote_addr).is_loopback:
        raise refuse_path()


def _answer(command: Callable[[], object], *, status: int = 200) -> Response:
    try:
        return answer_json(command(), status)
    except SandboxError as error:
        raise Refusal(422, "sandbox_error", str(error)) from error


def _set_price(sandbox: Sandbox) -> object:
    fields = Fields(read_request(request))
    pair = fields.text("pair")
    if pair is None:
        fields.report("pair", MISSING)
    last = fields.number("last", required=True)
    bid, ask = fields.number("bid"), fields.number("ask")
    if fields.problems:
        raise refuse_parameters(fields.problems)
    return sandbox.set_price(pair or "", last or Decimal(0), bid=bid, ask=ask)


def _advance(sandbox: Sandbox) -> object:
    fields = Fields(read_request(request))
    seconds = fields.number("seconds", required=True)
    if fields.problems:
        raise refuse_parameters(fields.problems)
    return sandbox.advance(seconds or Decimal(0))


def _add_fault(sandbox: Sandbox) -> object:
    fault = read_fault(read_request(request))
    return {"id": sandbox.add_fault(fault), **describe_fault(fault)}


def _list_faults(sandbox: Sandbox) -> object:
    return [describe_held(held) for held in sandbox.list_faults()]


def _remove_faults(sandbox: Sandbox, fault_id: int | None) -> Response:
    removed = sandbox.remove_faults(fault_id)
    if fault_id is not None and not removed:
        raise refuse_path()
    return answer_json({"removed": removed})


def _reset(sandbox: Sandbox) -> object:
    sandbox.reset()
    return sandbox.show()
