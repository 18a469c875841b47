from __future__ import annotations

import http.client
import inspect
import json
import socket
import ssl
import traceback
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest
import requests
import urllib3
from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import MaxRetryError, NameResolutionError, NewConnectionError

from reconciler import __version__
from reconciler.errors import AccessRefused, AnswerLost, ApiError, NotSent, RateLimited, UnreadableAnswer, UsageError
from reconciler.live.pacing import BLOCK_AFTER_429_S, RequestBudget
from reconciler.live.request_limits import CONNECT_TIMEOUT_S, READ_TIMEOUT_S, RETRY_WAITS_S
from reconciler.live.signing import sign_hmac, signature_payload
from tests.unit.live.wire import KEY, SECRET, Answer, Wire, new_clock, open_session

OK = Answer(200, {"id": 1})
LOST = requests.exceptions.ConnectionError(urllib3.exceptions.ProtocolError("Connection aborted."))


def max_retry(reason: Exception) -> MaxRetryError:
    return MaxRetryError(HTTPConnectionPool("api.3commas.io"), "/", reason)


def refused_connection() -> requests.exceptions.ConnectionError:
    return requests.exceptions.ConnectionError(max_retry(NewConnectionError(HTTPConnection("h"), "refused")))


def unknown_host() -> requests.exceptions.ConnectionError:
    reason = NameResolutionError("h", HTTPConnection("h"), socket.gaierror("unknown"))
    return requests.exceptions.ConnectionError(max_retry(reason))


def untrusted_certificate() -> requests.exceptions.SSLError:
    cause = ssl.SSLCertVerificationError("self-signed certificate")
    return requests.exceptions.SSLError(max_retry(urllib3.exceptions.SSLError(cause)))


def test_a_write_is_sent_once_signed_over_the_very_bytes_and_with_mode_and_agent() -> None:
    wire = Wire(OK)
    answer = open_session(wire).request("POST", "/v2/smart_trades", body={"note": "ü", "units": Decimal("0.10")})
    (sent,) = wire.sent
    assert answer == {"id": 1}
    assert sent.url == "https://api.3commas.io/public/api/v2/smart_trades"
    assert sent.body == b'{"note":"\\u00fc","units":"0.1"}'
    assert sent.headers["Content-Type"] == "application/json"
    assert sent.headers["Forced-Mode"] == "paper"
    assert sent.headers["User-Agent"] == f"reconciler/{__version__}"
    assert sent.headers["APIKEY"] == KEY
    payload = signature_payload("/public/api/v2/smart_trades", sent.body.decode())
    assert sent.headers["Signature"] == sign_hmac(SECRET, payload)


def test_a_query_is_signed_as_it_stands_on_the_wire() -> None:
    wire = Wire(OK)
    open_session(wire).request("GET", "/v2/smart_trades", query={"pair": "USD_BTC-PERP", "x": "ä &="})
    (sent,) = wire.sent
    assert sent.path_url == "/public/api/v2/smart_trades?pair=USD_BTC-PERP&x=%C3%A4+%26%3D"
    assert sent.headers["Signature"] == sign_hmac(SECRET, sent.path_url)
    assert "Content-Type" not in sent.headers


def test_a_post_without_a_body_signs_the_path_alone() -> None:
    wire = Wire(OK)
    open_session(wire).request("POST", "/v2/smart_trades/1/close_by_market")
    assert wire.sent[0].body is None
    assert wire.sent[0].headers["Signature"] == sign_hmac(SECRET, "/public/api/v2/smart_trades/1/close_by_market")


def test_an_open_endpoint_gets_no_credentials() -> None:
    wire = Wire(OK)
    open_session(wire).request("GET", "/ver1/ping", is_signed=False)
    assert not {"APIKEY", "Signature", "Authorization"} & set(wire.sent[0].headers)
    assert wire.sent[0].headers["Forced-Mode"] == "paper"


def test_time_outs_are_always_on_and_redirects_never_followed() -> None:
    wire = Wire(Answer(302, None, {"Location": "https://evil.example/"}))
    with pytest.raises(AccessRefused, match="redirect"):
        open_session(wire).request("GET", "/v2/smart_trades")
    assert len(wire.sent) == 1
    assert wire.settings[0]["timeout"] == (CONNECT_TIMEOUT_S, READ_TIMEOUT_S)


