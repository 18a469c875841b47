"""An answer is read up to a size, whatever it says of itself and however it is packed."""

from __future__ import annotations

import gzip
import json
import tracemalloc
import zlib
from collections.abc import Iterator

import pytest

from reconciler.errors import AnswerLost, AnswerTooLarge, ApiError, NotFound, RequestRefused, UnreadableAnswer
from reconciler.live.answers import LARGEST_ANSWER_VALUES, Call, read_answer
from reconciler.live.request_limits import Limits
from tests.unit.live.raw_server import Peer, Script, serving_raw
from tests.unit.live.wire import open_session

MIB = 1024 * 1024
SMALL = Limits(answer_bytes=MIB, read_s=10, request_s=10)
HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
BLANKS = b" " * 65536


def answer_of(body: bytes, *headers: str) -> bytes:
    lines = "".join(f"{header}\r\n" for header in (f"Content-Length: {len(body)}", "Connection: close", *headers))
    return HEAD + lines.encode() + b"\r\n" + body


def packing(body: bytes, encoding: str) -> Script:
    def pack(peer: Peer) -> None:
        peer.write(answer_of(body, f"Content-Encoding: {encoding}"))

    return pack


def bomb() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join(packer.compress(b" " * MIB) for _ in range(100)) + packer.flush()


def endless_body(peer: Peer) -> None:
    peer.write(b"HTTP/1.0 200 OK\r\n\r\n")
    peer.flood(BLANKS)


def endless_chunks(peer: Peer) -> None:
    peer.write(CHUNKED)
    peer.flood(b"10000\r\n" + BLANKS + b"\r\n")


def one_endless_chunk(peer: Peer) -> None:
    peer.write(CHUNKED, b"FFFFFFFFFF\r\n")
    peer.flood(BLANKS)


def huge_declared_body(peer: Peer) -> None:
    peer.write(HEAD, b"Content-Length: 1000000000000\r\n\r\n")
    peer.flood(BLANKS)


def endless_gzip_without_content(peer: Peer) -> None:
    peer.write(HEAD, b"Content-Encoding: gzip\r\n\r\n")
    peer.flood(gzip.compress(b"") * 1000)


TOO_LARGE = [
    endless_body,
    endless_chunks,
    one_endless_chunk,
    huge_declared_body,
    endless_gzip_without_content,
    packing(bomb(), "gzip"),
    packing(gzip.compress(b" ") + bomb(), "gzip"),
    packing(zlib.compress(b" " * 2 * MIB), "deflate"),
]


