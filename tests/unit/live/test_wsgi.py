"""A WSGI application answers the requests of a session without a port."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pytest
import requests

from reconciler.live.wsgi import WsgiAdapter

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def open_session(application: WSGIApplication) -> requests.Session:
    session = requests.Session()
    session.mount("http://", WsgiAdapter(application))
    return session


def echo(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    body = environ["wsgi.input"].read().decode()
    seen = {key: environ[key] for key in ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "REQUEST_URI", "HTTP_APIKEY")}
    start_response("422 Unprocessable", [("Content-Type", "application/json"), ("X-Seen", "yes")])
    return [json.dumps({**seen, "body": body, "address": environ["REMOTE_ADDR"]}).encode()]


def test_the_application_sees_the_request_as_it_is_sent() -> None:
    with open_session(echo) as session:
        answer = session.post("http://localhost/a%20b?x=1&y=%2F", data="é".encode(), headers={"APIKEY": "k"})
    assert (answer.status_code, answer.headers["x-seen"]) == (422, "yes")
    assert answer.json() == {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/a b",
        "QUERY_STRING": "x=1&y=%2F",
        "REQUEST_URI": "/a%20b?x=1&y=%2F",
        "HTTP_APIKEY": "k",
        "body": "é",
        "address": "127.0.0.1",
    }


def test_a_connection_that_breaks_in_the_application_is_a_connection_error() -> None:
    def broken(_: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield b"{"
        raise ConnectionResetError("cut")

    with open_session(broken) as session, pytest.raises(requests.ConnectionError, match="cut"):
        session.get("http://localhost/")


def test_a_fault_of_the_application_is_not_hidden() -> None:
    def faulty(_: WSGIEnvironment, __: StartResponse) -> Iterable[bytes]:
        raise ZeroDivisionError

    with open_session(faulty) as session, pytest.raises(ZeroDivisionError):
        session.get("http://localhost/")


def test_an_answer_is_closed_after_it_was_read() -> None:
    closed: list[bool] = []

    class Body:
        def __iter__(self) -> Iterator[bytes]:
            yield b"ab"
            yield b"c"

        def close(self) -> None:
            closed.append(True)

    def application(_: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [])
        return Body()

    with open_session(application) as session:
        assert session.get("http://localhost/").content == b"abc"
    assert closed == [True]
