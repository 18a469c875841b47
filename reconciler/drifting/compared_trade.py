"""A live trade together with all that is known about it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from reconciler.model.averaging import AveragingReading
from reconciler.model.drift import Finding, FindingKind, Topic
from reconciler.model.journal import AppliedTrade
from reconciler.model.lifecycle import Ignored
from reconciler.model.live import LiveTrade, Rates
from reconciler.model.reasons import Amount, Reason
from reconciler.model.specs import TradeSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedTrade:
    """A live trade and all that is known about it.

    Attributes:
        name: Name of the trade.
        spec: The trade in its file, or None if no file names it.
        live: The trade as the API reports it; its marker may be gone.
        applied: The journal's record, or None.
        rates: Limits of its pair, or None if they were not read.
        averaging: Its averaging orders as read, or None if its marker counts none.
    """

    name: str
    spec: TradeSpec | None
    live: LiveTrade
    applied: AppliedTrade | None
    rates: Rates | None
    averaging: AveragingReading | None = None

    @property
    def ignored(self) -> frozenset[Ignored]:
        """Fields that the file leaves to others."""
        return self.spec.lifecycle.ignored if self.spec else frozenset()

    def base_amount(self, units: Decimal) -> Amount:
        """Return a size in the base currency of its pair."""
        return Amount(units, self.live.terms.unit)

    def make_finding(self, kind: FindingKind, topic: Topic, reason: Reason, hint: Reason | None = None) -> Finding:
        """Make a finding about this trade that is not about one input."""
        return Finding(kind=kind, topic=topic, trade=self.name, live_id=self.live.id, reason=reason, hint=hint)
