"""Refusals of the API: status, envelope and the known error values.

Source: official docs, errors page, and answers shown in issue threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.sandbox.values.options import WrongStatus

_METHODS = ("OPTIONS", "GET", "POST", "PUT", "PATCH", "DELETE", "HEAD")

# What `error` says beside each status. Source: reduce funds page, errors page (403), simple trading pages (422).
_WRONG_STATUS_ERRORS = {
    WrongStatus.WRONG_PARAMS: "Wrong param(s)",
    WrongStatus.FORBIDDEN: "Forbidden",
    WrongStatus.UNPROCESSABLE: "unprocessable_entity",
}


class RequestRefused(Exception):
    """An answer other than success.

    Args:
        status: HTTP status code.
        error: Value of `error`.
        description: Value of `error_description`; None if the answer has none.
        attributes: Value of `error_attributes`: field key to messages.
    """

    def __init__(
        self, status: int, error: str, description: str | None, attributes: Mapping[str, list[str]] | None = None
    ) -> None:
        super().__init__(error, description)
        self.status = status
        self.error = error
        self.description = description
        self.attributes = attributes

    def body(self) -> dict[str, object]:
        """Return the body of the answer."""
        envelope: dict[str, object] = {"error": self.error}
        if self.description is not None:
            envelope["error_description"] = self.description
        return envelope if self.attributes is None else envelope | {"error_attributes": dict(self.attributes)}


def refuse_parameters(problems: Mapping[str, list[str]], *, status: int = 400) -> RequestRefused:
    """Invalid parameters.

    Args:
        problems: Messages by field key.
        status: 400 for the request layer (bracket keys), 422 for the model layer (dotted keys).
    """
    return RequestRefused(status, "record_invalid", "Invalid parameters", problems)


def refuse_status(action: str, answer: WrongStatus) -> RequestRefused:
    """An action that the trade does not allow now.

    Args:
        action: The action, as the sentence begins.
        answer: The answer that the options choose, since the documents leave it open.

    Source: reduce funds page; that other actions answer in these words, with each status, is assumed.
    """
    text = f"{action} is not allowed in the current status"
    return RequestRefused(int(answer), _WRONG_STATUS_ERRORS[answer], text)


def refuse_missing_trade(status: int) -> RequestRefused:
    """A SmartTrade that does not exist for this key and mode.

    Args:
        status: 400 or 404; the endpoints differ.
    """
    return RequestRefused(status, "Not found", "Smart Trade not found")


def refuse_missing_step() -> RequestRefused:
    """A Trade that does not belong to the SmartTrade. Source: assumed."""
    return RequestRefused(404, "Not found", "Trade not found")


def refuse_path() -> RequestRefused:
    """A path that does not exist."""
    return RequestRefused(404, "not_found", "Not Found")


def refuse_method(allowed: Iterable[str]) -> RequestRefused:
    """A method that the path does not support.

    Args:
        allowed: Methods that it supports.

    Source: issue thread (`[OPTIONS, GET, HEAD]`); the order of others is that of the framework behind this message.
    """
    known = ", ".join(sorted(allowed, key=_METHODS.index))
    description = "Your request method is not supported by this endpoint. Please use one of"
    return RequestRefused(405, "invalid_request_method", f"{description} [{known}].")


def refuse_unreadable() -> RequestRefused:
    """A body that is said to be JSON but is not."""
    return RequestRefused(500, "unknown_error", "Unknown error occurred#JSON::ParserError")


def refuse_server_error() -> RequestRefused:
    """A fault of the server."""
    return RequestRefused(500, "unknown_error", "Unknown error occurred")


def refuse_rate(seconds: int) -> RequestRefused:
    """Too many requests. Source: the status is documented, the body is assumed.

    Args:
        seconds: Time until the next request is allowed.
    """
    return RequestRefused(429, "rate_limit_exceeded", f"Too many requests. Try again in {seconds} seconds.")


def refuse_ban(seconds: int) -> RequestRefused:
    """Requests that went on after 429. Source: the status is documented, the body is assumed.

    Args:
        seconds: Time until the next request is allowed.
    """
    return RequestRefused(418, "banned", f"Too many requests after a rate limit. Banned for {seconds} seconds.")


def refuse_plan(kind: str) -> RequestRefused:
    """A request that the subscription plan never allows. Source: captured answer.

    Args:
        kind: `read` or `write`.
    """
    text = f"The request type '{kind}' is not available with your current subscription plan."
    return RequestRefused(429, f"{text} Please upgrade your plan to use this type of request.", None)


def refuse_key() -> RequestRefused:
    """An API key that nobody registered."""
    return RequestRefused(401, "api_key_invalid_or_expired", "Unauthorized. Invalid or expired api key.")


def refuse_signature() -> RequestRefused:
    """A signature that does not fit the request."""
    return RequestRefused(401, "signature_invalid", "Provided signature is invalid")


def refuse_permission() -> RequestRefused:
    """A key that may not do this."""
    return RequestRefused(403, "Forbidden", "Api key not authorized for this action")


def refuse_account() -> RequestRefused:
    """An account that is not the user's."""
    return RequestRefused(403, "Forbidden", "Account not owned by current user.")


def refuse_mode() -> RequestRefused:
    """A `Forced-Mode` header whose value is not a mode. Source: public clients; the status is assumed."""
    return RequestRefused(400, "forced_mode_invalid", "Forced mode is not included in the ['real', 'paper']")
