"""Exchange accounts and API keys of the sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SPOT = "spot"
FUTURES = "futures"
MARKETS = (SPOT, FUTURES)


class Algorithm(StrEnum):
    """Signature algorithm of a key. Source: official docs, signing page."""

    HMAC = "hmac"
    RSA = "rsa"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An exchange account of the sandbox.

    Args:
        id: Its id.
        user: Owner.
        mode: `paper` or `real`.
        name: Name that the user gave it.
        created_at_ms: Sandbox time at which it was opened, in milliseconds since 1970.
        market: `spot` or `futures`.
    """

    id: int
    user: str
    mode: str
    name: str
    created_at_ms: int
    market: str = SPOT

    @property
    def has_contracts(self) -> bool:
        """Return whether it trades contracts with leverage."""
        return self.market == FUTURES


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """An API key of the sandbox.

    Args:
        user: Owner.
        algorithm: Its signature algorithm; a property of the key, not of a request.
        secret: Shared secret of its signatures, or its public RSA key in PEM.
        permissions: What it may do.
    """

    user: str
    algorithm: Algorithm
    secret: str
    permissions: frozenset[str]
