from __future__ import annotations

import pytest

from reconciler.sandbox.exchange.exchange import Sandbox
from tests.unit.sandbox.client import Client, sign

# The example key that the official docs publish.
KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
CHANGE_MODE = "/public/api/ver1/users/change_mode"
QUERY_SIGNATURE = "bca8d8c10acfbe8e76c5335d3efbe0a550487170a8bb7aaea0a13efabab55316"
JSON_SIGNATURE = "0475b407ba6f2388d213134e478b330f74073388a232737837f79018694ae373"
JSON_SIGNATURE_WITHOUT_MARK = "a04435bdb0e7fc06450833a1e26d385c56ad3495c10cf3a36d432787591f5edb"
PATH_SIGNATURE = "2bedfe2a6b037b92c45a224103f4016da5df07149f34fa04e80f8e919b9a2103"
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("query", "body", "kind", "signature"),
    [
        ("?mode=paper", None, None, QUERY_SIGNATURE),
        ("", "mode=paper", FORM, QUERY_SIGNATURE),
        ("?mode=paper", None, None, QUERY_SIGNATURE.upper()),
        ("", '{"mode": "paper"}', JSON, JSON_SIGNATURE),
        ("", '{"mode": "paper"}', JSON, JSON_SIGNATURE_WITHOUT_MARK),
    ],
)
def test_published_signatures_are_accepted(
    client: Client, query: str, body: str | None, kind: str | None, signature: str
) -> None:
    client.sandbox.ensure_key(KEY, SECRET)
    answer = client.http.post(
        CHANGE_MODE + query, data=body, content_type=kind, headers={"APIKEY": KEY, "Signature": signature}
    )

    assert (answer.status_code, answer.get_json()) == (201, {"mode": "paper"})


@pytest.mark.parametrize(
    ("query", "body", "kind", "signature"),
    [
        ("?mode=paper", None, None, PATH_SIGNATURE),
        ("", '{"mode": "paper"}', JSON, PATH_SIGNATURE),
        ("", '{"mode":"paper"}', JSON, JSON_SIGNATURE),
        ("", "mode=paper", FORM, sign(CHANGE_MODE + "mode=paper", SECRET)),
        ("?mode=paper", None, None, ""),
        ("?mode=paper", None, None, "ÿ"),
    ],
)
def test_other_signatures_are_refused(
    client: Client, query: str, body: str | None, kind: str | None, signature: str
) -> None:
    client.sandbox.ensure_key(KEY, SECRET)
    answer = client.http.post(
        CHANGE_MODE + query, data=body, content_type=kind, headers={"APIKEY": KEY, "Signature": signature}
    )

    assert answer.status_code == 401
    assert answer.get_json() == {
        "error": "signature_invalid",
        "error_description": "Provided signature is invalid",
    }


def test_a_query_beside_a_body_is_signed_as_one_text(client: Client) -> None:
    payload = f'{CHANGE_MODE}?mode=paper{{"mode": "real"}}'
    answer = client.http.post(
        f"{CHANGE_MODE}?mode=paper",
        data='{"mode": "real"}',
        content_type=JSON,
        headers={"APIKEY": "sandbox-key", "Signature": sign(payload)},
    )

    assert (answer.status_code, answer.get_json()) == (201, {"mode": "paper"})


def test_an_unknown_key_is_refused(client: Client) -> None:
    answer = client.call("GET", "/ver1/validate", headers={"APIKEY": "nobody"})

    assert answer.status == 401
    assert answer.body["error"] == "api_key_invalid_or_expired"


@pytest.mark.parametrize(
    ("held", "method", "path", "allowed"),
    [
        ("SMART_TRADES_READ", "GET", "/v2/smart_trades", True),
        ("SMART_TRADES_WRITE", "GET", "/v2/smart_trades", False),
        ("SMART_TRADES_READ", "POST", "/v2/smart_trades", False),
        ("SMART_TRADES_READ", "DELETE", "/v2/smart_trades/1", False),
        ("SMART_TRADES_READ", "GET", "/v2/smart_trades/1/reduce_funds_info", False),
        ("SMART_TRADES_READ", "GET", "/ver1/accounts", False),
        ("ACCOUNTS_READ", "GET", "/ver1/accounts", True),
        ("ACCOUNTS_READ", "GET", "/ver1/accounts/1", True),
        ("ACCOUNTS_READ", "GET", "/v2/smart_trades", False),
        ("ACCOUNTS_READ", "GET", "/ver1/validate", True),
    ],
)
def test_a_key_may_do_what_it_has_permission_for(
    sandbox: Sandbox, held: str, method: str, path: str, *, allowed: bool
) -> None:
    sandbox.ensure_key("narrow", "secret", {held})
    answer = Client(sandbox, "narrow", "secret").call(method, path)

    if allowed:
        assert answer.status == 200
    else:
        assert (answer.status, answer.body) == (
            403,
            {"error": "Forbidden", "error_description": "Api key not authorized for this action"},
        )


