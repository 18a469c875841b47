from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import UsageError
from reconciler.live.signing import Credentials, RsaCredentials
from reconciler.settings import find_passwords, find_secrets, read_credentials
from tests.support.published_vectors import (
    CHANGE_MODE,
    JSON_BODY,
    KEY,
    RSA_JSON_SIGNATURE,
    RSA_KEY_FILE,
    RSA_PRIVATE_KEY,
    SECRET,
)

API_KEY = {"THREE_COMMAS_API_KEY": KEY}


def test_a_secret_gives_an_hmac_key() -> None:
    read = read_credentials({**API_KEY, "THREE_COMMAS_API_SECRET": SECRET})

    assert read == Credentials(api_key=KEY, api_secret=SECRET)


@pytest.mark.parametrize(
    "given",
    [
        {"THREE_COMMAS_RSA_PRIVATE_KEY": RSA_PRIVATE_KEY},
        {"THREE_COMMAS_RSA_PRIVATE_KEY": RSA_PRIVATE_KEY.replace("\n", "\\n")},
        {"THREE_COMMAS_RSA_PRIVATE_KEY_FILE": str(RSA_KEY_FILE)},
    ],
    ids=["text", "text on one line", "file"],
)
def test_a_private_key_gives_an_rsa_key(given: dict[str, str]) -> None:
    read = read_credentials({**API_KEY, **given})

    assert isinstance(read, RsaCredentials)
    assert read.sign(CHANGE_MODE, JSON_BODY) == RSA_JSON_SIGNATURE


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "needs THREE_COMMAS_API_KEY and THREE_COMMAS_API_SECRET"),
        (API_KEY, "THREE_COMMAS_RSA_PRIVATE_KEY_FILE for a self-generated key"),
        ({"THREE_COMMAS_RSA_PRIVATE_KEY": RSA_PRIVATE_KEY}, "needs THREE_COMMAS_API_KEY"),
        (
            {**API_KEY, "THREE_COMMAS_API_SECRET": SECRET, "THREE_COMMAS_RSA_PRIVATE_KEY": RSA_PRIVATE_KEY},
            "THREE_COMMAS_API_SECRET and THREE_COMMAS_RSA_PRIVATE_KEY are set, .* unset the others",
        ),
        ({**API_KEY, "THREE_COMMAS_RSA_PRIVATE_KEY": "MIIEpQIBAAKCAQEA"}, "cannot be read: expected a PEM text"),
        ({**API_KEY, "THREE_COMMAS_RSA_PRIVATE_KEY_FILE": "nowhere.pem"}, "nowhere.pem cannot be read: No such file"),
        ({**API_KEY, "THREE_COMMAS_RSA_PRIVATE_KEY_FILE": "."}, "cannot be read: Is a directory"),
    ],
)
def test_credentials_that_cannot_be_are_refused_without_being_shown(given: dict[str, str], message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        read_credentials(given)

    assert not any(secret in str(caught.value) for secret in (KEY, SECRET, "MIIE"))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.der"
    path.write_bytes(b"\x30\x82\xff")
    with pytest.raises(UsageError, match=r"key\.der is not a PEM file") as caught:
        read_credentials({**API_KEY, "THREE_COMMAS_RSA_PRIVATE_KEY_FILE": str(path)})

    assert caught.value.__context__ is None


def test_a_private_key_is_found_line_by_line_but_for_what_could_be_any_text() -> None:
    lines = RSA_PRIVATE_KEY.splitlines()
    found = find_secrets({**API_KEY, "THREE_COMMAS_RSA_PRIVATE_KEY": "\\n".join([*lines[:-1], "AbCd", lines[-1]])})

    assert set(found) == {KEY, *(line for line in lines[1:-1] if len(line) >= 16)}


def test_the_password_of_the_journal_is_found_in_both_its_forms() -> None:
    found = find_passwords({"RECONCILER_JOURNAL_URL": "postgresql://me:p%40ss@host/journal"})

    assert set(found) == {"p%40ss", "p@ss"}
    assert find_passwords({"RECONCILER_JOURNAL_URL": "postgresql://[broken"}) == ()
    assert find_passwords({"RECONCILER_JOURNAL_URL": "postgresql://me@host/journal"}) == ()
