"""The session: one request in, one JSON value or one of our errors out."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from typing import Self
from urllib.parse import urlencode

import requests

from reconciler.clock import Clock
from reconciler.errors import AccessRefused, AnswerLost, ApiError, NotSent, RateLimited, UnreadableAnswer, UsageError
from reconciler.live.answers import Call, JsonValue, read_answer
from reconciler.live.hosts import check_host, read_base_url
from reconciler.live.pacing import BLOCK_AFTER_429_S, RequestBudget, RequestKind
from reconciler.live.signing import AnyCredentials
from reconciler.live.transport import Transport

# Seconds before the second, third and fourth try of a read; assumed: gateway trouble passes within seconds or not soon.
RETRY_WAITS_S = (1.0, 2.0, 4.0)
# Source: README of the official docs, Forced-Mode header.
MODES = ("paper", "real")

_WHOLE_SECONDS = re.compile(r"[0-9]{1,6}")


class ApiSession:
    """Sends signed requests at the allowed pace.

    Of a write, `AnswerLost` is the only error after which it may have had its effect.

    Args:
        base_url: Address below which the endpoints live, for example `https://api.3commas.io/public/api`.
        credentials: The key that signs, or None where only open endpoints are used.
        mode: "paper" or "real", sent with every request.
        budget: The pace, shared by all sessions of one key.
        clock: Where waiting between retries happens.
        adapter: Stands in for the network.
        allowed_hosts: Host names that may see credentials beside the API itself and this machine.
        on_request: Called with method and path, query included, right before each request, retries included.

    Raises:
        UsageError: The address or the mode is impossible.
        AccessRefused: The address is not encrypted, or may not see credentials.
    """

    def __init__(
        self,
        base_url: str,
        credentials: AnyCredentials | None,
        *,
        mode: str,
        budget: RequestBudget,
        clock: Clock,
        adapter: requests.adapters.BaseAdapter | None = None,
        allowed_hosts: Collection[str] = (),
        on_request: Callable[[str, str], None] | None = None,
    ) -> None:
        if mode not in MODES:
            raise UsageError(f"the mode is {mode!r}, expected one of {', '.join(MODES)}")
        url = read_base_url(base_url)
        check_host(url, allowed_hosts, has_credentials=credentials is not None)
        self.budget = budget
        # Called with method, path and body of a write when the pace lets it go: what it raises keeps it from leaving.
        self.before_write: Callable[[str, str, Mapping[str, object] | None], None] | None = None
        self._transport = Transport(url, credentials, mode=mode, adapter=adapter)
        self._credentials = credentials
        self._clock = clock
        self._on_request = on_request

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        self._transport.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
        is_signed: bool = True,
    ) -> JsonValue:
        """Send one request; a read is repeated a few times when no answer came.

        Args:
            method: HTTP method, upper case.
            path: Path below the base address, for example `/v2/smart_trades`.
            query: Parameters of the query string.
            body: Sent as JSON, Decimals as plain texts.
            is_signed: Whether the endpoint needs credentials.

        Returns:
            The JSON value, numbers with a point as Decimal; None for an empty answer.

        Raises:
            AccessRefused: No credentials, or key, permission, mode or redirect do not allow it.
            NotFound: There is no such trade.
            RequestRefused: Any other refusal.
            RateLimited: Nothing may be sent now.
            NotSent: No connection could be opened.
            AnswerLost: A write was sent and nobody knows whether it had an effect.
            UnreadableAnswer: A read was answered with something that cannot be read.
            ApiError: A read got no answer, repeatedly.
        """
        if is_signed and self._credentials is None:
            raise AccessRefused(f"{method} {path} needs an API key and none is given")
        target = path if not query else f"{path}?{urlencode(query)}"
        call = Call(method=method, path=target, secrets=self._secrets())
        if call.is_write:
            return self._attempt(call, body, is_signed=is_signed)
        return self._attempt_read(call, is_signed=is_signed)

    def _secrets(self) -> tuple[str, ...]:
        return () if self._credentials is None else self._credentials.secrets

    def _attempt_read(self, call: Call, *, is_signed: bool) -> JsonValue:
        for wait_s in RETRY_WAITS_S:
            try:
                return self._attempt(call, None, is_signed=is_signed)
            except (AnswerLost, NotSent, UnreadableAnswer):
                self._clock.sleep(wait_s)
        try:
            return self._attempt(call, None, is_signed=is_signed)
        except AnswerLost as lost:
            tries = len(RETRY_WAITS_S) + 1
            raise ApiError(f"{lost.message}, {tries} times in a row", status=lost.status) from lost

    def _attempt(self, call: Call, body: Mapping[str, object] | None, *, is_signed: bool) -> JsonValue:
        kind = RequestKind.WRITE if call.is_write else RequestKind.READ
        self.budget.acquire(kind)
        if self._on_request is not None:
            self._on_request(call.method, call.path)
        if call.is_write and self.before_write is not None:
            self.before_write(call.method, call.path, body)
        answer = self._transport.send(call, body, is_signed=is_signed)
        if isinstance(answer, ApiError):
            raise answer
        try:
            return read_answer(call, answer.status_code, answer.content)
        except RateLimited as limited:
            self._slow_down(limited, kind, answer.headers.get("Retry-After", ""))
            raise

    def _slow_down(self, limited: RateLimited, kind: RequestKind, retry_after: str) -> None:
        if limited.is_permanent:
            self.budget.refuse(kind, limited.message)
        elif limited.status == 418:
            self.budget.ban(limited.message)
        else:
            # Source: captured headers: no Retry-After was ever seen; a longer one than the documented block is kept to.
            asked_s = int(retry_after) if _WHOLE_SECONDS.fullmatch(retry_after) else 0
            self.budget.stop(max(BLOCK_AFTER_429_S, asked_s), limited.message)