@pytest.mark.parametrize("location", ["https://[evil", "http://\udcff", "//", ""])
def test_a_redirect_to_nonsense_is_a_redirect_too(location: str) -> None:
    wire = Wire(Answer(307, None, {"Location": location}))
    with pytest.raises(AccessRefused, match="redirect"):
        open_session(wire).request("POST", "/v2/smart_trades")


@pytest.mark.parametrize("base_url", ["https://evil.example/public/api", "http://api.3commas.io/public/api"])
def test_another_host_is_refused_before_anything_is_sent(base_url: str) -> None:
    wire = Wire(OK)
    with pytest.raises(AccessRefused):
        open_session(wire, base_url=base_url)
    assert wire.sent == []


def test_an_allowed_host_gets_the_request() -> None:
    wire = Wire(OK)
    session = open_session(wire, base_url="https://gateway.example/api", allowed_hosts=["gateway.example"])
    session.request("GET", "/v2/smart_trades")
    assert wire.paths == ["GET /api/v2/smart_trades"]


def test_a_signed_request_without_credentials_is_refused_before_anything_is_sent() -> None:
    wire = Wire(OK)
    with pytest.raises(AccessRefused, match="needs an API key"):
        open_session(wire, credentials=None).request("GET", "/v2/smart_trades")
    assert wire.sent == []


def test_without_credentials_open_endpoints_work() -> None:
    wire = Wire(Answer(400, {"error": "bad"}))
    with pytest.raises(ApiError, match="bad"):
        open_session(wire, credentials=None).request("GET", "/ver1/ping", is_signed=False)


@pytest.mark.parametrize("mode", ["", "Paper", "demo"])
def test_a_mode_that_the_api_does_not_know_is_refused(mode: str) -> None:
    with pytest.raises(UsageError, match="expected one of paper, real"):
        open_session(Wire(OK), mode=mode)


def test_the_netrc_of_the_user_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine api.3commas.io login somebody password marked\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    wire = Wire(OK)
    session = open_session(wire)
    session.request("GET", "/ver1/ping", is_signed=False)
    session.request("GET", "/v2/smart_trades")
    assert all("Authorization" not in sent.headers for sent in wire.sent)


def test_a_proxy_of_the_environment_is_used_for_the_api_and_never_for_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://proxy.example:3128")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    api, local = Wire(OK), Wire(OK)
    open_session(api).request("GET", "/v2/smart_trades")
    open_session(local, base_url="http://127.0.0.1:8080/public/api").request("GET", "/v2/smart_trades")
    assert api.settings[0]["proxies"]["https"] == "http://proxy.example:3128"
    assert not local.settings[0]["proxies"]


# Retries


@pytest.mark.parametrize(
    "trouble",
    [
        Answer(500, {"error": "unknown_error"}),
        Answer(504, b"<html>"),
        Answer(200, {"error": {"status_code": 502}}),
        requests.exceptions.ReadTimeout("late"),
        requests.exceptions.ConnectTimeout("late"),
        LOST,
        refused_connection(),
    ],
)
def test_a_read_is_repeated_with_growing_waits(trouble: Answer | Exception) -> None:
    clock = new_clock()
    wire = Wire(trouble, trouble, trouble, OK)
    session = open_session(wire, clock)
    assert session.request("GET", "/v2/smart_trades/1") == {"id": 1}
    assert len(wire.sent) == 4
    assert session.budget.sent == 4
    assert clock.monotonic() == sum(RETRY_WAITS_S)


def test_a_read_that_never_gets_an_answer_fails_with_its_status() -> None:
    wire = Wire(Answer(502, b"<html>"))
    with pytest.raises(ApiError, match="4 times in a row") as caught:
        open_session(wire).request("GET", "/v2/smart_trades/1")
    assert type(caught.value) is ApiError
    assert caught.value.status == 502
    assert len(wire.sent) == len(RETRY_WAITS_S) + 1