@pytest.mark.parametrize("path", ["/nothing", "/v2/smart_trades/abc", "/ver1/smart_trades", "/sandbox/show"])
def test_an_unknown_path_is_answered_in_json(client: Client, path: str) -> None:
    answer = client.call("GET", path)

    assert (answer.status, answer.body) == (404, {"error": "not_found", "error_description": "Not Found"})


def test_a_wrong_method_names_the_right_ones(client: Client) -> None:
    answer = client.call("DELETE", "/ver1/accounts")

    assert answer.status == 405
    assert answer.body == {
        "error": "invalid_request_method",
        "error_description": "Your request method is not supported by this endpoint. "
        "Please use one of [OPTIONS, GET, HEAD].",
    }


@pytest.mark.parametrize(
    "text", ["{", "", "nonsense", '{"a": NaN}', '{"a": 1e}', "[" * 100_000, '{"n": ' + "9" * 5000 + "}", "\ufeff{}"]
)
def test_a_broken_json_body_is_a_server_error_as_documented(client: Client, text: str) -> None:
    path = "/public/api/v2/smart_trades"
    payload = f"{path}?{text}" if text else path
    answer = client.http.post(
        path,
        data=text.encode(),
        content_type=JSON,
        headers={"APIKEY": "sandbox-key", "Signature": sign(payload)},
    )

    if text == "":
        assert answer.status_code == 400
    else:
        assert (answer.status_code, answer.get_json()) == (
            500,
            {"error": "unknown_error", "error_description": "Unknown error occurred#JSON::ParserError"},
        )


@pytest.mark.parametrize("mode", ["", "Paper", "demo"])
def test_a_forced_mode_that_is_none_is_refused(client: Client, mode: str) -> None:
    answer = client.call("GET", "/v2/smart_trades", headers={"Forced-Mode": mode})

    assert answer.status == 400
    assert answer.body == {
        "error": "forced_mode_invalid",
        "error_description": "Forced mode is not included in the ['real', 'paper']",
    }


def test_a_refused_request_changes_nothing(client: Client) -> None:
    first = client.create({"account_id": 1, "pair": "USDT_BTC", "instant": True, "position": _buy()})["id"]
    client.call("POST", "/v2/smart_trades", {"account_id": 9, "pair": "USDT_BTC", "instant": True, "position": _buy()})
    second = client.create({"account_id": 1, "pair": "USDT_BTC", "instant": True, "position": _buy()})["id"]

    assert second == first + 1


def test_the_same_commands_give_the_same_bytes() -> None:
    def run() -> list[bytes]:
        with Sandbox() as sandbox:
            client = Client(sandbox)
            client.price("9500")
            client.create({"account_id": 1, "pair": "USDT_BTC", "instant": True, "position": _buy()})
            sandbox.advance(60)
            signed = {"APIKEY": "sandbox-key", "Signature": sign("/public/api/v2/smart_trades")}
            return [
                client.http.get(path, headers=signed).data for path in ("/public/api/v2/smart_trades", "/sandbox/show")
            ]

    assert run() == run()


def _buy() -> dict[str, object]:
    return {"type": "buy", "order_type": "market", "units": {"value": "0.01"}}


def test_a_damaged_store_is_a_server_error_in_json(client: Client) -> None:
    trade_id = client.create({"account_id": 1, "pair": "USDT_BTC", "instant": True, "position": _buy()})["id"]
    client.show(trade_id)
    client.sandbox._connection.execute("UPDATE documents SET document = '{'")
    answer = client.call("GET", f"/v2/smart_trades/{trade_id}")

    assert (answer.status, answer.body["error"]) == (500, "unknown_error")
    assert client.call("GET", "/ver1/validate").status == 200
