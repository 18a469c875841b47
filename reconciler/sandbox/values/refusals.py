"""How the API says no: status, envelope and the known error values.

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


class Refusal(Exception):
    """An answer other than success.

    Args:
        status: HTTP status code.
        error: Value of `error`.
        description: Value of `error_description`; None where the answer has none.
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
        """The envelope."""
        envelope: dict[str, object] = {"error": self.error}
        if self.description is not None:
            envelope["error_description"] = self.description
        return envelope if self.attributes is None else envelope | {"error_attributes": dict(self.attributes)}


def refuse_parameters(problems: Mapping[str, list[str]], *, status: int = 400) -> Refusal:
    """Invalid parameters.

    Args:
        problems: Messages by field key.
        status: 400 for the request layer (bracket keys), 422 for the model layer (dotted keys).
    """
    return Refusal(status, "record_invalid", "Invalid parameters", problems)


def refuse_status(action: str, answer: WrongStatus) -> Refusal:
    """An action that the trade does not allow now.

    Args:
        action: What was asked for, as the sentence begins.
        answer: Which of the answers that the documents leave open it is.

    Source: reduce funds page; that other actions answer in these words, with each status, is assumed.
    """
    text = f"{action} is not allowed in the current status"
    return Refusal(int(answer), _WRONG_STATUS_ERRORS[answer], text)


def refuse_missing_trade(status: int) -> Refusal:
    """A SmartTrade that does not exist for this key and mode.

    Args:
        status: 400 or 404; the endpoints differ.
    """
    return Refusal(status, "Not found", "Smart Trade not found")


def refuse_missing_step() -> Refusal:
    """A Trade that does not belong to the SmartTrade. Source: assumed."""
    return Refusal(404, "Not found", "Trade not found")


def refuse_path() -> Refusal:
    """A path that nothing lives at."""
    return Refusal(404, "not_found", "Not Found")


def refuse_method(allowed: Iterable[str]) -> Refusal:
    """A method that the path does not know.

    Args:
        allowed: Methods that it knows.

    Source: issue thread (`[OPTIONS, GET, HEAD]`); the order of others is that of the framework behind this message.
    """
    known = ", ".join(sorted(allowed, key=_METHODS.index))
    description = "Your request method is not supported by this endpoint. Please use one of"
    return Refusal(405, "invalid_request_method", f"{description} [{known}].")


def refuse_unreadable() -> Refusal:
    """A body that is no JSON although it says so."""
    return Refusal(500, "unknown_error", "Unknown error occurred#JSON::ParserError")


def refuse_server_error() -> Refusal:
    """A fault of the server."""
    return Refusal(500, "unknown_error", "Unknown error occurred")


def refuse_rate(seconds: int) -> Refusal:
    """Too many requests. Source: the status is documented, the body is assumed.

    Args:
        seconds: How long it lasts.
    """
    return Refusal(429, "rate_limit_exceeded", f"Too many requests. Try again in {seconds} seconds.")


def refuse_ban(seconds: int) -> Refusal:
    """Requests that went on after 429. Source: the status is documented, the body is assumed.

    Args:
        seconds: How long it lasts.
    """
    return Refusal(418, "banned", f"Too many requests after a rate limit. Banned for {seconds} seconds.")


def refuse_plan(kind: str) -> Refusal:
    """A request that the subscription does not pay for, today or tomorrow. Source: captured answer.

    Args:
        kind: `read` or `write`.
    """
    text = f"The request type '{kind}' is not available with your current subscription plan."
    return Refusal(429, f"{text} Please upgrade your plan to use this type of request.", None)


def refuse_key() -> Refusal:
    """An API key that nobody registered."""
    return Refusal(401, "api_key_invalid_or_expired", "Unauthorized. Invalid or expired api key.")


def refuse_signature() -> Refusal:
    """A signature that does not fit the request."""
    return Refusal(401, "signature_invalid", "Provided signature is invalid")


def refuse_permission() -> Refusal:
    """A key that may not do this."""
    return Refusal(403, "Forbidden", "Api key not authorized for this action")


def refuse_account() -> Refusal:
    """An account that is not the user's."""
    return Refusal(403, "Forbidden", "Account not owned by current user.")


def refuse_mode() -> Refusal:
    """A `Forced-Mode` header that names no mode. Source: public clients; the status is assumed."""
    return Refusal(400, "forced_mode_invalid", "Forced mode is not included in the ['real', 'paper']")
