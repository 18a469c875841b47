"""Request signatures: HMAC with a shared secret, RSA with a private key; which one is a property of the API key."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from reconciler.errors import UsageError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

# Source: official docs, self-generated keys: 2048 or 4096 bit.
MIN_RSA_BITS = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A system-generated API key; its representation shows nothing of it.

    Attributes:
        api_key: The key that names the caller.
        api_secret: The secret that signs, used as text and not hex-decoded.

    Raises:
        UsageError: One of them is empty or holds white space or anything else that a header cannot contain.
    """

    api_key: str = field(repr=False)
    api_secret: str = field(repr=False)

    def __post_init__(self) -> None:
        _check_header_text("key", self.api_key)
        _check_header_text("secret", self.api_secret)

    @property
    def secrets(self) -> tuple[str, ...]:
        """The texts that no message may show."""
        return (self.api_secret, self.api_key)

    def sign(self, path_with_query: str, body: str) -> str:
        """Make the `Signature` header of a request.

        Args:
            path_with_query: Path from the host on and the query, exactly as sent: `/public/api/v2/smart_trades?page=1`.
            body: The JSON body exactly as sent; empty if there is none.
        """
        return sign_hmac(self.api_secret, signature_payload(path_with_query, body))


class RsaCredentials:
    """A self-generated API key; its representation shows nothing of it.

    Args:
        api_key: The key that names the caller.
        private_key: The RSA key in PEM, unencrypted, of 2048 bit or more.

    Raises:
        UsageError: A header cannot contain the API key, or the private key cannot sign. No message quotes it.
    """

    def __init__(self, *, api_key: str, private_key: str) -> None:
        _check_header_text("key", api_key)
        self.api_key = api_key
        self._private_key = _load_private_key(private_key)

    def __repr__(self) -> str:
        return "RsaCredentials()"

    @property
    def secrets(self) -> tuple[str, ...]:
        """The texts that no message may show; the private key is never sent, so it cannot come back."""
        return (self.api_key,)

    def sign(self, path_with_query: str, body: str) -> str:
        """Make the `Signature` header of a request.

        Args:
            path_with_query: Path from the host on and the query, exactly as sent.
            body: The JSON body exactly as sent; empty if there is none.

        Returns:
            RSASSA-PKCS1-v1_5 with SHA-256 in base64, over path, query and body without any separator. Source: official
            docs, signing page; only this reproduces the published RSA signature of a JSON body.
        """
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
        from cryptography.hazmat.primitives.hashes import SHA256

        signature = self._private_key.sign((path_with_query + body).encode(), PKCS1v15(), SHA256())
        return base64.b64encode(signature).decode("ascii")


AnyCredentials: TypeAlias = Credentials | RsaCredentials


def signature_payload(path_with_query: str, body: str) -> str:
    """Make the text that an HMAC signature covers.

    Args:
        path_with_query: Path from the host on and the query, exactly as sent: `/public/api/v2/smart_trades?page=1`.
        body: The JSON body exactly as sent; empty if there is none.

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
    """Compute HMAC-SHA256 in lower-case hex. Source: official docs, signing page.

    Args:
        secret: The API secret.
        payload: From `signature_payload`.
    """
    return hmac.new(secret.encode(), payload.encode(), hashlib.sha256).hexdigest()


def _check_header_text(name: str, text: str) -> None:
    if not text or not all("!" <= character <= "~" for character in text):
        raise UsageError(
            f"the API {name} is empty or holds white space or other signs that no {name} has; copy it again"
        )


def _load_private_key(text: str) -> RSAPrivateKey:
    """Read the key in a PEM text; the library's own error is not shown, since it may quote the key."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    problem = None
    try:
        key = load_pem_private_key(text.strip().encode(), password=None)
    except TypeError:
        problem = "is encrypted, and the program cannot ask for the passphrase; give the decrypted key"
    except (ValueError, UnsupportedAlgorithm):
        problem = "cannot be read: expected a PEM text that begins with -----BEGIN and holds the whole private key"
    else:
        if not isinstance(key, RSAPrivateKey):
            problem = "is of another kind: expected an RSA key, which is what 3Commas takes"
        elif key.key_size < MIN_RSA_BITS:
            problem = f"has {key.key_size} bit: 3Commas takes keys of {MIN_RSA_BITS} or 4096 bit"
        else:
            return key
    # Raised out here, so that our error is not chained to the library's.
    raise UsageError(f"the RSA private key {problem}")
