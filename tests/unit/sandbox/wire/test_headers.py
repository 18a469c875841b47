from __future__ import annotations

from uuid import UUID

import pytest
from werkzeug.datastructures import Headers

from reconciler.sandbox.exchange.exchange import Sandbox
from tests.unit.sandbox.bodies import trade
from tests.unit.sandbox.client import Client, sign

TRADES = "/public/api/v2/smart_trades"


def headers_of(client: Client, target: str) -> Headers:
    return client.http.get(target, headers={"APIKEY": "sandbox-key", "Signature": sign(target)}).headers


def test_an_answer_carries_the_headers_of_the_real_one(client: Client) -> None:
    headers = headers_of(client, TRADES)

    assert headers["Cache-Control"] == "max-age=0, private, must-revalidate"
    assert headers["Etag"].startswith('W/"')
    assert len(headers["Etag"]) == 36
    assert UUID(headers["X-Request-Id"]).version == 4
    assert headers["X-Runtime"] == "0.000000"
    assert headers["Access-Control-Allow-Headers"] == "Signature, Apikey, Forced-Mode"
    assert "Retry-After" not in headers


def test_the_etag_follows_the_content(client: Client) -> None:
    empty, again = headers_of(client, TRADES)["Etag"], headers_of(client, TRADES)["Etag"]
    client.create(trade())

    assert empty == again
    assert headers_of(client, TRADES)["Etag"] != empty


@pytest.mark.parametrize("target", [f"{TRADES}/5", "/public/api/nothing", f"{TRADES}?page=0"])
def test_an_error_is_not_to_be_cached(client: Client, target: str) -> None:
    headers = headers_of(client, target)

    assert headers["Cache-Control"] == "no-cache"
    assert "Etag" not in headers
    assert "X-Request-Id" in headers


def test_request_ids_differ_and_are_the_same_in_every_run() -> None:
    def run() -> list[str]:
        with Sandbox() as sandbox:
            client = Client(sandbox)
            return [headers_of(client, TRADES)["X-Request-Id"] for _ in range(3)]

    first = run()
    assert len(set(first)) == 3
    assert run() == first


def test_control_paths_have_headers_of_their_own(client: Client) -> None:
    assert "X-Request-Id" not in client.http.get("/sandbox/show").headers


def test_a_browser_may_ask_what_it_may_send(client: Client) -> None:
    answer = client.http.options(TRADES)

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, PUT, POST, DELETE, PATCH, OPTIONS"


def test_a_wrong_method_names_all_the_right_ones_in_their_order(client: Client) -> None:
    answer = client.call("PUT", "/v2/smart_trades/5")

    assert answer.body["error_description"].endswith("Please use one of [OPTIONS, GET, PATCH, DELETE, HEAD].")
