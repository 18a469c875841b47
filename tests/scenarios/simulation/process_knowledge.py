"""What a process of the program has read and is at work on, as far as laws ask for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from reconciler.model.guardrails import Guardrail
from reconciler.model.operations import Operation
from reconciler.model.plan import Plan
from reconciler.model.specs import TradeSpec
from reconciler.sandbox.engine.trade import SmartTrade
from tests.scenarios.simulation.journal_rows import JournalRows
from tests.scenarios.simulation.requests_seen import Kind


@dataclass(slots=True, kw_only=True)
class Reading:
    """A trade as it really was when a process read it last."""

    step: int
    trade: SmartTrade


@dataclass(slots=True, kw_only=True)
class Run:
    """What one process carries out, and what it has sent for it."""

    plan: Plan
    specs: Sequence[TradeSpec]
    planned_step: int
    began_step: int
    acknowledged: Mapping[str, Decimal]
    # Limits of the files that the plan passes and that nobody has acknowledged.
    unasked: Sequence[Guardrail] = ()
    operation: Operation | None = None
    sent: Counter[Kind] = field(default_factory=Counter)
    # What may have committed money and is not sent again: kind and trade.
    committed: set[tuple[Kind, object]] = field(default_factory=set)
    begun: set[int] = field(default_factory=set)
    wrote: set[str] = field(default_factory=set)
    last_written: int | None = None
    last_written_step: int = 0
    closed: set[int] = field(default_factory=set)
    omitted: set[int] = field(default_factory=set)
    unprotected: set[int] = field(default_factory=set)
    opened: dict[int, Decimal] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Knowledge:
    """What one process has read, and what it carries out.

    Attributes:
        name: Of the process.
        clone: Where it runs.
        step: When it was started.
        account_ids: The accounts that its target names.
        remembered: What its journal knows, or None where it has none.
        readings: Trades as it has read them.
        run: What it carries out, or None.
        is_fenced: Whether another run has taken over.
        was_shown_nothing: Whether a list said that there is nothing, though there is.
        is_frozen: Says whether a freeze is in force for its target and journal.
    """

    name: str
    clone: str
    step: int
    account_ids: frozenset[int]
    remembered: JournalRows | None = None
    readings: dict[int, Reading] = field(default_factory=dict)
    run: Run | None = None
    is_fenced: bool = False
    was_shown_nothing: bool = False
    is_frozen: Callable[[], bool] = lambda: False
