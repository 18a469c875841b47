"""Request signatures.

HMAC keys only, so far; a key's algorithm is a property of the key, so an RSA key becomes a second kind of credentials
here, with its own payload rule (no question mark before a JSON body).
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from reconciler.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A system-generated API key; its representation shows nothing of it.

    Attributes:
        api_key: The key that names the caller.
        api_secret: The secret that signs, used as text and not hex-decoded.

    Raises:
        UsageError: One of them is empty or holds white space or anything else that cannot stand in a header.
    """

    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)

    def __post_init__(self) -> None:
        for name, text in (("key", self.api_key), ("secret", self.api_secret)):
            if not text or not all("!" <= character <= "~" for character in text):
                raise UsageError(
                    f"the API {name} is empty or holds white space or other signs that no {name} has; copy it again"
                )


def signature_payload(path_with_query: str, body: str) -> str:
    """The text that an HMAC signature covers.

    Args:
        path_with_query: Path from the host on and the query, exactly as sent: `/public/api/v2/smart_trades?page=1`.
        body: The JSON body exactly as sent; empty where there is none.

    Returns:
        The path, then the body behind a question mark. A query and a body follow each other without separator.
        Source: official docs, signing page, vectors of `users/change_mode`; the prose there leaves the body out, the
        published signature does not.
    """
    if not body:
        return path_with_query
    separator = "" if "?" in path_with_query else "?"
    return f"{path_with_query}{separator}{body}"


def sign_hmac(secret: str, payload: str) -> str:
    """The `Signature` header of a request.

    Args:
        secret: The API secret.
        payload: From `signature_payload`.

    Returns:
        HMAC-SHA256 in lower-case hex. Source: official docs, signing page.
    """
    return hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()
