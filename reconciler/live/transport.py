"""The home of requests: signs, sends, and turns what it raises into our errors."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Callable, Mapping

import requests
import urllib3

from reconciler import __version__
from reconciler.codec.json_text import write_compact
from reconciler.errors import AnswerLost, ApiError, NotSent
from reconciler.live.answers import Call, too_large, unreadable
from reconciler.live.hosts import BaseUrl
from reconciler.live.network import NetworkAdapter
from reconciler.live.request_limits import Limits
from reconciler.live.request_watch import TimeLimitPassed
from reconciler.live.response_body import ACCEPTED_ENCODINGS, BodyDamaged, BodyTooLarge
from reconciler.live.signing import AnyCredentials

# OSError holds every requests exception and what requests lets through unwrapped, such as a missing CA bundle;
# ValueError holds failures to encode or parse an address.
_FOREIGN_ERRORS = (OSError, ValueError, urllib3.exceptions.HTTPError, http.client.HTTPException)
# Raised before a connection is opened. InvalidHeader is not among them: urllib3 raises it for answers, too.
_NEVER_CONNECTED = (requests.exceptions.InvalidSchema, requests.exceptions.InvalidURL)


class Transport:
    """Sends one request at a time, once.

    Args:
        url: Address below which the endpoints live; it was already checked that it may be used.
        credentials: The key that signs, or None.
        mode: Sent as `Forced-Mode` with every request.
        adapter: Replaces the network, or None.
        limits: Bounds of time and size; those of the network do not apply to an adapter that replaces it.
        on_silence: Called with the seconds that an answer has been waited for, from another thread.
    """

    def __init__(
        self,
        url: BaseUrl,
        credentials: AnyCredentials | None,
        *,
        mode: str,
        adapter: requests.adapters.BaseAdapter | None,
        limits: Limits,
        on_silence: Callable[[float], None],
    ) -> None:
        self._base_url = url.text
        self._limits = limits
        self._credentials = credentials
        self._session = _Session()
        # Proxies and CA bundles of the environment count, but a request to this machine never takes a detour.
        self._session.trust_env = not url.is_loopback
        self._session.headers.update({"User-Agent": f"reconciler/{__version__}", "Forced-Mode": mode})
        self._session.headers["Accept-Encoding"] = ACCEPTED_ENCODINGS
        way = adapter or NetworkAdapter(limits, on_silence)
        self._session.mount("https://", way)
        self._session.mount("http://", way)

    def send(
        self, call: Call, body: Mapping[str, object] | None, *, is_signed: bool, limit_s: float
    ) -> requests.Response | ApiError:
        """Return the answer, whatever its status, or the error if there is none.

        An error is returned, so that it is raised outside of the except clause and not chained to the error of the
        library. That one holds the signed headers, and may quote a proxy address with its password.

        Args:
            call: What to send, and how messages name it.
            body: Sent as JSON, Decimals as plain texts.
            is_signed: Whether to sign.
            limit_s: Seconds that the request may take, from looking up the host to the last byte of the answer.
        """
        request = requests.Request(
            call.method,
            self._base_url + call.path,
            headers={} if body is None else {"Content-Type": "application/json"},
            data=None if body is None else write_compact(body).encode("ascii"),
            auth=_Signature(self._credentials if is_signed else None),
        )
        try:
            prepared = self._session.prepare_request(request)
        except _FOREIGN_ERRORS as error:
            return NotSent(f"{call} was not sent: the request could not be built ({type(error).__name__})")
        try:
            settings = self._session.merge_environment_settings(prepared.url, {}, None, None, None)
            timeout = (min(self._limits.connect_s, limit_s), limit_s)
            return self._session.send(prepared, timeout=timeout, allow_redirects=False, **settings)
        except _FOREIGN_ERRORS as error:
            return translate_error(call, error, self._limits)

    def close(self) -> None:
        """Let go of all connections."""
        self._session.close()


def translate_error(call: Call, error: Exception, limits: Limits) -> ApiError:
    """Translate an error of requests or a lower library; its text is left out, since it may hold secrets.

    Args:
        call: What was asked.
        error: What was raised instead of an answer.
        limits: What was waited for, for the message.

    Returns:
        `NotSent` if the connection was provably never opened, `AnswerTooLarge` or `UnreadableAnswer` for a read
        whose answer is of no use, else `AnswerLost`.
    """
    answered = _translate_answered(call, error, limits)
    return answered or _translate_unanswered(call, error, limits)


def _translate_answered(call: Call, error: Exception, limits: Limits) -> ApiError | None:
    if isinstance(error, TimeLimitPassed):
        return AnswerLost(f"{call} was sent and {error}")
    if isinstance(error, BodyTooLarge):
        return too_large(call, f"the answer is larger than {limits.answer_bytes // 1024**2} MiB")
    if isinstance(error, BodyDamaged):
        return unreadable(call, f"the answer cannot be unpacked: {error}")
    return None


def _translate_unanswered(call: Call, error: Exception, limits: Limits) -> ApiError:
    kind = type(error).__name__
    if isinstance(error, _NEVER_CONNECTED):
        return NotSent(f"{call} was not sent: the address or the proxy cannot be used ({kind})")
    if isinstance(error, requests.exceptions.ProxyError):
        return NotSent(f"{call} was not sent: the proxy does not let it through ({kind}), check HTTPS_PROXY")
    reason = _innermost_reason(error)
    if _is_certificate_error(reason):
        return NotSent(f"{call} was not sent: the certificate of the API address is not trusted ({kind})")
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return NotSent(f"{call} was not sent: no connection within {limits.connect_s:g} s")
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


class _Session(requests.Session):
    """Session that never reads the target of a redirect."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return no target."""


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
