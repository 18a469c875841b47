from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec_key
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from reconciler.sandbox.exchange.exchange import Sandbox
from reconciler.sandbox.values.errors import ConflictingAccount, InvalidKey
from tests.support.published_vectors import (
    CHANGE_MODE,
    JSON_BODY,
    KEY,
    RSA_JSON_SIGNATURE,
    RSA_PRIVATE_KEY,
    RSA_QUERY_SIGNATURE,
    SECRET,
)
from tests.unit.sandbox.bodies import trade
from tests.unit.sandbox.client import Client, sign

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

SIGNER = load_pem_private_key(RSA_PRIVATE_KEY.encode(), None)
PUBLIC_KEY = SIGNER.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def sign_rsa(payload: str) -> str:
    assert isinstance(SIGNER, RSAPrivateKey)
    return base64.b64encode(SIGNER.sign(payload.encode(), PKCS1v15(), SHA256())).decode()


def send(
    client: Client, signature: str, *, query: str = "", body: str | None = None, kind: str | None = None
) -> tuple[int, object]:
    headers = {"APIKEY": KEY, "Signature": signature}
    answer = client.http.post(CHANGE_MODE + query, data=body, content_type=kind, headers=headers)
    return answer.status_code, answer.get_json()


# RSA


@pytest.mark.parametrize(
    ("query", "body", "kind", "signature"),
    [
        ("?mode=paper", None, None, RSA_QUERY_SIGNATURE),
        ("", "mode=paper", FORM, RSA_QUERY_SIGNATURE),
        ("", JSON_BODY, JSON, RSA_JSON_SIGNATURE),
        ("", JSON_BODY, JSON, sign_rsa(f"{CHANGE_MODE}?{JSON_BODY}")),
        ("?mode=paper", "{}", JSON, sign_rsa(f"{CHANGE_MODE}?mode=paper{{}}")),
    ],
)
def test_rsa_signatures_of_all_payload_forms_are_accepted(
    client: Client, query: str, body: str | None, kind: str | None, signature: str
) -> None:
    client.sandbox.ensure_rsa_key(KEY, PUBLIC_KEY)

    assert send(client, signature, query=query, body=body, kind=kind) == (201, {"mode": "paper"})


@pytest.mark.parametrize(
    "signature",
    [
        sign(f"{CHANGE_MODE}?mode=paper", SECRET),
        sign_rsa(CHANGE_MODE),
        RSA_QUERY_SIGNATURE.lower(),
        RSA_QUERY_SIGNATURE[:-4],
        RSA_QUERY_SIGNATURE + "!",
        "ÿ",
        "",
    ],
)
def test_other_signatures_of_an_rsa_key_are_refused(client: Client, signature: str) -> None:
    client.sandbox.ensure_rsa_key(KEY, PUBLIC_KEY)
    status, body = send(client, signature, query="?mode=paper")

    assert (status, body) == (
        401,
        {"error": "signature_invalid", "error_description": "Provided signature is invalid"},
    )


def test_the_algorithm_is_a_property_of_the_key(client: Client) -> None:
    client.sandbox.ensure_key(KEY, SECRET)

    assert send(client, RSA_QUERY_SIGNATURE, query="?mode=paper")[0] == 401
    client.sandbox.ensure_rsa_key(KEY, PUBLIC_KEY)
    assert send(client, RSA_QUERY_SIGNATURE, query="?mode=paper")[0] == 201


@pytest.mark.parametrize(
    ("pem", "message"),
    [
        ("", "cannot be read"),
        ("sandbox-secret", "cannot be read"),
        (RSA_PRIVATE_KEY, "cannot be read"),
        (
            generate_ec_key(SECP256R1())
            .public_key()
            .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            .decode(),
            "of another kind",
        ),
    ],
    ids=["empty", "a secret", "private", "elliptic"],
)
def test_a_public_key_that_is_none_is_refused(sandbox: Sandbox, pem: str, message: str) -> None:
    with pytest.raises(InvalidKey, match=message):
        sandbox.ensure_rsa_key(KEY, pem)


# Payload forms


def test_a_body_of_a_get_request_is_no_part_of_it(client: Client) -> None:
    path = "/public/api/ver1/validate"
    key = {"APIKEY": "sandbox-key"}
    signed = {**key, "Signature": sign(path)}
    wrongly = {**key, "Signature": sign(f"{path}?{{}}")}

    assert client.http.get(path, data="{}", content_type=JSON, headers=signed).status_code == 200
    assert client.http.get(path, data="{}", content_type=JSON, headers=wrongly).status_code == 401


