"""Faults on demand: something that goes wrong on the wire, and the requests that it affects.

Source: official docs (5xx, HTML bodies of gateways, 418) and issue threads (lists that lag and shift, creates without
an answer); whoever adds a fault decides when it fires.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from enum import StrEnum
from fnmatch import fnmatchcase

from reconciler.sandbox.requests.fields import MISSING, Fields
from reconciler.sandbox.values.decimals import format_decimal
from reconciler.sandbox.values.errors import InvalidFault


class FaultKind(StrEnum):
    """Kinds of faults. The comment says what happens to the request."""

    LOSE_REQUEST = "lose_request"  # the connection closes before it takes effect
    LOSE_REPLY = "lose_reply"  # it takes effect, then the connection closes without an answer
    CUT_REPLY = "cut_reply"  # it takes effect, half of the answer comes, then the connection closes
    RESET = "reset"  # the connection is reset before it takes effect
    TRUNCATE = "truncate"  # it takes effect, and is answered with half of the JSON
    SERVER_ERROR = "server_error"  # 500 before it takes effect
    BAD_GATEWAY = "bad_gateway"  # 502 with an HTML body before it takes effect
    GATEWAY_TIMEOUT = "gateway_timeout"  # 504 with an HTML body after it took effect
    RATE_LIMIT = "rate_limit"  # 429 before it takes effect
    PLAN_RESTRICTION = "plan_restriction"  # the 429 that does not end by waiting
    BAN = "ban"  # 418
    DELAY = "delay"  # it takes effect later
    DUPLICATE = "duplicate"  # it is delivered twice; the second answer comes back
    ACT = "act"  # another request goes first: an edit by hand, another client's change of mode, a price
    LAG = "lag"  # lists show the new trade only later
    SHIFT = "shift"  # a list in which trades came or went since the page before
    EMPTY = "empty"  # a list shows nothing
    CAP = "cap"  # a page of a list has fewer rows than were asked for
    TIES = "ties"  # many trades show one `created_at`, and each list puts them in another order
    HIDE_ENDED = "hide_ended"  # a list leaves out ended trades
    HOLD = "hold"  # a gateway answers 504, and lets the request through later


class Stage(StrEnum):
    """Point at which the answer is lost or replaced: before or after the request takes effect."""

    BEFORE = "before"
    AFTER = "after"


# Kinds that replace the answer, with their default stage.
_STAGES = {
    FaultKind.LOSE_REQUEST: Stage.BEFORE,
    FaultKind.LOSE_REPLY: Stage.AFTER,
    FaultKind.CUT_REPLY: Stage.AFTER,
    FaultKind.RESET: Stage.BEFORE,
    FaultKind.TRUNCATE: Stage.AFTER,
    FaultKind.SERVER_ERROR: Stage.BEFORE,
    FaultKind.BAD_GATEWAY: Stage.BEFORE,
    FaultKind.GATEWAY_TIMEOUT: Stage.AFTER,
    FaultKind.HOLD: Stage.BEFORE,
    FaultKind.RATE_LIMIT: Stage.BEFORE,
    FaultKind.PLAN_RESTRICTION: Stage.BEFORE,
    FaultKind.BAN: Stage.BEFORE,
}
# Kinds whose stage cannot be changed.
_FIXED = frozenset(
    {FaultKind.LOSE_REQUEST, FaultKind.LOSE_REPLY, FaultKind.CUT_REPLY, FaultKind.TRUNCATE, FaultKind.HOLD}
)

# The only requests that these kinds can affect.
_LIST = ("GET", "/v2/smart_trades")
_TARGETS = {
    FaultKind.LAG: ("POST", "/v2/smart_trades"),
    FaultKind.SHIFT: _LIST,
    FaultKind.EMPTY: _LIST,
    FaultKind.CAP: _LIST,
    FaultKind.TIES: _LIST,
    FaultKind.HIDE_ENDED: _LIST,
}
# Kinds with a length in seconds.
_TIMED = frozenset({FaultKind.DELAY, FaultKind.TIES, FaultKind.HOLD})

# Limit of a shift of a list, in rows.
MAX_SHIFT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault, and the requests that it affects.

    Args:
        kind: Kind of the fault.
        method: HTTP method of the requests; None for any.
        path: Path of the requests below the API's base, `*` for anything: `/v2/smart_trades/*`; None for any.
        nth: The first matching request that it may affect, counted from 1.
        times: Maximum number of requests that it affects; None for no limit.
        probability: Chance for each matching request from the nth on, 0 to 1; None affects each.
        seed: Decides the chances, and the order of ties; the same seed affects the same requests.
        stage: Whether an answer is replaced before or after the request takes effect; None for the default of the kind.
        seconds: Length of a delay, of the time for which lists hide a trade or a request is held back, by the sandbox's
            clock; or, for ties, the step to which `created_at` is rounded.
        reads: Number of list requests that do not show a trade.
        rows: Number of rows by which a list has shifted: above zero, that many are shown again, below zero, they are
            missed; or the maximum number of rows of a page.
        request: The request that goes first: method, path and JSON body. Paths may begin with `/sandbox/`; `{id}` is
            the id in the path of the affected request.

    Raises:
        InvalidFault: The parts do not fit together.
    """

    kind: FaultKind
    method: str | None = None
    path: str | None = None
    nth: int = 1
    times: int | None = 1
    probability: Decimal | None = None
    seed: int = 0
    stage: Stage | None = None
    seconds: Decimal | None = None
    reads: int | None = None
    rows: int | None = None
    request: str | None = None

    def __post_init__(self) -> None:
        problem = _find_problem(self)
        if problem is not None:
            raise InvalidFault(f"the fault {self.kind} {problem}")

    @property
    def replaces_answer(self) -> bool:
        """Return whether it replaces the answer."""
        return self.kind in _STAGES

    @property
    def is_late(self) -> bool:
        """Return whether the request takes effect although its answer is lost or replaced."""
        return (self.stage or _STAGES.get(self.kind)) is Stage.AFTER

    def matches(self, method: str, path: str) -> bool:
        """Return whether it counts a request.

        Args:
            method: HTTP method.
            path: Path below the API's base.
        """
        target = _TARGETS.get(self.kind)
        if target is not None and target != (method, path):
            return False
        return self.method in (None, method) and (self.path is None or fnmatchcase(path, self.path))

    def fires(self, number: int, fired: int) -> bool:
        """Return whether it affects a matching request.

        Args:
            number: Number of the matching request, counted from 1.
            fired: Number of requests that it has affected before.
        """
        if number < self.nth or (self.times is not None and fired >= self.times):
            return False
        return self.probability is None or _roll(self.seed, number) < self.probability

    def at(self, number: int) -> Fault:
        """Return the fault for one request: ties have another order in each list.

        Args:
            number: Number of the matching request, counted from 1.
        """
        return replace(self, seed=self.seed + number) if self.kind is FaultKind.TIES else self


