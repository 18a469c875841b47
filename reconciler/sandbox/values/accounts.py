"""Exchange accounts and API keys of the sandbox."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SPOT = "spot"
FUTURES = "futures"
MARKETS = (SPOT, FUTURES)


class Algorithm(StrEnum):
    """How a key signs. Source: official docs, signing page."""

    HMAC = "hmac"
    RSA = "rsa"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An exchange account of the sandbox.

    Args:
        id: Its id.
        user: Who owns it.
        mode: `paper` or `real`.
        name: What the user calls it.
        created_at_ms: Sandbox time of its opening.
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
        """Whether it trades contracts, and with leverage."""
        return self.market == FUTURES


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """An API key of the sandbox.

    Args:
        user: Whose it is.
        algorithm: How it signs; a property of the key, not of a request.
        secret: Shared secret of its signatures, or its public RSA key in PEM.
        permissions: What it may do.
    """

    user: str
    algorithm: Algorithm
    secret: str
    permissions: frozenset[str]
