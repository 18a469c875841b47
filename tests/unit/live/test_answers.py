from __future__ import annotations

import contextlib
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import (
    AccessRefused,
    AnswerLost,
    ApiError,
    NotFound,
    RateLimited,
    RequestRefused,
    UnreadableAnswer,
)
from reconciler.live.answers import Call, is_cut_off, read_answer

READ = Call(method="GET", path="/v2/smart_trades/1")
WRITE = Call(method="POST", path="/v2/smart_trades")


def answer(call: Call, status: int, body: Any) -> object:
    return read_answer(call, status, body if isinstance(body, bytes) else json.dumps(body).encode())


def error(code: str, description: str | None = None, attributes: Any = None) -> dict[str, Any]:
    return {"error": code, "error_description": description, "error_attributes": attributes}


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        # The published error values, see the errors page and the SmartTradesV2 page.
        (400, error("record_invalid", "Invalid parameters", {"note": ["too long"]}), RequestRefused),
        (422, error("record_invalid", "Invalid parameters"), RequestRefused),
        (400, error("Wrong param(s)", "Reduce funds is not allowed in the current status"), RequestRefused),
        (401, error("signature_invalid", "Provided signature is invalid"), AccessRefused),
        (401, error("api_key_invalid_or_expired", "Unauthorized. Invalid or expired api key."), AccessRefused),
        (401, b"", AccessRefused),
        (403, error("Forbidden", "Account not owned by current user."), AccessRefused),
        (403, error("Forbidden", "Api key not authorized for this action"), AccessRefused),
        (403, error("access_denied", "Api key doesn't have enough permissions"), AccessRefused),
        (403, b"<html>blocked</html>", AccessRefused),
        (400, error("forced_mode_invalid", "Forced mode is not included in the ['real', 'paper']"), AccessRefused),
        (400, error("Not found", "Smart Trade not found"), NotFound),
        (404, error("Not found", "Smart Trade not found"), NotFound),
        (404, error("not_found", "Not Found"), NotFound),
        (405, error("invalid_request_method", "Your request method is not supported"), RequestRefused),
        (422, error("unprocessable_entity", "Trade cannot be cancelled"), RequestRefused),
        (409, b"", RequestRefused),
        (429, error("rate_limit_exceeded"), RateLimited),
        (429, b"<html>slow down</html>", RateLimited),
        (418, b"", RateLimited),
        (301, b"", AccessRefused),
        (307, b"", AccessRefused),
    ],
)
@pytest.mark.parametrize("call", [READ, WRITE])
def test_each_refusal_is_exactly_one_of_our_errors(call: Call, status: int, body: Any, expected: type) -> None:
    with pytest.raises(ApiError) as caught:
        answer(call, status, body)
    assert type(caught.value) is expected
    assert caught.value.status == status
    assert str(call) in caught.value.message


@pytest.mark.parametrize("description", ["Operation is not allowed in the current status", "Cant be cancelled"])
def test_a_403_about_the_state_of_the_trade_is_no_lack_of_permission_assumes_its_words(description: str) -> None:
    with pytest.raises(RequestRefused) as caught:
        answer(WRITE, 403, error("Forbidden", description))
    assert type(caught.value) is RequestRefused


def test_the_404_page_of_a_proxy_says_nothing_about_a_trade() -> None:
    with pytest.raises(RequestRefused) as caught:
        answer(READ, 404, b"<html>404 Not Found</html>")
    assert type(caught.value) is RequestRefused


@pytest.mark.parametrize("status", [408, 500, 502, 504, 520, 599, 100])
def test_a_failure_of_server_or_gateway_leaves_the_effect_unknown(status: int) -> None:
    with pytest.raises(AnswerLost) as caught:
        answer(WRITE, status, b"<html>oops</html>")
    assert caught.value.status == status


@pytest.mark.parametrize(
    "body",
    [
        b"<html>login</html>",
        b'{"id": 1',
        b"\xff\xfe",
        b'{"a": NaN}',
        b"[" * 100_000,
        b'{"error": {"status_code": 502}}',
        b'{"error": "record_invalid"}',
    ],
)
def test_a_success_that_is_none_is_unreadable_for_a_read_and_lost_for_a_write(body: bytes) -> None:
    with pytest.raises(UnreadableAnswer):
        answer(READ, 200, body)
    with pytest.raises(AnswerLost, match="effect is not known"):
        answer(WRITE, 201, body)


