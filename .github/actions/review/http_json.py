"""Requests in JSON to the service that hosts the repository: bounded in time, and repeated only if that is safe."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException
from typing import IO

TIMEOUT_S = 20.0
# How long to wait before the second, third and fourth try, in seconds.
_PAUSES_S = (1.0, 3.0, 9.0)
# A service that asks for more patience than this is not waited for.
_LONGEST_PAUSE_S = 60.0
_MAX_BYTES = 64 * 2**20
_TOO_MANY = 429
_FORBIDDEN = 403
_FIRST_SERVER_ERROR = 500


class ApiError(Exception):
    """A request failed.

    Attributes:
        status: Status of the answer; 0 if there was none.
        message: What the service says about it.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"{status} {message}".strip() if status else message)
        self.status = status
        self.message = message

    @property
    def is_lost(self) -> bool:
        """Return whether the request may have had an effect all the same."""
        return self.status == 0 or self.status >= _FIRST_SERVER_ERROR


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the service.

    Attributes:
        content: Its JSON; None if it is empty.
        headers: Names in lower case.
    """

    content: object
    headers: Mapping[str, str]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Follows no redirect, which would send the token to another host."""

    def redirect_request(
        self, _request: urllib.request.Request, _file: IO[bytes], code: int, _message: str, _headers: Message, _url: str
    ) -> None:
        """Refuse it."""
        raise ApiError(code, "the service redirects, and a token is sent to no other address")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonClient:
    """Sends requests to one address with one token.

    Attributes:
        base_url: Beginning of every address, without a slash at its end.
        headers: Sent with each request; they hold the token, which is never shown.
        sleep: Waits for some seconds.
        pauses_s: How long to wait before each further try, in seconds.
    """

    base_url: str
    headers: Mapping[str, str] = field(repr=False)
    sleep: Callable[[float], None] = time.sleep
    pauses_s: tuple[float, ...] = _PAUSES_S

    def send(self, method: str, path: str, body: object = None, *, is_repeatable: bool = True) -> Answer:
        """Send a request.

        Args:
            method: HTTP method.
            path: What follows the base address.
            body: Sent as JSON; None for none.
            is_repeatable: Whether it does no harm if it arrives twice.

        Raises:
            ApiError: It was refused, or all tries failed.
        """
        for pause_s in self.pauses_s:
            try:
                return self._send_once(method, path, body)
            except _AskedToWaitError as error:
                if error.wait_s > _LONGEST_PAUSE_S:
                    raise error.cause from None
                self.sleep(max(error.wait_s, pause_s))
            except ApiError as error:
                if not (error.is_lost and is_repeatable):
                    raise
                self.sleep(pause_s)
        try:
            return self._send_once(method, path, body)
        except _AskedToWaitError as error:
            raise error.cause from None

    def _send_once(self, method: str, path: str, body: object) -> Answer:
        data = None if body is None else json.dumps(body).encode()
        url = f"{self.base_url}{path}"
        request = urllib.request.Request(url, data, dict(self.headers), method=method)  # noqa: S310 - from the runner
        request.add_header("Content-Type", "application/json")
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=TIMEOUT_S) as answer:
                content = answer.read(_MAX_BYTES)
                headers = {name.lower(): value for name, value in answer.headers.items()}
        except urllib.error.HTTPError as error:
            raise _refuse(error) from None
        except (OSError, HTTPException) as error:
            raise ApiError(0, f"no answer: {getattr(error, 'reason', error)}") from None
        try:
            return Answer(json.loads(content) if content.strip() else None, headers)
        except ValueError:
            raise ApiError(_FIRST_SERVER_ERROR, "the answer is not JSON") from None


class _AskedToWaitError(Exception):
    """The service did nothing, and says how long to wait."""

    def __init__(self, wait_s: float, cause: ApiError) -> None:
        super().__init__(str(cause))
        self.wait_s = wait_s
        self.cause = cause


def _refuse(error: urllib.error.HTTPError) -> ApiError | _AskedToWaitError:
    with error:
        message = _find_message(error.read(_MAX_BYTES)) or str(error.reason)
    found = ApiError(error.code, message)
    wait_s = error.headers.get("retry-after", "")
    is_slowed = error.code in (_TOO_MANY, _FORBIDDEN) and wait_s.isdecimal()
    return _AskedToWaitError(float(wait_s), found) if is_slowed else found


def _find_message(content: bytes) -> str:
    try:
        document = json.loads(content)
    except ValueError:
        return ""
    if not isinstance(document, dict):
        return ""
    details = document.get("errors")
    texts = [document.get("message"), *(details if isinstance(details, list) else [])]
    texts = [each.get("message") if isinstance(each, dict) else each for each in texts]
    return "; ".join(" ".join(str(each).split()) for each in texts if each)