def describe_fault(fault: Fault) -> dict[str, object]:
    """Describe a fault as JSON: the parts that are given, by name."""
    values = {field.name: getattr(fault, field.name) for field in fields(fault)}
    shown = {name: format_decimal(value) if isinstance(value, Decimal) else value for name, value in values.items()}
    return {name: value for name, value in shown.items() if value is not None or name == "times"}


def read_fault(values: Mapping[str, object]) -> Fault:
    """Read a fault from JSON or a form.

    Args:
        values: Written by `describe_fault` or by a person; `times: null` or 0 means no limit.

    Raises:
        InvalidFault: A part is missing, malformed, unknown, or does not fit the others.
    """
    given = Fields(values)
    for name in values.keys() - {field.name for field in fields(Fault)}:
        given.report(name, "is unknown")
    kind = given.choice("kind", FaultKind, required=True)
    times = given.integer("times") if "times" in values else 1
    nth, seed = given.integer("nth"), given.integer("seed")
    method = given.text("method")
    parts = {
        "method": None if method is None else method.upper(),
        "path": given.text("path"),
        "nth": 1 if nth is None else nth,
        "times": times or None,
        "probability": given.number("probability"),
        "seed": seed or 0,
        "stage": given.choice("stage", Stage),
        "seconds": given.number("seconds"),
        "reads": given.integer("reads"),
        "rows": given.integer("rows"),
        "request": given.text("request"),
    }
    if kind is None or given.problems:
        problems = given.problems or {"kind": [MISSING]}
        raise InvalidFault("; ".join(f"{key} {', '.join(messages)}" for key, messages in problems.items()))
    return Fault(kind=kind, **parts)  # type: ignore[arg-type]  # read with the types of the fields


def _find_problem(fault: Fault) -> str | None:
    if fault.nth < 1 or (fault.times is not None and fault.times < 1):
        return "needs nth and times from 1 on"
    if fault.probability is not None and not 0 <= fault.probability <= 1:
        return "needs a probability from 0 to 1"
    if fault.stage is not None and (not fault.replaces_answer or fault.kind in _FIXED):
        return "has its own stage"
    return _find_missing(fault)


def _find_missing(fault: Fault) -> str | None:
    if fault.kind in _TIMED and not (fault.seconds or 0) > 0:
        return "needs seconds above 0"
    if fault.kind is FaultKind.CAP and not 0 < (fault.rows or 0) <= MAX_SHIFT:
        return f"needs rows from 1 to {MAX_SHIFT}"
    if fault.kind is FaultKind.LAG and not _has_one_lag(fault):
        return "needs either reads or seconds, above 0"
    if fault.kind is FaultKind.SHIFT and not 0 < abs(fault.rows or 0) <= MAX_SHIFT:
        return f"needs rows other than 0, at most {MAX_SHIFT} either way"
    if fault.kind is FaultKind.ACT and len((fault.request or "").split(maxsplit=2)) < 2:
        return 'needs a request such as `POST /sandbox/advance {"seconds": 5}`'
    return None


def _has_one_lag(fault: Fault) -> bool:
    given = [length for length in (fault.reads, fault.seconds) if length is not None]
    return len(given) == 1 and given[0] > 0


def _roll(seed: int, number: int) -> Decimal:
    """Return a number from 0 to below 1 that depends on nothing but these two."""
    digest = hashlib.sha256(f"{seed}:{number}".encode()).digest()
    return Decimal(int.from_bytes(digest[:8], "big")) / 2**64
