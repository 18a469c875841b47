"""The session: one request in, one JSON value or one of our errors out."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode

import requests

from reconciler.clock import Clock
from reconciler.errors import (
    AccessRefused,
    AnswerLost,
    AnswerTooLarge,
    ApiError,
    NotSent,
    RateLimited,
    UnreadableAnswer,
    UsageError,
)
from reconciler.live.answers import Call, JsonValue, is_cut_off, read_answer, unreadable
from reconciler.live.hosts import check_host, read_base_url
from reconciler.live.pacing import BLOCK_AFTER_429_S, RequestBudget, RequestKind
from reconciler.live.request_limits import DEFAULT_LIMITS, RETRY_WAITS_S, Limits
from reconciler.live.signing import AnyCredentials
from reconciler.live.signs_of_life import SignsOfLife
from reconciler.live.transport import Transport
from reconciler.model.targets import Mode

# Called with method, path and body of a write when the pace lets it go; what it raises keeps the write from being sent.
BeforeSend = Callable[[str, str, Mapping[str, object] | None], None]

_WHOLE_SECONDS = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOptions:
    """The settings of a session that differ from the usual ones.

    Attributes:
        adapter: Takes the place of the network.
        allowed_hosts: Host names that may see credentials beside the API itself and this machine.
        on_request: Called with method and path, query included, right before each request, retries included.
        on_wait: Called with a sentence when a read is repeated, and after ten silent seconds; while an answer is waited
            for, from another thread.
        is_shown: Returns whether progress is shown in another way, so that many requests need no sentence.
        limits: Bounds of time and size.
    """

    adapter: requests.adapters.BaseAdapter | None = None
    allowed_hosts: Collection[str] = ()
    on_request: Callable[[str, str], None] | None = None
    on_wait: Callable[[str], None] | None = None
    is_shown: Callable[[], bool] = lambda: False
    limits: Limits = DEFAULT_LIMITS


class ApiSession:
    """Sends signed requests at the allowed pace.

    Of a write, `AnswerLost` is the only error after which it may have had its effect.

    Args:
        base_url: Address below which the endpoints live, for example `https://api.3commas.io/public/api`.
        credentials: The key that signs, or None if only open endpoints are used.
        mode: Which accounts of the key are used; sent with every request.
        budget: The pace, shared by all sessions of one key.
        clock: Where waiting between retries happens.
        options: What differs from usual.

    Raises:
        UsageError: The address or the mode is impossible.
        AccessRefused: The address is not encrypted, or may not see credentials.
    """

    def __init__(
        self,
        base_url: str,
        credentials: AnyCredentials | None,
        *,
        mode: Mode,
        budget: RequestBudget,
        clock: Clock,
        options: SessionOptions | None = None,
    ) -> None:
        options = options or SessionOptions()
        if mode not in tuple(Mode):
            raise UsageError(f"the mode is {mode!r}, expected one of {', '.join(Mode)}")
        url = read_base_url(base_url)
        check_host(url, options.allowed_hosts, has_credentials=credentials is not None)
        self.budget = budget
        self._signs = SignsOfLife(clock, options.limits.silence_s, options.on_wait, options.is_shown)
        self._transport = Transport(
            url, credentials, mode=mode, adapter=options.adapter, limits=options.limits, on_silence=self._signs.wait
        )
        self._credentials = credentials
        self._clock = clock
        self._on_request = options.on_request
        self._limits = options.limits
        # Seconds in which this session waited for answers, all in all.
        self._waited_s = 0.0

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
        before_send: BeforeSend | None = None,
    ) -> JsonValue:
        """Send one request; a read is repeated a few times when no answer came.

        Args:
            method: HTTP method, upper case.
            path: Path below the base address, for example `/v2/smart_trades`.
            query: Parameters of the query string.
            body: Sent as JSON, Decimals as plain texts.
            is_signed: Whether the endpoint needs credentials.
            before_send: Called right before a write is sent.

        Returns:
            The JSON value, numbers with a point as Decimal; None for an empty answer.

        Raises:
            AccessRefused: No credentials, or key, permission, mode or redirect do not allow it.
            NotFound: There is no such trade.
            RequestRefused: Any other refusal.
            RateLimited: Nothing may be sent now.
            NotSent: No connection could be opened.
            AnswerLost: A write was sent, and it is not known whether it had an effect.
            UnreadableAnswer: A read was answered with something that cannot be read.
            ApiError: A read got no answer, repeatedly.
        """
        if is_signed and self._credentials is None:
            raise AccessRefused(f"{method} {path} needs an API key and none is given")
        target = path if not query else f"{path}?{urlencode(query)}"
        call = Call(method=method, path=target, secrets=self._secrets())
        if call.is_write:
            return self._attempt(
                call, body, is_signed=is_signed, limit_s=self._limits.request_s, before_send=before_send
            )
        return self._attempt_read(call, is_signed=is_signed)

    def _secrets(self) -> tuple[str, ...]:
        return () if self._credentials is None else self._credentials.secrets

    def _attempt_read(self, call: Call, *, is_signed: bool) -> JsonValue:
        left_s = self._limits.request_s
        for tries, wait_s in enumerate((*RETRY_WAITS_S, math.inf), start=1):
            waited_s = self._waited_s
            try:
                return self._attempt(call, None, is_signed=is_signed, limit_s=min(left_s, self._limits.read_s))
            except AnswerTooLarge:
                raise
            except (AnswerLost, NotSent, UnreadableAnswer) as error:
                left_s -= self._waited_s - waited_s + wait_s
                if left_s < self._limits.shortest_try_s and isinstance(error, AnswerLost):
                    raise ApiError(f"{error.message}, {tries} times in a row", status=error.status) from error
                if left_s < self._limits.shortest_try_s:
                    raise
                self._signs.say(f"{error.message}; trying again ({tries + 1} of at most {len(RETRY_WAITS_S) + 1}).")
            self._clock.sleep(wait_s)
        raise AssertionError("the last wait has no end")

    def _attempt(
        self,
        call: Call,
        body: Mapping[str, object] | None,
        *,
        is_signed: bool,
        limit_s: float,
        before_send: BeforeSend | None = None,
    ) -> JsonValue:
        kind = RequestKind.WRITE if call.is_write else RequestKind.READ
        self.budget.acquire(kind)
        if self._on_request is not None:
            self._on_request(call.method, call.path)
        if before_send is not None:
            before_send(call.method, call.path, body)
        answer = self._send(call, body, is_signed=is_signed, limit_s=limit_s)
        if isinstance(answer, ApiError):
            raise answer
        try:
            if is_cut_off(answer.status_code, answer.headers, answer.content):
                raise unreadable(call, "the answer broke off", status=answer.status_code)
            return read_answer(call, answer.status_code, answer.content)
        except RateLimited as limited:
            self._slow_down(limited, kind, answer.headers.get("Retry-After", ""))
            raise

    def _send(
        self, call: Call, body: Mapping[str, object] | None, *, is_signed: bool, limit_s: float
    ) -> requests.Response | ApiError:
        began_at = self._clock.monotonic()
        self._signs.begin(call.name)
        try:
            return self._transport.send(call, body, is_signed=is_signed, limit_s=limit_s)
        finally:
            self._waited_s += self._clock.monotonic() - began_at
            self._signs.end()

    def _slow_down(self, limited: RateLimited, kind: RequestKind, retry_after: str) -> None:
        if limited.is_permanent:
            self.budget.refuse(kind, limited.message)
        elif limited.status == 418:
            self.budget.ban(limited.message)
        else:
            # Source: captured headers: no Retry-After was ever seen; a longer one than the documented block is kept to.
            asked_s = int(retry_after) if _WHOLE_SECONDS.fullmatch(retry_after) else 0
            self.budget.stop(max(BLOCK_AFTER_429_S, asked_s), limited.message)
