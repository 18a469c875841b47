"""The WSGI application: the API paths of 3Commas and the control paths of the sandbox.

One request is one transaction, so a request that is refused, or a process that is killed, leaves no partial change.
A fault on demand that breaks the connection leaves the application as a `ConnectionError`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from itertools import count

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from reconciler.sandbox.exchange.access import check_key, choose_mode
from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.store.faults import Fault, FaultKind
from reconciler.sandbox.store.limits import RateLimits
from reconciler.sandbox.values.refusals import RequestRefused, refuse_method, refuse_path, refuse_server_error
from reconciler.sandbox.wire.account_routes import ACCOUNT_ROUTES
from reconciler.sandbox.wire.admission import count_caller, take_faults
from reconciler.sandbox.wire.answers import answer_json, answer_nothing, read_credentials, read_request
from reconciler.sandbox.wire.control_routes import build_control
from reconciler.sandbox.wire.fault_answers import replace_answer
from reconciler.sandbox.wire.headers import add_headers
from reconciler.sandbox.wire.held_requests import hold_request, release_requests
from reconciler.sandbox.wire.injected_requests import inject_request, is_injected
from reconciler.sandbox.wire.routes import ANY_KEY, API, NO_CONTENT, ApiCall, Route
from reconciler.sandbox.wire.trade_routes import TRADE_ROUTES

Wait = Callable[[Decimal], object]


def create_app(
    sandbox: Sandbox,
    *,
    limits: RateLimits | None = None,
    wait: Wait | None = None,
    keep_time: Callable[[], None] | None = None,
) -> Flask:
    """Build the WSGI application of a sandbox.

    Args:
        sandbox: The local exchange; it stays open when the application is dropped.
        limits: Limits for each caller; None for no limits.
        wait: Waits a number of seconds for a delay on demand; by default the sandbox's clock is moved.
        keep_time: Called before each request to the API, to bring the sandbox's clock up to date.
    """
    app = _Application("reconciler.sandbox", static_folder=None)
    app.url_map.strict_slashes = False
    for route in (*TRADE_ROUTES, *ACCOUNT_ROUTES):
        endpoint = f"{route.method} {route.path}".replace(".", "_")
        view = _view(app, sandbox, route, wait or sandbox.advance)
        app.add_url_rule(API + route.path, endpoint, view, methods=[route.method])
    app.register_blueprint(build_control(sandbox))
    app.register_error_handler(RequestRefused, _answer_refusal)
    app.register_error_handler(HTTPException, _answer_http_error)
    _watch_requests(app, sandbox, limits, keep_time)
    return app


class _Application(Flask):
    """A Flask application that passes a broken connection on to its server."""

    def handle_exception(self, e: Exception) -> Response:
        """Raise a broken connection; handle any other error as an error of the server."""
        if isinstance(e, ConnectionError):
            raise e
        return super().handle_exception(e)


def _watch_requests(
    app: Flask, sandbox: Sandbox, limits: RateLimits | None, keep_time: Callable[[], None] | None
) -> None:
    numbers = count(1)

    def begin() -> None:
        if not _is_api(request.path) or is_injected(request):
            return
        # If the body were not read in full, a connection would break in another way than the fault says.
        request.get_data()
        if keep_time is not None:
            keep_time()
        if limits is not None:
            count_caller(sandbox, request.headers.get("APIKEY") or request.remote_addr or "", limits)

    def end(response: Response) -> Response:
        if _is_api(request.path):
            add_headers(request, response, numbers)
        return response

    app.before_request(begin)
    app.after_request(end)


def _view(app: Flask, sandbox: Sandbox, route: Route, wait: Wait) -> Callable[..., Response]:
    def view(**ids: int) -> Response:
        if is_injected(request):
            return _answer(sandbox, route, ids)
        affecting = take_faults(sandbox, route.method, request.path.removeprefix(API))
        for number, fault in affecting:
            if fault.kind is FaultKind.DELAY:
                wait(fault.seconds or Decimal(0))
            elif fault.kind is FaultKind.ACT:
                inject_request(app, sandbox, number, fault.request or "", ids)
        faults = [fault for _, fault in affecting]
        replacing = next((fault for fault in faults if fault.replaces_answer), None)
        if replacing is not None and replacing.kind is FaultKind.HOLD:
            hold_request(sandbox, request, replacing.seconds or Decimal(0))

        def deliver() -> Response:
            release_requests(app, sandbox)
            if any(fault.kind is FaultKind.DUPLICATE for fault in faults):
                _answer(sandbox, route, ids, faults)
            return _answer(sandbox, route, ids, faults)

        return deliver() if replacing is None else replace_answer(replacing, route.method, deliver)

    return view


def _answer(sandbox: Sandbox, route: Route, ids: Mapping[str, int], faults: Sequence[Fault] = ()) -> Response:
    try:
        with sandbox.transaction(write=route.writes) as transaction:
            credentials = read_credentials(request)
            user, permissions = "", frozenset[str]()
            if route.permission is not None:
                needed = None if route.permission == ANY_KEY else route.permission
                key = check_key(transaction.accounts, credentials, needed, is_trusted=is_injected(request))
                user, permissions = key.user, key.permissions
            mode = choose_mode(transaction.accounts, credentials, user)
            call = ApiCall(
                transaction=transaction,
                parameters=read_request(request),
                user=user,
                permissions=permissions,
                mode=mode,
                ids=ids,
                faults=faults,
            )
            value = route.handle(call)
    except RequestRefused as refusal:
        return _answer_refusal(refusal)
    return answer_nothing() if value is NO_CONTENT else answer_json(value, route.status)


def _is_api(path: str) -> bool:
    return path.startswith(f"{API}/")


def _answer_refusal(refusal: RequestRefused) -> Response:
    return answer_json(refusal.body(), refusal.status)


def _answer_http_error(error: HTTPException) -> Response:
    if isinstance(error, MethodNotAllowed):
        return _answer_refusal(refuse_method(error.valid_methods or ()))
    if error.code == 404:
        return _answer_refusal(refuse_path())
    refusal = refuse_server_error()
    return answer_json(refusal.body(), error.code or refusal.status)
