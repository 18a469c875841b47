"""Routes, and the calls that their handlers receive."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from reconciler.sandbox.exchange.transaction import Transaction
from reconciler.sandbox.store.faults import Fault, FaultKind

API = "/public/api"

# An endpoint that accepts any key.
ANY_KEY = "NONE"

# Value of a handler whose answer is 204, without a body.
NO_CONTENT = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCall:
    """One request, after its key was checked and its parameters were read.

    Args:
        transaction: The transaction of this request.
        parameters: All parameters of query and body.
        user: Owner of the key; the empty text at open endpoints.
        permissions: Permissions of the key.
        mode: Account mode of the request.
        ids: Ids in the path, by name.
        faults: Faults on demand that affect this request.
    """

    transaction: Transaction
    parameters: Mapping[str, object]
    user: str
    permissions: frozenset[str]
    mode: str
    ids: Mapping[str, int]
    faults: Sequence[Fault] = ()

    def list_faults(self, kind: FaultKind) -> list[Fault]:
        """List the faults of a kind that affect this request."""
        return [fault for fault in self.faults if fault.kind is kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One endpoint.

    Args:
        method: HTTP method.
        path: Path below the API's base, with ids as `<int:name>`.
        handle: Answers a call with a JSON value or `NO_CONTENT`, or refuses.
        permission: Permission that the key needs; `ANY_KEY` for a signature alone, None for an open endpoint.
        writes: Whether it changes anything.
        status: HTTP status of success.
    """

    method: str
    path: str
    handle: Callable[[ApiCall], object]
    permission: str | None
    writes: bool = False
    status: int = 200
