"""Access of requests: keys, signatures, permissions and the account mode."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.sandbox.store.account_store import AccountStore
from reconciler.sandbox.values.accounts import Algorithm, ApiKey
from reconciler.sandbox.values.errors import InvalidKey
from reconciler.sandbox.values.refusals import refuse_key, refuse_mode, refuse_permission, refuse_signature

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

MODES = ("real", "paper")
DEFAULT_MODE = "paper"

# Owner of accounts and keys unless another user is named.
DEFAULT_USER = "sandbox"

# Source: official docs, permissions.
TRADES_READ = "SMART_TRADES_READ"
TRADES_WRITE = "SMART_TRADES_WRITE"
ACCOUNTS_READ = "ACCOUNTS_READ"
ACCOUNTS_WRITE = "ACCOUNTS_WRITE"
ALL_PERMISSIONS = frozenset({"BOTS_READ", "BOTS_WRITE", ACCOUNTS_READ, ACCOUNTS_WRITE, TRADES_READ, TRADES_WRITE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Key and signature of a request, and everything that the signature covers.

    Args:
        path: Path as sent, base path included.
        query: Query string as sent, without the question mark.
        has_bare_mark: Whether the path is followed by a question mark and nothing else.
        body: Body as sent; empty for GET, which has none.
        is_json: Whether the body says that it is JSON.
        api_key: `APIKEY` header, or None.
        signature: `Signature` header, or None.
        forced_mode: `Forced-Mode` header, or None.
    """

    path: str
    query: str
    has_bare_mark: bool
    body: bytes
    is_json: bool
    api_key: str | None
    signature: str | None
    forced_mode: str | None


def check_key(
    accounts: AccountStore, credentials: Credentials, permission: str | None, *, is_trusted: bool = False
) -> ApiKey:
    """Check key, signature and permission.

    Args:
        accounts: Where the keys are.
        credentials: What the request carries.
        permission: Permission that the endpoint needs; None for any key.
        is_trusted: Whether the sandbox itself sends the request, so that signature and permission do not matter.

    Returns:
        The key that signed.

    Raises:
        RequestRefused: Key or signature is invalid (401), or the permission is missing (403).
    """
    key = accounts.find_key(credentials.api_key or "")
    if key is None:
        raise refuse_key()
    if is_trusted:
        return key
    if not has_valid_signature(credentials, key):
        raise refuse_signature()
    if permission is not None and permission not in key.permissions:
        raise refuse_permission()
    return key


def has_valid_signature(credentials: Credentials, key: ApiKey) -> bool:
    """Return whether the signature fits the request, by the algorithm of the key.

    Args:
        credentials: What the request carries.
        key: The key that it names.

    Source: official docs, signing page: hex digits of either case for HMAC, plain base64 for RSA.
    """
    given = credentials.signature or ""
    if key.algorithm is Algorithm.RSA:
        return _has_rsa_signature(given, credentials, key.secret)
    secret, digest = key.secret.encode(), given.lower().encode("utf-8", "replace")
    return any(
        hmac.compare_digest(digest, hmac.new(secret, payload, hashlib.sha256).hexdigest().encode())
        for payload in _list_payloads(credentials)
    )


def read_public_key(pem: str) -> RSAPublicKey:
    """Read an RSA key from a PEM text.

    Raises:
        InvalidKey: It is not a public RSA key.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        key = load_pem_public_key(pem.strip().encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InvalidKey("the public key cannot be read: expected a PEM text, -----BEGIN PUBLIC KEY-----") from error
    if not isinstance(key, RSAPublicKey):
        raise InvalidKey("the public key is of another kind: expected an RSA key")
    return key


def choose_mode(accounts: AccountStore, credentials: Credentials, user: str | None) -> str:
    """Choose the account mode of a request: its header, or the one that its user chose last.

    Args:
        accounts: Where the last choice is kept.
        credentials: What the request carries.
        user: Who sent it; None at an open endpoint.

    Raises:
        RequestRefused: The value of the header is not a mode.
    """
    if credentials.forced_mode is None:
        return (None if user is None else accounts.read_mode(user)) or DEFAULT_MODE
    if credentials.forced_mode not in MODES:
        raise refuse_mode()
    return credentials.forced_mode


def _has_rsa_signature(given: str, credentials: Credentials, public_key: str) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA256

    try:
        signature = base64.b64decode(given.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return False
    key = read_public_key(public_key)
    for payload in _list_payloads(credentials):
        try:
            key.verify(signature, payload, PKCS1v15(), SHA256())
        except InvalidSignature:
            continue
        return True
    return False


def _list_payloads(credentials: Credentials) -> Iterator[bytes]:
    """Yield the texts that may have been signed.

    Source: official docs, signing page; public clients sign a JSON body with or without the question mark, and both
    are answered. A published Node client sends and signs a path with a bare question mark behind it.
    """
    path, parameters = credentials.path.encode(), credentials.query.encode() + credentials.body
    yield path + b"?" + parameters if parameters else path
    if credentials.has_bare_mark and not parameters:
        yield path + b"?"
    if credentials.is_json and credentials.body and not credentials.query:
        yield path + credentials.body
