from __future__ import annotations

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from reconciler.sandbox.values.refusals import RequestRefused
from reconciler.sandbox.wire.answers import answer_json, answer_nothing, read_credentials, read_request


def build_request(path: str, **given: object) -> Request:
    return Request(EnvironBuilder(path, **given).get_environ())  # type: ignore[arg-type]  # arguments of werkzeug


def test_an_answer_is_compact_json() -> None:
    answer = answer_json({"a": [1, 2]}, 201)

    assert (answer.status_code, answer.get_data(), answer.mimetype) == (201, b'{"a":[1,2]}', "application/json")


def test_an_answer_without_a_body_has_no_type() -> None:
    answer = answer_nothing()

    assert (answer.status_code, answer.get_data(), "Content-Type" in answer.headers) == (204, b"", False)


def test_the_body_of_a_get_is_ignored() -> None:
    given = build_request("/a?x=1", method="GET", data="x=2&y=3")

    assert read_request(given) == {"x": "1"}
    assert read_credentials(given).body == b""


def test_the_query_wins_over_the_body() -> None:
    given = build_request("/a?x=1", method="POST", json={"x": 2, "y": 3})

    assert read_request(given) == {"x": "1", "y": 3}


def test_broken_json_is_refused() -> None:
    with pytest.raises(RequestRefused) as refused:
        read_request(build_request("/a", method="POST", data="{", content_type="application/json"))

    assert refused.value.status == 500


@pytest.mark.parametrize(
    ("sent", "query", "has_bare_mark"), [("/a", "", False), ("/a?", "", True), ("/a?x=1", "x=1", False)]
)
def test_credentials_cover_the_path_as_it_was_sent(sent: str, query: str, has_bare_mark: bool) -> None:
    builder = EnvironBuilder(
        "/a", query_string=query, headers=[("APIKEY", "k"), ("Signature", "s"), ("Forced-Mode", "real")]
    )
    environ = builder.get_environ() | {"REQUEST_URI": sent}
    credentials = read_credentials(Request(environ))

    assert (credentials.path, credentials.query, credentials.has_bare_mark) == ("/a", query, has_bare_mark)
    assert (credentials.api_key, credentials.signature, credentials.forced_mode) == ("k", "s", "real")