def test_numbers_keep_their_text() -> None:
    assert answer(READ, 200, b'{"a": 0.10, "b": 3, "c": 1.6e-6}') == {
        "a": Decimal("0.10"),
        "b": 3,
        "c": Decimal("0.0000016"),
    }


@pytest.mark.parametrize("body", [b"", b" \n"])
def test_an_empty_success_is_none(body: bytes) -> None:
    assert answer(WRITE, 204, body) is None


def test_a_refusal_names_every_field() -> None:
    attributes = {"position[units]": ["is missing", "is invalid"], "total": "must be at least 5"}
    with pytest.raises(RequestRefused) as caught:
        answer(WRITE, 422, error("record_invalid", "Invalid parameters", attributes))
    assert caught.value.message == (
        "POST /v2/smart_trades was refused (422 record_invalid):"
        " position[units] is missing, is invalid; total must be at least 5"
    )
    assert caught.value.code == "record_invalid"
    assert caught.value.attributes == {
        "position[units]": ("is missing", "is invalid"),
        "total": ("must be at least 5",),
    }


def test_a_refusal_without_words_still_reads_well() -> None:
    with pytest.raises(RequestRefused) as caught:
        answer(WRITE, 422, b"[]")
    assert caught.value.message == "POST /v2/smart_trades was refused (422)"


def test_a_429_of_the_subscription_plan_is_permanent() -> None:
    text = "The request type 'read' is not available with your current subscription plan. Please upgrade your plan."
    with pytest.raises(RateLimited, match="subscription plan: The request type 'read'") as caught:
        answer(READ, 429, {"error": text})
    assert caught.value.is_permanent


def test_an_ordinary_429_is_not_permanent_and_repeats_the_words_of_the_api() -> None:
    with pytest.raises(RateLimited, match=r"\(429\): slow down") as caught:
        answer(READ, 429, error("rate_limit_exceeded", "slow down"))
    assert not caught.value.is_permanent


def test_foreign_text_in_a_message_is_printable_and_short() -> None:
    with pytest.raises(RequestRefused) as caught:
        answer(WRITE, 400, error("bad", "\x1b[31mred\nline" + "x" * 10_000))
    assert caught.value.message.isprintable()
    assert len(caught.value.message) < 500


def test_a_secret_that_the_api_repeats_is_not_shown() -> None:
    call = Call(method="POST", path="/v2/smart_trades", secrets=("MARKED",))
    with pytest.raises(RequestRefused) as caught:
        answer(call, 400, error("MARKED", "key MARKED", {"MARKED": ["MARKED"], "x": "MARKED"}))
    assert "MARKED" not in f"{caught.value} {caught.value.code} {caught.value.attributes} {call!r}"


def test_a_secret_inside_the_words_of_the_api_does_not_change_what_they_mean() -> None:
    with pytest.raises(NotFound):
        answer(Call(method="GET", path="/x", secrets=("o",)), 404, error("Not found"))


@given(status=st.integers(100, 599), content=st.binary(max_size=50) | st.sampled_from([b"{}", b"[]", b'{"error": 1}']))
def test_any_answer_is_a_value_or_one_of_our_errors(status: int, content: bytes) -> None:
    for call in (READ, WRITE):
        with contextlib.suppress(ApiError):
            read_answer(call, status, content)
            assert 200 <= status < 300


@pytest.mark.parametrize(
    ("status", "headers", "content", "expected"),
    [
        (200, {}, b"", True),
        (201, {"Server": "nginx"}, b"", True),
        (200, {"Content-Length": "0"}, b"", False),
        (200, {"Transfer-Encoding": "chunked"}, b"", False),
        (204, {}, b"", False),
        (200, {}, b"{}", False),
        (502, {}, b"", False),
    ],
)
def test_an_empty_success_is_cut_off_unless_something_says_that_it_is_empty(
    status: int, headers: dict[str, str], content: bytes, expected: bool
) -> None:
    assert is_cut_off(status, headers, content) is expected
