"""The session: one request in, one JSON value or one of our errors out."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Self
from urllib.parse import urlencode

import requests
import urllib3

from reconciler import __version__
from reconciler.clock import Clock
from reconciler.errors import AccessRefused, AnswerLost, ApiError, RateLimited, UnreadableAnswer, UsageError
from reconciler.live.answers import Call, JsonValue, read_answer
from reconciler.live.hosts import check_host, read_base_url
from reconciler.live.pacing import BLOCK_AFTER_429_S, RequestBudget, RequestKind
from reconciler.live.signing import Credentials, sign_hmac, signature_payload
from reconciler.model.numbers import plain

# Assumed: a healthy API connects in well under a second and answers a page of 100 trades in a few.
CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 30.0
# Seconds before the second, third and fourth try of a read; assumed: gateway trouble passes within seconds or not soon.
RETRY_WAITS_S = (1.0, 2.0, 4.0)
# Source: README of the official docs, Forced-Mode header.
MODES = ("paper", "real")

# OSError holds every requests exception and what requests lets through unwrapped, such as a missing CA bundle;
# ValueError holds failures to encode or parse an address.
_FOREIGN_ERRORS = (OSError, ValueError, urllib3.exceptions.HTTPError, http.client.HTTPException)
# Raised before a connection is looked for. InvalidHeader is not among them: urllib3 raises it for answers, too.
_NEVER_CONNECTED = (requests.exceptions.InvalidSchema, requests.exceptions.InvalidURL)


class NotSent(ApiError):
    """The connection was never opened, so the request had no effect."""


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
        credentials: Credentials | None,
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
        self._base_url = url.text
        self._credentials = credentials
        self._mode = mode
        self._clock = clock
        self._on_request = on_request
        self._session = _open_session(adapter, uses_environment=not url.is_loopback)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of all connections."""
        self._session.close()

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
        request = requests.Request(
            method,
            self._base_url + target,
            headers={"Forced-Mode": self._mode},
            data=None if body is None else _write_body(body),
            auth=_Signature(self._credentials if is_signed else None),
        )
        if body is not None:
            request.headers["Content-Type"] = "application/json"
        call = Call(method=method, path=target, secrets=self._secrets())
        if call.is_write:
            return self._attempt(call, request)
        return self._attempt_read(call, request)

    def _secrets(self) -> tuple[str, ...]:
        if self._credentials is None:
            return ()
        return (self._credentials.api_secret, self._credentials.api_key)

    def _attempt_read(self, call: Call, request: requests.Request) -> JsonValue:
        for wait_s in RETRY_WAITS_S:
            try:
                return self._attempt(call, request)
            except (AnswerLost, NotSent, UnreadableAnswer):
                self._clock.sleep(wait_s)
        try:
            return self._attempt(call, request)
        except AnswerLost as lost:
            tries = len(RETRY_WAITS_S) + 1
            raise ApiError(f"{lost.message}, {tries} times in a row", status=lost.status) from lost

    def _attempt(self, call: Call, request: requests.Request) -> JsonValue:
        kind = RequestKind.WRITE if call.is_write else RequestKind.READ
        self.budget.acquire(kind)
        if self._on_request is not None:
            self._on_request(call.method, call.path)
        answer = self._exchange(call, request)
        if isinstance(answer, ApiError):
            raise answer
        try:
            return read_answer(call, answer.status_code, answer.content)
        except RateLimited as limited:
            self._slow_down(limited, kind, answer.headers.get("Retry-After", ""))
            raise

    def _exchange(self, call: Call, request: requests.Request) -> requests.Response | ApiError:
        # An error is returned, to be raised outside of the except clause: the foreign one holds the signed headers
        # and may quote a proxy address with its password, so it must not hang in the chain of ours.
        try:
            prepared = self._session.prepare_request(request)
        except _FOREIGN_ERRORS as error:
            return NotSent(f"{call} was not sent: the request could not be built ({type(error).__name__})")
        try:
            settings = self._session.merge_environment_settings(prepared.url, {}, None, None, None)
            timeout = (CONNECT_TIMEOUT_S, READ_TIMEOUT_S)
            return self._session.send(prepared, timeout=timeout, allow_redirects=False, **settings)
        except _FOREIGN_ERRORS as error:
            return translate_error(call, error)

    def _slow_down(self, limited: RateLimited, kind: RequestKind, retry_after: str) -> None:
        if limited.is_permanent:
            self.budget.refuse(kind, limited.message)
        elif limited.status == 418:
            self.budget.ban(limited.message)
        else:
            # Source: captured headers: no Retry-After was ever seen; a longer one than the documented block is kept to.
            asked_s = int(retry_after) if retry_after.isascii() and retry_after.isdigit() else 0
            self.budget.stop(max(BLOCK_AFTER_429_S, asked_s), limited.message)


