"""What must hold while partly filled entries are closed: coins are never sold twice, and never left without a word."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal

from reconciler.model.operations import Operation
from reconciler.model.plan import Plan
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.sandbox.engine.trade import SmartTrade
from reconciler.sandbox.values.statuses import TradeStatus
from tests.scenarios.simulation.requests_seen import Call, Kind
from tests.scenarios.simulation.sandbox_state import SandboxState, read_identity
from tests.scenarios.simulation.trace import Trace

# The writes of a close of a partly filled entry; what frees may be sent twice, what sells once.
SALE_WRITES = {Kind.CANCEL: 2, Kind.CREATE: 1, Kind.CLOSE: 1}
_SALE = re.compile(r"\] sells what #(\d+) holds$")
_GIVEN_UP = (DesiredState.ABANDONED, DesiredState.RELEASED)


def find_sold(note: object) -> int | None:
    """The trade that a sale sells for, as its note says; None for any other note."""
    found = _SALE.search(note) if isinstance(note, str) else None
    return int(found[1]) if found else None


class SaleLaws:
    """The laws of closes of partly filled entries.

    Args:
        trace: Told what is broken.
        account: The sandbox's state.
    """

    def __init__(self, trace: Trace, account: SandboxState) -> None:
        self._trace = trace
        self._account = account
        # Sales as they were opened: whatever their notes say later.
        self._sales: dict[int, list[int]] = {}
        self._taken_back: set[int] = set()

    def check_create(self, operation: Operation, call: Call) -> None:
        """A sale is on own funds, of what the cancelled trade holds, and is the only one."""
        expected = operation.precondition
        sold = find_sold(call.body.get("note"))
        if expected is None or sold != expected.live_id or call.body.get("skip_enter_step") is not True:
            self._trace.break_law(f"a sale for {operation.trade} that is none: {call}")
            return
        trade = self._account.trades[sold]
        units = Decimal(str(call.body["position"]["units"]["value"]))
        if trade.status is not TradeStatus.CANCELLED or units > trade.entered_amount:
            self._trace.break_law(f"{call} sells {units} of #{sold}, which is {trade.status.value}")
        if any(self._find_effective(sold)):
            self._trace.break_law(f"{call}: the coins of #{sold} are sold twice")

    def is_sale_of(self, operation: Operation, live_id: int | None) -> bool:
        """Whether a trade was opened for a close."""
        expected = operation.precondition
        return expected is not None and live_id in self._sales.get(expected.live_id, ())

    def note_birth(self, born: SmartTrade) -> bool:
        """Whether a new trade is a sale."""
        sold = find_sold(born.note)
        if sold is None:
            return False
        self._sales.setdefault(sold, []).append(born.id)
        self._trace.count("a sale is opened")
        return True

    def note_effect(self, operation: Operation, call: Call, after: SmartTrade) -> None:
        """An entry was cancelled for a close."""
        if operation.sells_rest and call.kind is Kind.CANCEL:
            self._taken_back.add(after.id)
            self._trace.count("the rest of an entry is taken back")

    def find_unsold(self) -> Iterator[SmartTrade]:
        """Trades that were cancelled to be closed, and whose coins nobody has sold or is about to."""
        for live_id in self._taken_back:
            trade = self._account.trades[live_id]
            is_held = trade.status is TradeStatus.CANCELLED and trade.entered_amount > 0
            if is_held and not any(self._find_effective(live_id)):
                yield trade

    def check_told(
        self, plan: Plan, specs: Sequence[TradeSpec], account_ids: Collection[int], pasted: Collection[int]
    ) -> None:
        """Of coins that are held since a close was cut short a plan says something, unless its file gives them up.

        Args:
            plan: What is said.
            specs: The trades of the files.
            account_ids: The accounts that are planned for.
            pasted: Trades into which a person has pasted a marker. The own funds of such a trade are out of sight under
                its own name, so that its next generation seems to take over the coins of the trade whose marker it has.
        """
        claimed = {read_identity(self._account.trades[live_id]) for live_id in pasted}
        told = {operation.trade for operation in plan.operations}
        told |= {blocked.trade for blocked in plan.blocked} | {notice.trade for notice in plan.notices}
        wanted = {(spec.name, spec.generation): spec for spec in specs if spec.state not in _GIVEN_UP}
        for trade in self.find_unsold():
            identity = read_identity(trade)
            if identity is None or identity.account_id not in account_ids or identity in claimed:
                continue
            if (identity.name, identity.generation) in wanted and identity.name not in told:
                self._trace.break_law(
                    f"#{trade.id} ({identity}) holds what was to be sold, and the plan does not say so"
                )

    def _find_effective(self, sold: int) -> Iterator[int]:
        for live_id in self._sales.get(sold, ()):
            if self._account.trades[live_id].status is not TradeStatus.FAILED:
                yield live_id
