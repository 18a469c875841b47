"""The WSGI application: the API paths of 3Commas and the control paths of the sandbox.

One request is one transaction, so a request that is refused, or a process that is killed, leaves nothing half done.
Every API request passes through `_view`, which is the place for faults on demand.
"""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from reconciler.sandbox.access import check_key, choose_mode
from reconciler.sandbox.account_routes import ACCOUNT_ROUTES
from reconciler.sandbox.answers import answer_json, read_credentials, read_request
from reconciler.sandbox.control_routes import build_control
from reconciler.sandbox.exchange import Sandbox
from reconciler.sandbox.refusals import Refusal, refuse_method, refuse_path
from reconciler.sandbox.routing import ANY_KEY, API, Call, Route
from reconciler.sandbox.trade_routes import TRADE_ROUTES


def create_app(sandbox: Sandbox) -> Flask:
    """The application over a sandbox.

    Args:
        sandbox: The local exchange; it stays open when the application is dropped.
    """
    app = Flask("reconciler.sandbox", static_folder=None)
    app.url_map.strict_slashes = False
    for route in (*TRADE_ROUTES, *ACCOUNT_ROUTES):
        endpoint = f"{route.method} {route.path}"
        app.add_url_rule(API + route.path, endpoint.replace(".", "_"), _view(sandbox, route), methods=[route.method])
    app.register_blueprint(build_control(sandbox))
    app.register_error_handler(Refusal, _answer_refusal)
    app.register_error_handler(HTTPException, _answer_http_error)
    return app


def _view(sandbox: Sandbox, route: Route) -> Callable[..., Response]:
    def view(**ids: int) -> Response:
        with sandbox.transaction(write=route.writes) as world:
            credentials = read_credentials(request)
            if route.permission is not None:
                check_key(world.store, credentials, None if route.permission == ANY_KEY else route.permission)
            mode = choose_mode(world.store, credentials)
            call = Call(world=world, parameters=read_request(request), mode=mode, ids=ids)
            value = route.handle(call)
        return answer_json(value, route.status)

    return view


def _answer_refusal(refusal: Refusal) -> Response:
    return answer_json(refusal.body(), refusal.status)


def _answer_http_error(error: HTTPException) -> Response:
    if isinstance(error, MethodNotAllowed):
        return _answer_refusal(refuse_method(error.valid_methods or ()))
    if error.code == 404:
        return _answer_refusal(refuse_path())
    return answer_json({"error": "unknown_error", "error_description": "Unknown error occurred"}, error.code or 500)