@pytest.mark.parametrize(
    ("target", "payload", "status"),
    [
        ("/public/api/ver1/validate?", "/public/api/ver1/validate?", 200),
        ("/public/api/ver1/validate?", "/public/api/ver1/validate", 200),
        ("/public/api/ver1/validate", "/public/api/ver1/validate?", 401),
        ("/public/api/ver1/validate?a=1", "/public/api/ver1/validate?", 401),
        ("/public/api/ver1/validate?a=1", "/public/api/ver1/validate?a=1", 200),
    ],
)
def test_a_bare_question_mark_counts_where_it_was_sent(client: Client, target: str, payload: str, status: int) -> None:
    headers = {"APIKEY": "sandbox-key", "Signature": sign(payload)}
    answer = client.http.get(target, headers=headers, environ_overrides={"REQUEST_URI": target})

    assert answer.status_code == status


def test_the_signature_covers_the_path_as_it_was_sent(client: Client) -> None:
    target = "/public/api/ver1/%76alidate"
    sent, plain = sign(target), sign("/public/api/ver1/validate")
    overrides = {"REQUEST_URI": target}

    for signature, status in ((sent, 200), (plain, 401)):
        headers = {"APIKEY": "sandbox-key", "Signature": signature}
        assert client.http.get(target, headers=headers, environ_overrides=overrides).status_code == status


def test_an_absolute_target_is_signed_by_its_path(client: Client) -> None:
    overrides = {"REQUEST_URI": "http://localhost/public/api/ver1/validate"}
    headers = {"APIKEY": "sandbox-key", "Signature": sign("/public/api/ver1/validate")}

    assert client.http.get("/public/api/ver1/validate", headers=headers, environ_overrides=overrides).status_code == 200


# Users


@pytest.fixture
def other(sandbox: Sandbox) -> Client:
    """A client of another user, who owns the paper account 2 and the real account 3."""
    sandbox.ensure_account(2, user="other")
    sandbox.ensure_account(3, user="other", mode="real")
    sandbox.ensure_key("other-key", "other-secret", user="other")
    return Client(sandbox, "other-key", "other-secret")


def test_several_keys_of_one_user_see_the_same(client: Client) -> None:
    client.sandbox.ensure_key("second", "secret", {"SMART_TRADES_READ"})
    trade_id = client.open(trade())["id"]

    assert Client(client.sandbox, "second", "secret").show(trade_id)["id"] == trade_id


def test_users_see_their_own_accounts_only(client: Client, other: Client) -> None:
    assert [account["id"] for account in client.call("GET", "/ver1/accounts").body] == [1]
    assert [account["id"] for account in other.call("GET", "/ver1/accounts").body] == [2]
    real = other.call("GET", "/ver1/accounts", headers={"Forced-Mode": "real"})
    assert [account["id"] for account in real.body] == [3]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("POST", "/load_balances"),
        ("GET", "/leverage_data?pair=USDT_BTC"),
        ("GET", "/active_trading_entities"),
    ],
)
def test_a_foreign_account_is_forbidden(other: Client, method: str, path: str) -> None:
    answer = other.call(method, f"/ver1/accounts/1{path}")

    assert (answer.status, answer.body) == (
        403,
        {"error": "Forbidden", "error_description": "Account not owned by current user."},
    )


def test_a_trade_on_a_foreign_account_is_forbidden_and_leaves_nothing(client: Client, other: Client) -> None:
    answer = other.call("POST", "/v2/smart_trades", trade())

    assert (answer.status, answer.body) == (
        403,
        {"error": "Forbidden", "error_description": "Account not owned by current user."},
    )
    assert client.call("GET", "/v2/smart_trades").body == []


def test_a_foreign_trade_does_not_exist(client: Client, other: Client) -> None:
    trade_id = client.open(trade())["id"]

    assert other.call("GET", "/v2/smart_trades").body == []
    assert other.call("GET", "/v2/smart_trades?account_id=1").body == []
    assert other.call("GET", f"/v2/smart_trades/{trade_id}").status == 400
    assert other.delete(str(trade_id)).status == 400
    assert other.post(f"{trade_id}/set_note", {"note": "mine"}).status == 404
    assert other.call("GET", f"/v2/smart_trades/{trade_id}/trades").status == 404
    assert client.show(trade_id)["note"] == ""


def test_each_user_chooses_a_mode(client: Client, other: Client) -> None:
    other.call("POST", "/ver1/users/change_mode", {"mode": "real"})

    assert [account["id"] for account in other.call("GET", "/ver1/accounts").body] == [3]
    assert client.call("GET", "/ver1/users/current_mode").body == {"mode": "paper"}
    assert other.call("GET", "/ver1/users/current_mode").body == {"mode": "real"}
    client.sandbox.reset()
    assert other.call("GET", "/ver1/users/current_mode").body == {"mode": "paper"}


def test_an_account_has_one_owner(sandbox: Sandbox, other: Client) -> None:
    with pytest.raises(ConflictingAccount, match="open for other, asked for sandbox"):
        sandbox.ensure_account(2)
