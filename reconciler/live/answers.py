"""Meaning of an HTTP answer: a JSON value, or exactly one of our errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import cast

from reconciler.codec.json_text import parse_json
from reconciler.codec.printable import is_plain
from reconciler.errors import (
    AccessRefused,
    AnswerLost,
    AnswerTooLarge,
    ApiError,
    NotFound,
    RateLimited,
    RequestRefused,
    UnreadableAnswer,
)

JsonValue = dict[str, object] | list[object] | str | int | Decimal | bool | None

# Source: errors page and captured answers, `error` values about the key, the signature and the mode.
ACCESS_CODES = frozenset({"signature_invalid", "api_key_invalid_or_expired", "access_denied", "forced_mode_invalid"})
# 403 also answers an operation that the trade's present state forbids. No such answer is published, so these are the
# words of the same refusal under 400 and 422; any other 403 counts as a lack of permission, which stops the run.
# Source: errors page; assumed: the words are the same.
STATE_WORDS = ("current status", "current state", "cannot be", "can't be", "cant be", "wrong param")
# Source: 429 answer of a plan restriction, captured.
PLAN_RESTRICTION_WORDS = "subscription plan"
_SHOWN_TEXT_CHARS = 300
# A text of the API is cut to this length before it is made fit for a message.
_READ_TEXT_CHARS = 10 * _SHOWN_TEXT_CHARS
_SHOWN_ATTRIBUTES = 20
_SHOWN_MESSAGES = 5
# Source: RFC 9110, 204: such an answer ends with its headers.
_NO_CONTENT = 204
# Commas and opening brackets: each may become an object of some hundred bytes in memory.
# Measured: a page of 100 trades has about 30,000.
LARGEST_ANSWER_VALUES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, as far as messages about it need to know.

    Attributes:
        method: HTTP method, upper case.
        path: Path below the API address, with query.
        secrets: Texts that no message may show, even if the API repeats them.
    """

    method: str
    path: str
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def name(self) -> str:
        """Method and path without the query, for messages that are only a sign of life."""
        return f"{self.method} {self.path.partition('?')[0]}"

    @property
    def is_write(self) -> bool:
        """Return whether the request may change something."""
        return self.method != "GET"

    def clean(self, text: str) -> str:
        """Clean a text from outside for a message: printable, short, without secrets."""
        is_cut = len(text) > _READ_TEXT_CHARS
        text = text[:_READ_TEXT_CHARS]
        for secret in self.secrets:
            text = text.replace(secret, "***")
        if is_cut:
            # What is left of a secret that was cut in two.
            text = text[: -max((len(secret) for secret in self.secrets), default=1)]
        plain = " ".join("".join(character if is_plain(character) else " " for character in text).split())
        return plain if len(plain) <= _SHOWN_TEXT_CHARS else f"{plain[:_SHOWN_TEXT_CHARS]}…"


def read_answer(call: Call, status: int, content: bytes) -> JsonValue:
    """Read the JSON value of an answer.

    Args:
        call: What was asked.
        status: HTTP status code.
        content: Body of the answer, decompressed.

    Returns:
        Numbers with a point as Decimal; None for an empty body.

    Raises:
        AccessRefused: Key, permission or mode do not allow it, or a redirect was answered.
        NotFound: There is no such trade.
        RequestRefused: Any other refusal.
        RateLimited: 429 or 418.
        AnswerLost: A server or gateway failed, or a write was answered with something that cannot be read.
        UnreadableAnswer: A read was answered with something that cannot be read.
        AnswerTooLarge: A read was answered with more values than any real answer has.
    """
    if 200 <= status < 300:
        return _read_success(call, status, content)
    if 300 <= status < 400:
        raise AccessRefused(
            f"{call} was answered with a redirect ({status}); redirects are never followed, check the API address",
            status=status,
        )
    # Source: RFC 9110: 408 comes from a server that gave up waiting; it does not say whether it acted.
    if 400 <= status < 500 and status != 408:
        raise _read_refusal(call, status, content)
    raise AnswerLost(f"{call} failed on the side of the API ({status})", status=status)


def is_cut_off(status: int, headers: Mapping[str, str], content: bytes) -> bool:
    """Return whether an empty success may be the beginning of a longer answer.

    If a connection breaks within the headers, the answer seems to have no body. Only a status or a header that
    says how long the body is proves that it is empty.

    Args:
        status: HTTP status code.
        headers: Headers of the answer.
        content: Body of the answer, decompressed.
    """
    says_its_length = "Content-Length" in headers or "Transfer-Encoding" in headers
    return 200 <= status < 300 and status != _NO_CONTENT and not content and not says_its_length


