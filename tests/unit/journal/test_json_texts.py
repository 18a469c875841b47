"""Secrets are taken out of values; the text of a document is never touched."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from reconciler.journal.json_texts import Redactor

DOCUMENT = {"id": 12, "note": "kiss", "list": ["k", {"key name": "k"}], "price": Decimal("0.10"), "none": None}


@pytest.mark.parametrize("secret", ["k", "s", '"', ":", "{", "1", "e", ",", "\\", "null", "true"])
def test_a_short_secret_leaves_a_document_a_document(secret: str) -> None:
    written = Redactor((secret,)).write({**DOCUMENT, "echo": secret, "api_key": "x", "flag": True})
    read = json.loads(str(written))
    assert (read["echo"], read["api_key"]) == ("***", "***")
    assert (read["id"], read["note"], read["price"], read["none"], read["flag"]) == (12, "kiss", "0.1", None, True)


@pytest.mark.parametrize("secret", ['quo"ted', "back\\slash", "new\nline", "ünï-code", "987654321"])
def test_a_secret_is_found_however_a_document_would_write_it(secret: str) -> None:
    written = str(Redactor((secret,)).write({"a": f"it was {secret}!", "b": [secret], f"c {secret}": 1}))
    assert json.loads(written) == {"a": "it was ***!", "b": ["***"], "c ***": 1}


@pytest.mark.parametrize("number", [987654321, Decimal("987654321.5")])
def test_a_secret_of_digits_is_found_as_a_number_too(number: int | Decimal) -> None:
    assert json.loads(str(Redactor(("987654321",)).write({"a": number, "b": 98765}))) == {"a": "***", "b": 98765}


def test_a_secret_that_holds_another_is_hidden_whole() -> None:
    assert Redactor(("secret", "secret-longer")).clean("secret-longer and secret") == "*** and ***"


def test_an_empty_secret_hides_nothing() -> None:
    assert Redactor(("",)).clean("text") == "text"
