"""Who may do what: keys, signatures, permissions and the account mode of a request."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.sandbox.refusals import refuse_key, refuse_mode, refuse_permission, refuse_signature
from reconciler.sandbox.store import Store
from reconciler.sandbox.world import MODE

MODES = ("real", "paper")
DEFAULT_MODE = "paper"

# Source: official docs, permissions.
TRADES_READ = "SMART_TRADES_READ"
TRADES_WRITE = "SMART_TRADES_WRITE"
ACCOUNTS_READ = "ACCOUNTS_READ"
ACCOUNTS_WRITE = "ACCOUNTS_WRITE"
ALL_PERMISSIONS = frozenset({"BOTS_READ", "BOTS_WRITE", ACCOUNTS_READ, ACCOUNTS_WRITE, TRADES_READ, TRADES_WRITE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a request carries to prove who sent it, and what the proof covers.

    Args:
        path: Path as sent, base path included.
        query: Query string as sent, without the question mark.
        body: Body as sent.
        is_json: Whether the body says that it is JSON.
        api_key: `APIKEY` header, or None.
        signature: `Signature` header, or None.
        forced_mode: `Forced-Mode` header, or None.
    """

    path: str
    query: str
    body: bytes
    is_json: bool
    api_key: str | None
    signature: str | None
    forced_mode: str | None


def check_key(store: Store, credentials: Credentials, permission: str | None) -> None:
    """Checks key, signature and permission.

    Args:
        store: Where the keys are.
        credentials: What the request carries.
        permission: What the endpoint asks for; None for any key.

    Raises:
        Refusal: 401 for key or signature, 403 for the permission.
    """
    key = store.find_key(credentials.api_key or "")
    if key is None:
        raise refuse_key()
    if not has_valid_signature(credentials, key.secret):
        raise refuse_signature()
    if permission is not None and permission not in key.permissions:
        raise refuse_permission()


def has_valid_signature(credentials: Credentials, secret: str) -> bool:
    """Whether the signature is the HMAC of the request; hex digits of either case.

    Args:
        credentials: What the request carries.
        secret: Shared secret of the key.
    """
    given = (credentials.signature or "").lower().encode("utf-8", "replace")
    expected = (
        hmac.new(secret.encode(), payload, hashlib.sha256).hexdigest().encode() for payload in _payloads(credentials)
    )
    return any(hmac.compare_digest(given, digest) for digest in expected)


def choose_mode(store: Store, credentials: Credentials) -> str:
    """The account mode that a request works in: its header, or the one last chosen.

    Args:
        store: Where the last choice is kept.
        credentials: What the request carries.

    Raises:
        Refusal: The header names no mode.
    """
    if credentials.forced_mode is None:
        return store.read_setting(MODE) or DEFAULT_MODE
    if credentials.forced_mode not in MODES:
        raise refuse_mode()
    return credentials.forced_mode


def _payloads(credentials: Credentials) -> Iterator[bytes]:
    """The texts that may have been signed.

    Source: official docs, signing page; public clients sign a JSON body with or without the question mark, and both
    are answered.
    """
    path, parameters = credentials.path.encode(), credentials.query.encode() + credentials.body
    yield path + b"?" + parameters if parameters else path
    if credentials.is_json and credentials.body and not credentials.query:
        yield path + credentials.body
