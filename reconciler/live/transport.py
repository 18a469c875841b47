"""The home of requests: signs, sends, and turns what it raises into our errors."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Mapping
from decimal import Decimal

import requests
import urllib3

from reconciler import __version__
from reconciler.errors import AnswerLost, ApiError, NotSent
from reconciler.live.answers import Call
from reconciler.live.hosts import BaseUrl
from reconciler.live.signing import AnyCredentials
from reconciler.model.numbers import plain

# Assumed: a healthy API connects in well under a second and answers a page of 100 trades in a few.
CONNECT_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 30.0

# OSError holds every requests exception and what requests lets through unwrapped, such as a missing CA bundle;
# ValueError holds failures to encode or parse an address.
_FOREIGN_ERRORS = (OSError, ValueError, urllib3.exceptions.HTTPError, http.client.HTTPException)
# Raised before a connection is looked for. InvalidHeader is not among them: urllib3 raises it for answers, too.
_NEVER_CONNECTED = (requests.exceptions.InvalidSchema, requests.exceptions.InvalidURL)


class Transport:
    """Sends one request at a time, once.

    Args:
        url: Address below which the endpoints live; whether it may be talked to is settled.
        credentials: The key that signs, or None.
        mode: Sent as `Forced-Mode` with every request.
        adapter: Stands in for the network, or None.
    """

    def __init__(
        self,
        url: BaseUrl,
        credentials: AnyCredentials | None,
        *,
        mode: str,
        adapter: requests.adapters.BaseAdapter | None,
    ) -> None:
        self._base_url = url.text
        self._credentials = credentials
        self._session = _Session()
        # Proxies and CA bundles of the environment count, but a request to this machine never takes a detour.
        self._session.trust_env = not url.is_loopback
        self._session.headers.update({"User-Agent": f"reconciler/{__version__}", "Forced-Mode": mode})
        if adapter is not None:
            self._session.mount("https://", adapter)
            self._session.mount("http://", adapter)

    def send(self, call: Call, body: Mapping[str, object] | None, *, is_signed: bool) -> requests.Response | ApiError:
        """The answer, whatever it says, or why there is none.

        An error is returned, to be raised outside of the except clause: the foreign one holds the signed headers and
        may quote a proxy address with its password, so it must not hang in the chain of ours.

        Args:
            call: What to send, and how messages name it.
            body: Sent as JSON, Decimals as plain texts.
            is_signed: Whether to sign.
        """
        request = requests.Request(
            call.method,
            self._base_url + call.path,
            headers={} if body is None else {"Content-Type": "application/json"},
            data=None if body is None else _write_body(body),
            auth=_Signature(self._credentials if is_signed else None),
        )
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

    def close(self) -> None:
        """Let go of all connections."""
        self._session.close()


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

    def __init__(self, credentials: AnyCredentials | None) -> None:
        self._credentials = credentials

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._credentials is not None:
            body = prepared.body if isinstance(prepared.body, bytes) else b""
            prepared.headers["APIKEY"] = self._credentials.api_key
            prepared.headers["Signature"] = self._credentials.sign(prepared.path_url, body.decode("ascii"))
        return prepared