def unreadable(call: Call, reason: str, *, status: int | None = None) -> ApiError:
    """Make the error for an answer of the wrong kind: a write with such an answer may have had its effect.

    Args:
        call: What was asked.
        reason: What is wrong with the answer.
        status: HTTP status code.
    """
    if call.is_write:
        return AnswerLost(f"{call} was sent, but {reason}, so its effect is not known", status=status)
    return UnreadableAnswer(f"{call}: {reason}", status=status)


def too_large(call: Call, reason: str, *, status: int | None = None) -> ApiError:
    """Make the error for an answer that is larger than any real one: a read of it need not be repeated.

    Args:
        call: What was asked.
        reason: How large the answer is.
        status: HTTP status code.
    """
    if call.is_write:
        return unreadable(call, reason, status=status)
    return AnswerTooLarge(f"{call}: {reason}, which no answer of the API is; check the API address", status=status)


def _read_success(call: Call, status: int, content: bytes) -> JsonValue:
    if not content.strip():
        return None
    if not _is_countable(content):
        raise too_large(call, f"the answer has more than {LARGEST_ANSWER_VALUES} values", status=status)
    parsed, is_json = _parse(content)
    if not is_json:
        raise unreadable(call, "the answer is not JSON", status=status)
    # Source: py3cw guards against a gateway error inside a 2xx answer; no documented answer has a top-level `error`.
    if isinstance(parsed, dict) and "error" in parsed:
        raise unreadable(call, "the answer is an error in the dress of a success", status=status)
    return parsed


def _parse(content: bytes) -> tuple[JsonValue, bool]:
    try:
        value = cast("JsonValue", parse_json(content))
    except (ValueError, RecursionError):
        return None, False
    return value, True


def _is_countable(content: bytes) -> bool:
    return sum(content.count(mark) for mark in (b",", b"[", b"{")) <= LARGEST_ANSWER_VALUES


def _read_refusal(call: Call, status: int, content: bytes) -> ApiError:
    parsed, _ = _parse(content) if _is_countable(content) else (None, False)
    body = parsed if isinstance(parsed, dict) else {}
    # Classified by the API's own words; the message shows them without secrets.
    refusal = _refusal_class(status, _text(body.get("error")), _text(body.get("error_description")))
    code, description = call.clean(_text(body.get("error"))), call.clean(_text(body.get("error_description")))
    attributes = _read_attributes(call, body.get("error_attributes"))
    if status in (418, 429):
        return _read_rate_limit(call, status, code, description)
    message = f"{call} was refused ({f'{status} {code}'.strip()}){_details(description, attributes)}"
    return refusal(message, status=status, code=code, attributes=attributes)


def _read_rate_limit(call: Call, status: int, code: str, description: str) -> RateLimited:
    is_permanent = status == 429 and PLAN_RESTRICTION_WORDS in code.lower()
    if is_permanent:
        message = f"{call} is not part of the subscription plan: {code}"
    elif status == 418:
        message = f"{call} was answered with 418: this address is banned for a while (2 minutes to 3 days)"
    else:
        message = f"{call} came too soon after others (429){_details(description or code, {})}"
    return RateLimited(message, status=status, is_permanent=is_permanent)


def _refusal_class(status: int, code: str, description: str) -> type[RequestRefused]:
    if code in ACCESS_CODES or status == 401:
        return AccessRefused
    # Only with the words of the API: the 404 page of a proxy says nothing about a trade.
    if status in (400, 404) and code.lower().replace("_", " ") == "not found":
        return NotFound
    if status == 403 and not any(word in f"{code} {description}".lower() for word in STATE_WORDS):
        return AccessRefused
    return RequestRefused


def _read_attributes(call: Call, attributes: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(attributes, Mapping):
        return {}
    return {
        call.clean(str(key)): _read_messages(call, messages)
        for key, messages in islice(attributes.items(), _SHOWN_ATTRIBUTES)
    }


def _read_messages(call: Call, messages: object) -> tuple[str, ...]:
    if isinstance(messages, Sequence) and not isinstance(messages, str):
        return tuple(call.clean(str(message)) for message in messages[:_SHOWN_MESSAGES])
    return (call.clean(str(messages)),)


def _details(description: str, attributes: Mapping[str, Sequence[str]]) -> str:
    details = [f"{key} {', '.join(messages)}" for key, messages in attributes.items()]
    # "Invalid parameters" only says what the attributes say better.
    if description and not details:
        details = [description]
    return f": {'; '.join(details)}" if details else ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
