"""Requests on the wire, read as what they ask for."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import requests

_BASE = "/public/api"
_ONE = re.compile(r"/v2/smart_trades/(\d+)(?:/(set_note|close_by_market|trades)(?:/(\d+))?)?$")


class Kind(StrEnum):
    """What a request asks for."""

    READ = "read"
    LIST = "list"
    CREATE = "create"
    UPDATE = "update"
    SET_NOTE = "set note"
    CANCEL = "cancel"
    CANCEL_STEP = "cancel step"
    CLOSE = "close"
    OTHER = "other"


_KINDS = {
    ("GET", None): Kind.READ,
    ("PATCH", None): Kind.UPDATE,
    ("DELETE", None): Kind.CANCEL,
    ("POST", "set_note"): Kind.SET_NOTE,
    ("POST", "close_by_market"): Kind.CLOSE,
    ("DELETE", "trades"): Kind.CANCEL_STEP,
}


@dataclass(slots=True, kw_only=True)
class Call:
    """One request."""

    method: str
    path: str
    kind: Kind
    live_id: int | None
    body: Mapping[str, Any]
    is_doubled: bool = False

    def __str__(self) -> str:
        note = f" {self.body['note']!r}" if "note" in self.body else ""
        return f"{self.method} {self.path}{note}"

    @property
    def is_write(self) -> bool:
        """Whether it is no read."""
        return self.method != "GET"

    @property
    def is_later_page(self) -> bool:
        """Whether it asks for a page of a list that is not the first."""
        return self.kind is Kind.LIST and "page=1&" not in self.path


def read_call(request: requests.PreparedRequest) -> Call:
    """What a request asks for."""
    method, path = request.method or "", request.path_url.removeprefix(_BASE)
    body: Mapping[str, Any] = json.loads(request.body) if request.body else {}
    bare = path.partition("?")[0]
    if bare == "/v2/smart_trades":
        kind = Kind.CREATE if method == "POST" else Kind.LIST
        return Call(method=method, path=path, kind=kind, live_id=None, body=body)
    found = _ONE.match(bare)
    if found is None:
        return Call(method=method, path=path, kind=Kind.OTHER, live_id=None, body=body)
    kind = _KINDS.get((method, found[2]), Kind.OTHER)
    return Call(method=method, path=path, kind=kind, live_id=int(found[1]), body=body)
