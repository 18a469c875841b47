from __future__ import annotations

import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec_key
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key as generate_rsa_key
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from reconciler.errors import UsageError
from reconciler.live.signing import RsaCredentials
from tests.support.published_vectors import (
    CHANGE_MODE,
    JSON_BODY,
    KEY,
    RSA_JSON_SIGNATURE,
    RSA_PRIVATE_KEY,
    RSA_QUERY_SIGNATURE,
)
from tests.unit.live.wire import Answer, Wire, open_session


def write_pem(key: object, encryption: KeySerializationEncryption | None = None) -> str:
    pem: bytes = key.private_bytes(  # type: ignore[attr-defined]  # the kinds of keys share no type
        Encoding.PEM, PrivateFormat.PKCS8, encryption or NoEncryption()
    )
    return pem.decode()


PUBLISHED = load_pem_private_key(RSA_PRIVATE_KEY.encode(), None)


@pytest.mark.parametrize(
    "pem",
    [RSA_PRIVATE_KEY, f"\n {RSA_PRIVATE_KEY}\n\n", RSA_PRIVATE_KEY.replace("\n", "\r\n"), write_pem(PUBLISHED)],
    ids=["PKCS1", "spaces around", "CRLF", "PKCS8"],
)
def test_the_published_rsa_signatures_are_reproduced(pem: str) -> None:
    credentials = RsaCredentials(api_key=KEY, private_key=pem)

    assert credentials.sign(f"{CHANGE_MODE}?mode=paper", "") == RSA_QUERY_SIGNATURE
    assert credentials.sign(CHANGE_MODE, JSON_BODY) == RSA_JSON_SIGNATURE


def test_a_request_is_sent_with_the_rsa_signature_of_what_is_sent() -> None:
    wire = Wire(Answer(201, {"id": 1}))
    credentials = RsaCredentials(api_key=KEY, private_key=RSA_PRIVATE_KEY)
    with open_session(wire, credentials=credentials) as session:
        session.request("POST", "/v2/smart_trades/1/set_note", body={"note": "x"})
    (sent,) = wire.sent
    assert isinstance(sent.body, bytes)

    assert json.loads(sent.body) == {"note": "x"}
    assert sent.headers["APIKEY"] == KEY
    assert sent.headers["Signature"] == credentials.sign("/public/api/v2/smart_trades/1/set_note", sent.body.decode())


def bad_keys() -> dict[str, tuple[str, str]]:
    return {
        "empty": ("", "cannot be read"),
        "no PEM": ("not a key", "cannot be read"),
        "cut": (RSA_PRIVATE_KEY[:800], "cannot be read"),
        "damaged": (RSA_PRIVATE_KEY.replace("MIIEpQIBAAKC", "MIIEpQIBAAKD"), "cannot be read"),
        "half characters": ("\ud800", "cannot be read"),
        "encrypted": (write_pem(PUBLISHED, BestAvailableEncryption(b"x")), "is encrypted"),
        "elliptic": (write_pem(generate_ec_key(SECP256R1())), "is of another kind"),
        "short": (write_pem(generate_rsa_key(65537, 1024)), "has 1024 bit"),
    }


@pytest.mark.parametrize("case", bad_keys().items(), ids=lambda case: case[0])
def test_a_bad_private_key_is_refused_without_being_shown(case: tuple[str, tuple[str, str]]) -> None:
    _, (pem, message) = case
    with pytest.raises(UsageError, match=message) as caught:
        RsaCredentials(api_key=KEY, private_key=pem)

    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    assert not any(line and line in str(caught.value) for line in pem.splitlines()[1:])


def test_neither_representation_nor_messages_show_the_key() -> None:
    credentials = RsaCredentials(api_key=KEY, private_key=RSA_PRIVATE_KEY)

    assert repr(credentials) == "RsaCredentials()"
    assert credentials.secrets == (KEY,)


def test_an_api_key_that_cannot_stand_in_a_header_is_refused() -> None:
    with pytest.raises(UsageError, match="copy it again"):
        RsaCredentials(api_key="a b", private_key=RSA_PRIVATE_KEY)