def translate_error(call: Call, error: Exception) -> ApiError:
    """Our error for one of requests or of what lies below it; the foreign text is left out, it may hold secrets.

    Args:
        call: What was asked.
        error: What was raised instead of an answer.

    Returns:
        `NotSent` where the connection was provably never opened, else `AnswerLost`.
    """
    kind = type(error).__name__
    if isinstance(error, _NEVER_CONNECTED):
        return NotSent(f"{call} was not sent: the address or the proxy cannot be used ({kind})")
    if isinstance(error, requests.exceptions.ProxyError):
        return NotSent(f"{call} was not sent: the proxy does not let it through ({kind}), check HTTPS_PROXY")
    reason = _innermost_reason(error)
    if _is_certificate_error(reason):
        return NotSent(f"{call} was not sent: the certificate of the API address is not trusted ({kind})")
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return NotSent(f"{call} was not sent: no connection within {CONNECT_TIMEOUT_S:g} s")
    if isinstance(reason, urllib3.exceptions.NewConnectionError):
        return NotSent(f"{call} was not sent: no connection to the API address ({type(reason).__name__})")
    return AnswerLost(f"{call} was sent and no answer came ({kind})")


def _innermost_reason(error: Exception) -> object:
    reason: object = error.args[0] if error.args else None
    return reason.reason if isinstance(reason, urllib3.exceptions.MaxRetryError) else reason


def _is_certificate_error(reason: object) -> bool:
    return isinstance(reason, urllib3.exceptions.SSLError) and any(
        isinstance(cause, ssl.SSLCertVerificationError) for cause in reason.args
    )


def _open_session(adapter: requests.adapters.BaseAdapter | None, *, uses_environment: bool) -> requests.Session:
    session = _Session()
    # Proxies and CA bundles of the environment count, but a request to this machine never takes a detour.
    session.trust_env = uses_environment
    session.headers["User-Agent"] = f"reconciler/{__version__}"
    if adapter is not None:
        session.mount("https://", adapter)
        session.mount("http://", adapter)
    return session


def _write_body(body: Mapping[str, object]) -> bytes:
    return json.dumps(body, separators=(",", ":"), allow_nan=False, default=_write_value).encode("ascii")


def _write_value(value: object) -> object:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} has no place in a request body")


class _Session(requests.Session):
    """A session that does not even look at where a redirect leads."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Nowhere."""


class _Signature(requests.auth.AuthBase):
    """Signs the prepared request, so what is signed is what is sent; with any `auth` requests leaves netrc alone."""

    def __init__(self, credentials: Credentials | None) -> None:
        self._credentials = credentials

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._credentials is not None:
            body = prepared.body if isinstance(prepared.body, bytes) else b""
            payload = signature_payload(prepared.path_url, body.decode("ascii"))
            prepared.headers["APIKEY"] = self._credentials.api_key
            prepared.headers["Signature"] = sign_hmac(self._credentials.api_secret, payload)
        return prepared
