"""The requests that an apply sends: counted from the stages that it carries out.

Readings that are shared are counted as they are shared: prices of a pair within a few seconds, and the confirmation of
creates. When each request may be sent decides about both, so that a plan of many trades is counted at its pace.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from reconciler.model.live import RATES_LIFETIME_S
from reconciler.model.operations import Operation
from reconciler.planning.stages import RATES_STAGES, SHARED_STAGES, Stage, list_stages

# Half a page: creates of this many are confirmed by one reading of the newest page, with room for trades of others.
CREATES_PER_CONFIRMATION = 50
# A create is confirmed after this many seconds at the latest, however few there are: its stop may not be active.
CONFIRM_AFTER_S = 15.0
# Preconditions of fewer trades than this are read one by one, of more from the pages of active trades.
FEW_TRADES = 10

# Says when one more request may be sent, in seconds from now.
Send = Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """The requests that the readings of a whole run take, as the plan has just seen.

    Attributes:
        accounts: The accounts of the key.
        active: All active trades.
        absence: The proof that no trade exists that would be opened.
        is_checked: Whether all preconditions are checked before anything is sent: not if the plan was made a moment ago
            and nobody was asked.
        markets: Account id to its market: prices of a pair are shared by the accounts of one market.
    """

    accounts: int = 1
    active: int = 1
    absence: int = 0
    is_checked: bool = True
    markets: Mapping[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class RequestCount:
    """Counts the requests of a run, in the order in which they are sent.

    Attributes:
        send: Says when one more request may be sent.
        markets: Account id to its market.
        total: How many so far.
    """

    send: Send
    markets: Mapping[int, str] = field(default_factory=dict)
    total: int = 0
    _now_s: float = 0.0
    _rates_at_s: dict[tuple[str, str], float] = field(default_factory=dict)
    _creates: int = 0
    _created_at_s: float = 0.0

    def add(self, requests: int = 1) -> None:
        """Count requests of any kind."""
        for _ in range(requests):
            self._now_s = self.send()
        self.total += requests

    def add_rates(self, operation: Operation) -> None:
        """Count a reading of prices, unless those of the pair were read a moment ago."""
        terms = operation.after or (operation.precondition.terms if operation.precondition else None)
        if terms is None:
            return
        key = self.markets.get(terms.account_id, str(terms.account_id)), terms.pair
        read_at_s = self._rates_at_s.get(key)
        if read_at_s is None or self._now_s - read_at_s >= RATES_LIFETIME_S:
            self.add()
            self._rates_at_s[key] = self._now_s

    def add_operation(self, operation: Operation) -> None:
        """Count what is sent for an operation."""
        for stage in list_stages(operation):
            if stage in RATES_STAGES:
                self.add_rates(operation)
            elif stage not in SHARED_STAGES or operation.precondition is not None:
                self.add()
        if Stage.CREATE in list_stages(operation) and operation.precondition is None:
            self._remember_create()

    def confirm(self) -> None:
        """Count the confirmation of the creates that wait for it."""
        if self._creates:
            self.add()
        self._creates = 0

    def _remember_create(self) -> None:
        if not self._creates:
            self._created_at_s = self._now_s
        self._creates += 1
        if self._creates == CREATES_PER_CONFIRMATION or self._now_s - self._created_at_s >= CONFIRM_AFTER_S:
            self.confirm()


def count_requests(
    operations: Sequence[Operation],
    readings: Readings,
    send: Send = lambda: 0.0,
) -> int:
    """Count the requests that an apply of some operations sends if nothing unforeseen happens.

    Args:
        operations: In the order in which they are carried out.
        readings: What the run reads as a whole.
        send: Says when one more request may be sent, in seconds from now; by default all at once.
    """
    if not operations:
        return 0
    count = RequestCount(send, readings.markets)
    count.add(readings.accounts)
    if readings.is_checked:
        _count_preconditions(count, operations, readings)
    count.add(readings.absence)
    if readings.is_checked:
        for operation in operations:
            if operation.precondition is None and operation.executes:
                count.add_rates(operation)
    for operation in operations:
        count.add_operation(operation)
    count.confirm()
    return count.total


def _count_preconditions(count: RequestCount, operations: Sequence[Operation], readings: Readings) -> None:
    live_ids = {operation.live_id for operation in operations if operation.live_id is not None}
    count.add(readings.active if len(live_ids) > FEW_TRADES else len(live_ids))
    for operation in operations:
        if operation.averaging is not None:
            count.add()
        if operation.precondition is not None and operation.executes:
            count.add_rates(operation)
