"""A request ends in time, whatever the other side does with its bytes."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from reconciler.errors import AnswerLost, ApiError, NotSent
from reconciler.live.network import NetworkAdapter, call_within
from reconciler.live.request_limits import CONNECT_TIMEOUT_S, READ_TIMEOUT_S, REQUEST_TIMEOUT_S, RETRY_WAITS_S, Limits
from reconciler.live.request_watch import RequestWatch, TimeLimitPassed
from tests.unit.live.raw_server import Peer, Script, serving_raw
from tests.unit.live.wire import Answer, Wire, new_clock, open_session

# A write may take this long, and so may each try of a read: long enough to connect and answer on a busy machine.
SHORT = Limits(connect_s=3, read_s=3, request_s=3, shortest_try_s=0.1, silence_s=0.05)
PATIENT = Limits(connect_s=30, read_s=3, request_s=120, shortest_try_s=0.1, silence_s=120)
# A request without a limit never ends; one with a limit ends far sooner than this.
AT_MOST_S = 30.0
HEAD = b"HTTP/1.1 200 OK\r\n"
FINE = HEAD + b'Content-Length: 9\r\nConnection: close\r\n\r\n{"id": 1}'
KEPT = HEAD + b'Content-Length: 9\r\n\r\n{"id": 1}'


def silence(peer: Peer) -> None:
    peer.wait()


def dripping_status_line(peer: Peer) -> None:
    peer.write(b"HTTP/1.1 200 ")
    peer.drip(b"O")


def dripping_header_lines(peer: Peer) -> None:
    peer.write(HEAD)
    peer.drip(b"X: y\r\n")


def dripping_one_header(peer: Peer) -> None:
    peer.write(HEAD)
    peer.drip(b"x")


def dripping_interim_answers(peer: Peer) -> None:
    peer.drip(b"HTTP/1.1 100 Continue\r\n\r\n")


def dripping_body(peer: Peer) -> None:
    peer.write(HEAD, b"Content-Length: 10000\r\n\r\n")
    peer.drip(b" ")


def dripping_chunks(peer: Peer) -> None:
    peer.write(HEAD, b"Transfer-Encoding: chunked\r\n\r\n9\r\n", b'{"id": 1}\r\n')
    peer.drip(b"1\r\n \r\n")


def dripping_chunk_size(peer: Peer) -> None:
    peer.write(HEAD, b"Transfer-Encoding: chunked\r\n\r\n")
    peer.drip(b"0")


def dripping_trailers(peer: Peer) -> None:
    peer.write(HEAD, b"Transfer-Encoding: chunked\r\n\r\n9\r\n", b'{"id": 1}\r\n0\r\n')
    peer.drip(b"X: y\r\n")


def dripping_after_an_answer_of_no_length(peer: Peer) -> None:
    # Readable at any moment, and complete only when the connection ends.
    peer.write(b'HTTP/1.0 200 OK\r\n\r\n{"id": 1}')
    peer.drip(b" ")


SLOW = [
    silence,
    dripping_status_line,
    dripping_header_lines,
    dripping_one_header,
    dripping_interim_answers,
    dripping_body,
    dripping_chunks,
    dripping_chunk_size,
    dripping_trailers,
    dripping_after_an_answer_of_no_length,
]


def answering(peer: Peer) -> None:
    peer.write(FINE)


def keeping(peer: Peer) -> None:
    peer.write(KEPT)


@pytest.fixture
def began_at() -> Iterator[float]:
    """When the test began; it fails when it does not end in time."""
    began_at = time.monotonic()
    yield began_at
    assert time.monotonic() - began_at < AT_MOST_S


@pytest.mark.usefixtures("began_at")
@pytest.mark.parametrize("script", SLOW)
def test_a_write_is_lost_when_its_time_is_over(script: Script) -> None:
    with serving_raw(script) as server, open_session(None, base_url=server.url, limits=SHORT) as session:
        with pytest.raises(AnswerLost, match="no answer came within 3 s"):
            session.request("POST", "/v2/smart_trades", body={})
        assert len(server.requests) == 1


@pytest.mark.usefixtures("began_at")
@pytest.mark.parametrize("script", SLOW)
def test_a_read_is_repeated_when_its_time_is_over(script: Script) -> None:
    said: list[str] = []
    with (
        serving_raw(script, answering) as server,
        open_session(None, base_url=server.url, limits=PATIENT, on_wait=said.append) as session,
    ):
        assert session.request("GET", "/v2/smart_trades") == {"id": 1}
        assert len(server.requests) == 2
    assert said == [
        "GET /v2/smart_trades was sent and no answer came within 3 s; trying again (2 of at most 4).",
    ]


def test_a_read_with_its_repeats_ends_in_time_and_a_slow_answer_counts() -> None:
    clock = new_clock()

    def answer_late(_: requests.PreparedRequest) -> Answer:
        clock.sleep(25)
        return Answer(200, {"id": 1})

    def time_out(_: requests.PreparedRequest) -> Exception:
        clock.sleep(wire.settings[-1]["timeout"][1])
        return requests.ReadTimeout("late")

    assert open_session(Wire(script=answer_late), clock).request("GET", "/v2/smart_trades/1") == {"id": 1}
    began_s = clock.monotonic()
    wire = Wire(script=time_out)
    with pytest.raises(ApiError, match="2 times in a row"):
        open_session(wire, clock).request("GET", "/v2/smart_trades/1")
    assert clock.monotonic() - began_s <= REQUEST_TIMEOUT_S
    assert [settings["timeout"][1] for settings in wire.settings] == [
        READ_TIMEOUT_S,
        REQUEST_TIMEOUT_S - READ_TIMEOUT_S - RETRY_WAITS_S[0],
    ]


def test_a_read_that_finds_no_connection_ends_in_time_too() -> None:
    clock = new_clock()

    def time_out(_: requests.PreparedRequest) -> Exception:
        clock.sleep(wire.settings[-1]["timeout"][0])
        return requests.ConnectTimeout("late")

    wire = Wire(script=time_out)
    with pytest.raises(NotSent, match=f"no connection within {CONNECT_TIMEOUT_S:g} s"):
        open_session(wire, clock).request("GET", "/v2/smart_trades/1")
    assert len(wire.sent) == 3
    assert clock.monotonic() <= REQUEST_TIMEOUT_S


def test_waiting_for_the_pace_takes_nothing_from_the_time_of_a_read() -> None:
    clock = new_clock()
    wire = Wire(requests.ReadTimeout("late"), Answer(200, {"id": 1}))
    session = open_session(wire, clock)
    # The pace that remains allows one request a minute.
    for _ in range(999):
        session.budget.acquire()
    assert session.request("GET", "/v2/smart_trades/1") == {"id": 1}
    assert clock.monotonic() >= 60


def test_time_that_is_short_is_not_spent_on_one_more_try() -> None:
    clock = new_clock()
    wire = Wire(Answer(502, b"<html>"))
    with pytest.raises(ApiError, match="3 times in a row"):
        open_session(wire, clock, limits=Limits(request_s=10)).request("GET", "/v2/smart_trades/1")
    assert clock.monotonic() == sum(RETRY_WAITS_S[:2])


# Signs of life


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_silence_is_broken_now_and_then_until_the_answer_comes(method: str) -> None:
    said: list[str] = []
    heard = threading.Event()

    def hear(text: str) -> None:
        said.append(text)
        if len(said) == 2:
            heard.set()

    def answer_when_heard(peer: Peer) -> None:
        assert heard.wait(AT_MOST_S)
        peer.write(FINE)

    limits = Limits(silence_s=0.02)
    with (
        serving_raw(answer_when_heard) as server,
        open_session(None, base_url=server.url, limits=limits, on_wait=hear) as session,
    ):
        assert session.request(method, "/v2/smart_trades", query={"status": "active"}) == {"id": 1}
    assert said[:2] == [
        f"Still waiting for the answer to {method} /v2/smart_trades (0.02 s).",
        f"Still waiting for the answer to {method} /v2/smart_trades (0.04 s).",
    ]


@pytest.mark.usefixtures("began_at")
def test_a_sign_of_life_that_cannot_be_printed_does_not_end_the_watch() -> None:
    def fail(_: str) -> None:
        raise BrokenPipeError

    with (
        serving_raw(silence) as server,
        open_session(None, base_url=server.url, limits=SHORT, on_wait=fail) as session,
        pytest.raises(AnswerLost, match="no answer came within"),
    ):
        session.request("POST", "/v2/smart_trades", body={})


def test_an_answer_that_comes_soon_needs_no_sign_of_life() -> None:
    said: list[str] = []
    with serving_raw(answering) as server, open_session(None, base_url=server.url, on_wait=said.append) as session:
        session.request("GET", "/v2/smart_trades")
    assert said == []


# Connections


def test_a_connection_that_served_in_time_is_kept_and_not_shut_down_later() -> None:
    with (
        serving_raw(keeping, stays=True) as server,
        open_session(None, base_url=server.url, limits=SHORT) as session,
    ):
        session.request("POST", "/v2/smart_trades", body={})
        time.sleep(2 * SHORT.request_s)
        session.request("POST", "/v2/smart_trades", body={})
        assert (len(server.requests), server.connections) == (2, 1)


def test_a_kept_connection_is_watched_too() -> None:
    with (
        serving_raw(keeping, dripping_header_lines, stays=True) as server,
        open_session(None, base_url=server.url, limits=SHORT) as session,
    ):
        session.request("POST", "/v2/smart_trades", body={})
        with pytest.raises(AnswerLost):
            session.request("POST", "/v2/smart_trades", body={})
        assert (len(server.requests), server.connections) == (2, 1)


@pytest.mark.usefixtures("began_at")
def test_a_server_that_does_not_shake_hands_ends_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        with open_session(None, base_url=url, limits=SHORT) as session, pytest.raises((AnswerLost, NotSent)):
            session.request("POST", "/v2/smart_trades", body={})


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "certificate.pem"
    file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.mark.usefixtures("began_at")
@pytest.mark.parametrize("script", [silence, dripping_header_lines, dripping_body])
def test_encrypted_connections_end_in_time(script: Script, certificate: Path) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    with (
        serving_raw(keeping, script, tls=tls, stays=True) as server,
        closing(NetworkAdapter(SHORT, lambda _: None)) as adapter,
    ):
        request = requests.Request("GET", server.url).prepare()
        assert adapter.send(request, timeout=(3, 3), verify=str(certificate)).content == b'{"id": 1}'
        with pytest.raises(TimeLimitPassed):
            adapter.send(request, timeout=(3, 3), verify=str(certificate))
        assert server.connections == 1


@pytest.mark.usefixtures("began_at")
@pytest.mark.parametrize("script", [silence, dripping_header_lines, dripping_body])
def test_connections_by_a_proxy_end_in_time(script: Script) -> None:
    with serving_raw(script) as server, closing(NetworkAdapter(SHORT, lambda _: None)) as adapter:
        request = requests.Request("GET", "http://api.example/").prepare()
        for _ in range(2):
            with pytest.raises(TimeLimitPassed):
                adapter.send(request, timeout=(3, 3), proxies={"http": server.url})
        assert [head.split()[1] for head in server.requests] == [b"http://api.example/"] * 2


@pytest.mark.usefixtures("began_at")
def test_a_connection_that_comes_too_late_is_closed_and_never_used() -> None:
    ours, other = socket.socketpair()
    goes_on = threading.Event()

    def connect() -> socket.socket:
        assert goes_on.wait(5)
        return ours

    with pytest.raises(TimeLimitPassed, match=r"no connection within 0\.05 s"):
        call_within(0.05, connect)
    goes_on.set()
    with other:
        assert other.recv(1) == b""
    assert ours.fileno() == -1


@pytest.mark.parametrize("error", [TimeoutError("of one address"), ConnectionRefusedError("refused")])
def test_why_there_is_no_connection_is_passed_on(error: OSError) -> None:
    def connect() -> socket.socket:
        raise error

    with pytest.raises(type(error)) as caught:
        call_within(5, connect)
    assert caught.value is error


def test_nothing_is_sent_by_a_connection_that_is_made_after_the_time_is_over() -> None:
    ours, other = socket.socketpair()
    clock = new_clock()
    watch = RequestWatch(10, silence_s=60, on_silence=lambda _: None, clock=clock)
    clock.sleep(10)
    with ours, other, pytest.raises(TimeLimitPassed):
        watch.attach(ours)