def test_a_read_that_stays_unreadable_says_so() -> None:
    with pytest.raises(UnreadableAnswer, match="not JSON"):
        open_session(Wire(Answer(200, b"<html>"))).request("GET", "/v2/smart_trades/1")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_a_refused_read_is_not_repeated(status: int) -> None:
    wire = Wire(Answer(status, {"error": "no"}))
    with pytest.raises(ApiError):
        open_session(wire).request("GET", "/v2/smart_trades/1")
    assert len(wire.sent) == 1


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
@pytest.mark.parametrize(
    "trouble",
    [
        Answer(500, {"error": "unknown_error"}),
        Answer(504, b"<html>"),
        Answer(201, b"<html>"),
        requests.exceptions.ReadTimeout("late"),
        requests.exceptions.ChunkedEncodingError("cut"),
        LOST,
    ],
)
def test_a_write_whose_answer_is_lost_is_never_repeated(method: str, trouble: Answer | Exception) -> None:
    clock = new_clock()
    wire = Wire(trouble)
    with pytest.raises(AnswerLost):
        open_session(wire, clock).request(method, "/v2/smart_trades/1", body={"a": 1})
    assert len(wire.sent) == 1
    assert clock.monotonic() == 0


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (requests.exceptions.ConnectTimeout("late"), "no connection within 10 s"),
        (refused_connection(), "no connection to the API address"),
        (unknown_host(), "NameResolutionError"),
        (untrusted_certificate(), "certificate"),
        (requests.exceptions.ProxyError("407"), "HTTPS_PROXY"),
        (requests.exceptions.InvalidSchema("no socks"), "proxy cannot be used"),
        (requests.exceptions.InvalidProxyURL("http://user:password@"), "proxy cannot be used"),
    ],
)
def test_a_write_whose_connection_was_never_opened_had_no_effect(trouble: Exception, words: str) -> None:
    wire = Wire(trouble)
    with pytest.raises(NotSent, match=words):
        open_session(wire).request("POST", "/v2/smart_trades", body={})
    assert len(wire.sent) == 1


def test_a_request_that_cannot_be_built_is_not_sent() -> None:
    wire = Wire(OK)
    with pytest.raises(NotSent, match="could not be built"):
        open_session(wire, base_url="https://api.3commas.io:99999").request("POST", "/v2/smart_trades", body={})
    assert wire.sent == []


def test_a_body_that_is_no_json_is_a_bug_of_ours() -> None:
    with pytest.raises(TypeError, match="no place in a JSON text"):
        open_session(Wire(OK)).request("POST", "/v2/smart_trades", body={"a": object()})


def test_a_body_may_hold_other_mappings() -> None:
    wire = Wire(OK)
    headers = requests.structures.CaseInsensitiveDict({"b": "c"})
    open_session(wire).request("POST", "/v2/smart_trades", body={"a": headers})
    assert wire.sent[0].body == b'{"a":{"b":"c"}}'


# Foreign exceptions


def exceptions_of(module: ModuleType) -> Iterator[type[Exception]]:
    for _, kind in inspect.getmembers(module, inspect.isclass):
        if issubclass(kind, Exception) and not issubclass(kind, Warning):
            yield kind


FOREIGN: set[type[Exception]] = {
    *exceptions_of(requests.exceptions),
    *exceptions_of(urllib3.exceptions),
    *exceptions_of(http.client),
    *exceptions_of(ssl),
    socket.gaierror,
    json.JSONDecodeError,
    UnicodeDecodeError,
    UnicodeEncodeError,
    ConnectionResetError,
    BrokenPipeError,
    TimeoutError,
    FileNotFoundError,
}
NEVER_SENT = (
    requests.exceptions.ConnectTimeout,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidURL,
    requests.exceptions.ProxyError,
)


@pytest.mark.parametrize("kind", sorted(FOREIGN, key=str))
def test_no_foreign_exception_gets_through_and_doubt_means_lost(kind: type[Exception]) -> None:
    # Without __init__: many of them want arguments that do not matter here.
    error = kind.__new__(kind)
    with pytest.raises(ApiError) as write:
        open_session(Wire(error)).request("POST", "/v2/smart_trades", body={})
    assert type(write.value) is (NotSent if issubclass(kind, NEVER_SENT) else AnswerLost)
    with pytest.raises(ApiError) as read:
        open_session(Wire(error)).request("GET", "/v2/smart_trades")
    assert type(read.value) in (NotSent, ApiError)