@pytest.fixture
def little_memory() -> Iterator[None]:
    """The test fails when it holds much more than the limit."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < 8 * MIB
    finally:
        tracemalloc.stop()


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("script", TOO_LARGE)
def test_a_read_that_is_answered_with_too_much_fails_at_once(script: Script) -> None:
    with serving_raw(script) as server, open_session(None, base_url=server.url, limits=SMALL) as session:
        with pytest.raises(AnswerTooLarge, match="larger than 1 MiB"):
            session.request("GET", "/v2/smart_trades")
        assert len(server.requests) == 1


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("script", TOO_LARGE)
def test_a_write_that_is_answered_with_too_much_is_lost(script: Script) -> None:
    with serving_raw(script) as server, open_session(None, base_url=server.url, limits=SMALL) as session:
        with pytest.raises(AnswerLost, match="its effect is not known"):
            session.request("POST", "/v2/smart_trades", body={})
        assert len(server.requests) == 1


def without_end_of_headers(peer: Peer) -> None:
    peer.write(HEAD)
    peer.flood(b"X: y\r\n" * 1000)


def endless_header(peer: Peer) -> None:
    peer.write(HEAD, b"X: ")
    peer.flood(BLANKS)


def endless_chunk_size(peer: Peer) -> None:
    peer.write(CHUNKED)
    peer.flood(b"0" * 65536)


def reset_in_the_headers(peer: Peer) -> None:
    peer.write(HEAD)
    peer.reset()


def reset_in_the_body(peer: Peer) -> None:
    peer.write(HEAD, b'Content-Length: 100\r\n\r\n{"id": 1')
    peer.reset()


def shorter_than_declared(peer: Peer) -> None:
    peer.write(HEAD, b'Content-Length: 100\r\n\r\n{"id": 1}')


def cut_in_a_chunk(peer: Peer) -> None:
    peer.write(CHUNKED, b'100\r\n{"id": 1}')


def without_a_last_chunk(peer: Peer) -> None:
    peer.write(CHUNKED, b'9\r\n{"id": 1}\r\n')


def nonsense(peer: Peer) -> None:
    peer.write(b"\x16\x03\x01\x02\x00 no HTTP\r\n\r\n")


DAMAGED = [
    without_end_of_headers,
    endless_header,
    endless_chunk_size,
    reset_in_the_headers,
    reset_in_the_body,
    shorter_than_declared,
    cut_in_a_chunk,
    without_a_last_chunk,
    nonsense,
    packing(gzip.compress(b'{"id": 1}')[:-4], "gzip"),
    packing(b'{"id": 1}', "gzip"),
    packing(gzip.compress(gzip.compress(b'{"id": 1}')), "gzip, gzip"),
    packing(b'{"id": 1}', "br"),
]


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("script", DAMAGED)
def test_a_read_whose_answer_is_damaged_is_repeated(script: Script) -> None:
    def answer(peer: Peer) -> None:
        peer.write(answer_of(b'{"id": 2}'))

    said: list[str] = []
    with (
        serving_raw(script, answer) as server,
        open_session(None, base_url=server.url, limits=SMALL, on_wait=said.append) as session,
    ):
        assert session.request("GET", "/v2/smart_trades/2") == {"id": 2}
        assert len(server.requests) == 2
    assert len(said) == 1
    assert said[0].endswith("trying again (2 of at most 4).")


@pytest.mark.usefixtures("little_memory")
@pytest.mark.parametrize("script", DAMAGED)
def test_a_write_whose_answer_is_damaged_is_lost(script: Script) -> None:
    with serving_raw(script) as server, open_session(None, base_url=server.url, limits=SMALL) as session:
        with pytest.raises(AnswerLost):
            session.request("POST", "/v2/smart_trades", body={})
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    "script",
    [
        packing(b'{"id": 1}', "identity"),
        packing(gzip.compress(b'{"id": 1}'), "gzip"),
        packing(gzip.compress(b'{"id": 1}'), "X-GZIP"),
        packing(gzip.compress(b'{"id"') + gzip.compress(b": 1}"), "gzip"),
        packing(zlib.compress(b'{"id": 1}'), "deflate"),
        lambda peer: peer.write(CHUNKED, b'4\r\n{"id\r\n5\r\n": 1}\r\n0\r\n\r\n'),
        lambda peer: peer.write(b'HTTP/1.0 200 OK\r\n\r\n{"id": 1}'),
        lambda peer: peer.write(answer_of(b'{"id": 1}' + b" " * (MIB - 9))),
        lambda peer: peer.write(b"HTTP/1.1 100 Continue\r\n\r\n", answer_of(b'{"id": 1}')),
    ],
)
def test_a_whole_answer_is_read_however_it_comes(script: Script) -> None:
    with serving_raw(script) as server, open_session(None, base_url=server.url, limits=SMALL) as session:
        assert session.request("POST", "/v2/smart_trades", body={}) == {"id": 1}


def test_an_answer_without_a_body_may_be_called_packed() -> None:
    with (
        serving_raw(packing(b"", "gzip")) as server,
        open_session(None, base_url=server.url, limits=SMALL) as session,
    ):
        assert session.request("POST", "/v2/smart_trades", body={}) is None


def test_a_refusal_is_packed_like_any_answer() -> None:
    body = gzip.compress(b'{"error": "not_found"}')
    head = b"HTTP/1.1 404 Not Found\r\nContent-Encoding: gzip\r\nContent-Length: "
    with (
        serving_raw(lambda peer: peer.write(head, f"{len(body)}\r\n\r\n".encode(), body)) as server,
        open_session(None, base_url=server.url, limits=SMALL) as session,
        pytest.raises(NotFound),
    ):
        session.request("GET", "/v2/smart_trades/1")


# What the bytes hold

READ = Call(method="GET", path="/v2/smart_trades")
WRITE = Call(method="POST", path="/v2/smart_trades")


@pytest.mark.parametrize("piece", [b"[]", b"{}", b"1.5", b'{"":0}'])
def test_an_answer_of_too_many_values_is_refused_before_it_is_parsed(piece: bytes) -> None:
    content = b"[" + b",".join([piece] * LARGEST_ANSWER_VALUES) + b",0]"
    with pytest.raises(AnswerTooLarge, match="more than 1000000 values"):
        read_answer(READ, 200, content)
    with pytest.raises(AnswerLost, match="more than 1000000 values"):
        read_answer(WRITE, 200, content)
    with pytest.raises(RequestRefused):
        read_answer(WRITE, 400, content)


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 200_000 + b"]" * 200_000,
        b'{"a":' * 200_000 + b"1" + b"}" * 200_000,
        b'{"id": ' + b"9" * 5000 + b"}",
        b'{"price": 1e9999999999999999999}',
        b'{"price": 1e-9999999999999999999}',
        b'{"price": 1e999999999}',
        b'{"price": -1.5e-400}',
        b'{"note": "\xe4"}',
        b'{"id": 1} {"id": 2}',
    ],
)
def test_json_that_no_api_sends_is_unreadable(content: bytes) -> None:
    with pytest.raises(UnreadableAnswer):
        read_answer(READ, 200, content)
    with pytest.raises(AnswerLost):
        read_answer(WRITE, 200, content)


def test_a_message_shows_a_little_of_a_long_refusal() -> None:
    body = {"error": "x" * MIB, "error_attributes": {f"key {number}": ["y" * 1000] * 100 for number in range(100)}}
    with pytest.raises(ApiError) as caught:
        read_answer(WRITE, 422, json.dumps(body).encode())
    assert len(caught.value.message) < 40_000


@pytest.mark.parametrize("blanks", range(2900, 3010))
def test_a_secret_that_is_cut_in_two_is_not_shown(blanks: int) -> None:
    call = Call(method="GET", path="/", secrets=("SECRETSECRETSECRET",))
    assert "S" not in call.clean(" " * blanks + "SECRETSECRETSECRET" * 3)


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_a_write_whose_answer_ends_after_its_first_headers_is_lost(method: str) -> None:
    def break_off(peer: Peer) -> None:
        peer.write(b"HTTP/1.1 200 OK\r\nServer: nginx\r\n\r\n")

    with (
        serving_raw(break_off) as server,
        open_session(None, base_url=server.url, limits=SMALL) as session,
        pytest.raises(AnswerLost, match="the answer broke off"),
    ):
        session.request(method, "/v2/smart_trades/1")
