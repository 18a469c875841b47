"""What a route is, and what its handler gets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reconciler.sandbox.exchange.transaction import Transaction
from reconciler.sandbox.store.faults import Fault, FaultKind

API = "/public/api"

# Any key will do.
ANY_KEY = "NONE"

# What a handler gives where the answer is 204 and has no body.
NO_CONTENT = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCall:
    """One request, after its key was checked and its parameters were read.

    Args:
        transaction: The sandbox inside the transaction of this request.
        parameters: All parameters of query and body.
        user: Whose key signed; the empty text at open endpoints.
        permissions: What the key may do.
        mode: Account mode that the request works in.
        ids: Ids in the path, by name.
        faults: Faults on demand that strike this request.
    """

    transaction: Transaction
    parameters: Mapping[str, object]
    user: str
    permissions: frozenset[str]
    mode: str
    ids: Mapping[str, int]
    faults: Sequence[Fault] = ()

    def list_faults(self, kind: FaultKind) -> list[Fault]:
        """The faults of a kind that strike this request."""
        return [fault for fault in self.faults if fault.kind is kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One endpoint.

    Args:
        method: HTTP method.
        path: Path below the API's base, with ids as `<int:name>`.
        handle: Answers a call with a JSON value or `NO_CONTENT`, or refuses.
        permission: What the key must be allowed to do; `ANY_KEY` for a signature alone, None for an open endpoint.
        writes: Whether it changes anything.
        status: HTTP status of success.
    """

    method: str
    path: str
    handle: Callable[[ApiCall], object]
    permission: str | None
    writes: bool = False
    status: int = 200
