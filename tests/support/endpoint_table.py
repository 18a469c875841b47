"""Which command or operation calls which endpoint, as tests see it on the wire.

Every request of the client to a sandbox of the test process is recorded: method and path as the sandbox routes it, the
command that is running or the operation that is carried out, and the test. The table
`tests/ENDPOINTS.md` is made of this, and held against it in every session.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

TABLE = Path(__file__).parents[1] / "ENDPOINTS.md"

# Source: SmartTradesV2 page: the 13 endpoints of the resource; the last two are of its later edition.
SMART_TRADE_ENDPOINTS = (
    "GET /v2/smart_trades",
    "POST /v2/smart_trades",
    "GET /v2/smart_trades/{id}",
    "DELETE /v2/smart_trades/{id}",
    "PATCH /v2/smart_trades/{id}",
    "POST /v2/smart_trades/{id}/add_funds",
    "POST /v2/smart_trades/{id}/close_by_market",
    "POST /v2/smart_trades/{id}/force_start",
    "POST /v2/smart_trades/{id}/force_process",
    "POST /v2/smart_trades/{id}/set_note",
    "GET /v2/smart_trades/{trade_id}/trades",
    "POST /v2/smart_trades/{trade_id}/trades/{id}/close_by_market",
    "DELETE /v2/smart_trades/{trade_id}/trades/{id}",
    "POST /v2/smart_trades/{id}/reduce_funds",
    "GET /v2/smart_trades/{id}/reduce_funds_info",
)
_HEAD = """\
# Endpoints

Each SmartTrade endpoint, who calls it, and a test that saw the request on the wire: commands as they are typed, and the
operations of a plan. Made by the tests: `ENDPOINTS_WRITE=1 pytest -n auto`.

| endpoint | called by | seen by |
|---|---|---|
"""
_ROW = re.compile(r"^\| `(?P<endpoint>[^`]+)` \| (?P<caller>[^|]+) \| `(?P<test>[^`]+)` \|$", re.MULTILINE)


@dataclass(frozen=True, order=True, slots=True)
class Call:
    """An endpoint, who calls it, and a test that saw it."""

    endpoint: str
    caller: str
    test: str

    @property
    def pair(self) -> tuple[str, str]:
        """Without the test."""
        return self.endpoint, self.caller


def read_table(text: str) -> list[Call]:
    """The rows of the table."""
    return [Call(found["endpoint"], found["caller"].strip(), found["test"]) for found in _ROW.finditer(text)]


def write_table(seen: Iterable[Call], before: Iterable[Call]) -> str:
    """The table: one test for each endpoint and caller; the test of the former table if it still saw the call."""
    kept = set(before)
    chosen: dict[tuple[str, str], Call] = {}
    for call in sorted(seen, key=lambda call: (call not in kept, call.test)):
        chosen.setdefault(call.pair, call)
    order = {endpoint: place for place, endpoint in enumerate(SMART_TRADE_ENDPOINTS)}
    rows = sorted(chosen.values(), key=lambda call: (order[call.endpoint], call.caller))
    return _HEAD + "".join(f"| `{call.endpoint}` | {call.caller} | `{call.test}` |\n" for call in rows)


def find_untrue(table: Iterable[Call], seen: Iterable[Call], passed: Mapping[str, bool]) -> list[Call]:
    """Rows whose test ran and passed in this session and did not see the call.

    Args:
        table: The rows.
        seen: What was seen.
        passed: Tests that ran, to whether all of each passed.
    """
    known = set(seen)
    return [call for call in table if passed.get(call.test) and call not in known]