# Pace


def test_every_request_goes_through_the_budget() -> None:
    clock = new_clock()
    wire = Wire(OK)
    session = open_session(wire, clock, budget=RequestBudget(2, clock))
    for _ in range(3):
        session.request("POST", "/v2/smart_trades", body={})
    assert clock.monotonic() == 60


@pytest.mark.parametrize(
    ("retry_after", "block_s"), [("", 300), ("5", 300), ("900", 900), ("soon", 300), ("²", 300), ("9" * 5000, 300)]
)
def test_a_429_stops_everything_for_its_time(retry_after: str, block_s: int) -> None:
    clock = new_clock()
    wire = Wire(Answer(429, {"error": "slow down"}, {"Retry-After": retry_after.encode().decode("latin-1")}), OK)
    session = open_session(wire, clock)
    with pytest.raises(RateLimited, match="slow down"):
        session.request("GET", "/v2/smart_trades")
    assert session.budget.stopped_for_s() == block_s >= BLOCK_AFTER_429_S
    for method in ("GET", "POST"):
        with pytest.raises(RateLimited, match="no request may be sent"):
            session.request(method, "/v2/smart_trades")
    assert len(wire.sent) == 1
    clock.sleep(block_s)
    assert session.request("GET", "/v2/smart_trades") == {"id": 1}


def test_a_418_ends_all_requests_of_the_run() -> None:
    clock = new_clock()
    wire = Wire(Answer(418, b""), OK)
    session = open_session(wire, clock)
    for _ in range(2):
        with pytest.raises(RateLimited, match="banned") as caught:
            session.request("POST", "/v2/smart_trades")
        assert caught.value.status == 418
        clock.sleep(10**6)
    assert len(wire.sent) == 1


def test_a_429_of_the_plan_ends_writes_and_leaves_reads() -> None:
    text = "The request type 'write' is not available with your current subscription plan."
    wire = Wire(Answer(429, {"error": text}), OK)
    session = open_session(wire)
    for _ in range(2):
        with pytest.raises(RateLimited) as caught:
            session.request("POST", "/v2/smart_trades")
        assert caught.value.is_permanent
    assert session.request("GET", "/v2/smart_trades") == {"id": 1}
    assert len(wire.sent) == 2


def test_an_observer_sees_each_request_with_its_query_and_each_retry() -> None:
    seen: list[tuple[str, str]] = []
    wire = Wire(Answer(502, b""), OK)
    session = open_session(wire, on_request=lambda method, path: seen.append((method, path)))
    session.request("GET", "/v2/smart_trades", query={"page": "2"})
    session.request("DELETE", "/v2/smart_trades/1")
    assert seen == [("GET", "/v2/smart_trades?page=2")] * 2 + [("DELETE", "/v2/smart_trades/1")]


# Secrets


def chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


@pytest.mark.parametrize(
    "trouble",
    [
        Answer(400, {"error": KEY, "error_description": SECRET, "error_attributes": {SECRET: [KEY]}}),
        Answer(401, {"error": f"{KEY} is unknown"}),
        Answer(429, {"error": f"{KEY} is too fast"}),
        Answer(500, {"error": SECRET}),
        Answer(200, f"<html>{SECRET}{KEY}</html>".encode()),
        Answer(302, None, {"Location": f"https://evil.example/?{SECRET}"}),
        requests.exceptions.ReadTimeout(f"{SECRET}", request=requests.Request(headers={"APIKEY": KEY})),
        requests.exceptions.InvalidHeader(f"header {KEY}"),
        requests.exceptions.ConnectTimeout(SECRET),
        ValueError(f"http://user:{SECRET}@proxy"),
        untrusted_certificate(),
        refused_connection(),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_error_shows_a_secret_not_even_in_its_chain(method: str, trouble: Answer | Exception) -> None:
    with pytest.raises(ApiError) as caught:
        open_session(Wire(trouble)).request(method, "/v2/smart_trades")
    for error in chain(caught.value):
        assert isinstance(error, ApiError), "a foreign exception holds the signed request"
        shown = f"{error} {error!r} {vars(error)} {''.join(traceback.format_exception(error))}"
        assert KEY not in shown
        assert SECRET not in shown
