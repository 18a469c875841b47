"""Laws at the edges of a run: the next run, the other target, the list that lies, the marker that was pasted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from reconciler.codec.digests import entry_digest
from reconciler.codec.numbers import is_near
from reconciler.model.operations import Action, Operation
from reconciler.model.terms import Side, Terms
from reconciler.sandbox.engine.trade import SmartTrade
from reconciler.sandbox.values.statuses import TradeStatus
from tests.scenarios.simulation.process_knowledge import Knowledge, Run
from tests.scenarios.simulation.requests_seen import Call, Kind
from tests.scenarios.simulation.sandbox_state import (
    Identity,
    SandboxState,
    finished_steps,
    identify,
    made_way,
    read_entry_digest,
    read_identity,
)
from tests.scenarios.simulation.trace import Trace

# What commits or executes, and is therefore sent once in a run.
COMMITTING = frozenset({Kind.CREATE, Kind.CLOSE})
_CHANGING = frozenset({Kind.UPDATE, Kind.CANCEL, Kind.CLOSE, Kind.CANCEL_STEP})
# Lots and fees. Source: the specification of a match.
_SIZE_TOLERANCE = Decimal("0.03")
_UNTOUCHED = (TradeStatus.WAITING_POSITION, TradeStatus.WAITING_TARGETS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """A trade that a person opened just as a file states it.

    Attributes:
        name: The file's name of it.
        terms: What was asked for.
        step: When.
    """

    name: str
    terms: Terms
    step: int


class EdgeLaws:
    """Laws about what runs know of each other and of what people do between them.

    Args:
        trace: Told what is broken.
        account: The sandbox's state.
    """

    def __init__(self, trace: Trace, account: SandboxState) -> None:
        self._trace = trace
        self._account = account
        # Whose a trade was when it was opened; trades of people are in neither.
        self.origins: dict[int, Identity] = {}
        # Trades into which a person has pasted a marker, and when last.
        self.pasted: dict[int, int] = {}
        self.twins: dict[int, Twin] = {}

    def check_write(self, process: Knowledge, run: Run, operation: Operation, call: Call) -> None:
        """A write stays inside the target, is not sent again, and works on the right trade."""
        self._check_account(process, call)
        self._check_repetition(run, operation, call)
        if call.kind is Kind.CREATE and operation.action is Action.CREATE:
            self._check_known(process, operation)
            self._check_twin(process, run, operation)
        if call.kind in _CHANGING and call.live_id in self.pasted:
            self._check_fit(process, run, operation, self._account.trades[call.live_id])

    def note_refusal(self, run: Run, operation: Operation, call: Call) -> None:
        """A write was refused, so that it may be sent again."""
        run.committed.discard(_key_of(operation, call))

    def find_hidden(self, process: Knowledge, generations: Iterable[tuple[str, int]]) -> list[Identity]:
        """Trades that are live, that the journal knows, and that a file asks for."""
        wanted = set(generations)
        known = process.remembered.find() if process.remembered else {}
        return [
            identity
            for live_id, identity in known.items()
            if identity.account_id in process.account_ids
            and (identity.name, identity.generation) in wanted
            and not self._account.trades[live_id].is_terminal
            and read_identity(self._account.trades[live_id]) == identity
        ]

    def _check_account(self, process: Knowledge, call: Call) -> None:
        account_id = call.body.get("account_id")
        if call.live_id is not None:
            account_id = self._account.trades[call.live_id].account_id
        if account_id not in process.account_ids:
            self._trace.break_law(f"{call} works on account {account_id}, which the target does not name")

    def _check_repetition(self, run: Run, operation: Operation, call: Call) -> None:
        if call.kind not in COMMITTING:
            return
        key = _key_of(operation, call)
        if key in run.committed:
            self._trace.break_law(f"{call} is sent twice in one run")
        run.committed.add(key)

    def _check_known(self, process: Knowledge, operation: Operation) -> None:
        """What the journal knows to be opened is not opened again, whatever lists say."""
        if process.remembered is None:
            return
        wanted = identify(operation)
        for live_id, identity in process.remembered.find().items():
            other = self._account.trades[live_id]
            if identity == wanted and not made_way(other, read_entry_digest(operation.note_after)):
                self._trace.break_law(
                    f"{wanted} is opened again, though its journal knows #{live_id}, which is {other.status.value}"
                )

    def _check_twin(self, process: Knowledge, run: Run, operation: Operation) -> None:
        """Nothing is opened beside the same trade of a person that was there before the run began."""
        if process.was_shown_nothing:
            return
        for live_id, twin in self.twins.items():
            is_same = twin.name == operation.trade and _are_alike(twin.terms, operation.after)
            if is_same and twin.step < run.began_step and _is_as_opened(self._account.trades[live_id], twin.terms):
                self._trace.break_law(f"{operation.trade} is opened beside #{live_id}, which a person opened like it")

    def _check_fit(self, process: Knowledge, run: Run, operation: Operation, trade: SmartTrade) -> None:
        """A pasted marker does not make another trade of one."""
        wanted = identify(operation)
        if self.origins.get(trade.id) == wanted:
            return
        filed = [spec.terms for spec in run.specs if spec.name == operation.trade]
        is_unknown = process.remembered is None or wanted not in process.remembered.find().values()
        if not filed and is_unknown:
            # Neither a file nor a journal says what it should be.
            return
        opened = (self._account.trades[each] for each, identity in self.origins.items() if identity == wanted)
        # Of an entry that was edited since nobody knows the size without a journal.
        fits_file = any(
            _fits_terms(trade, terms, is_edited=is_unknown and read_entry_digest(trade.note) != entry_digest(terms))
            for terms in filed
        )
        if fits_file or any(_fits_trade(trade, other) for other in opened):
            return
        self._trace.break_law(f"{operation.action} of {wanted} works on #{trade.id}, into which its marker was pasted")


def _key_of(operation: Operation, call: Call) -> tuple[Kind, object]:
    return call.kind, identify(operation) if call.live_id is None else call.live_id


def _are_alike(twin: Terms, wanted: Terms | None) -> bool:
    return wanted is not None and (twin.account_id, twin.pair, twin.entry, twin.instant, twin.skip_enter_step) == (
        wanted.account_id,
        wanted.pair,
        wanted.entry,
        wanted.instant,
        wanted.skip_enter_step,
    )


def _is_as_opened(trade: SmartTrade, terms: Terms) -> bool:
    """Whether a trade that a person opened is live, unmarked, and neither partly filled nor partly closed."""
    is_whole = trade.entered_amount == 0 or trade.status is TradeStatus.WAITING_TARGETS
    return (
        trade.status in _UNTOUCHED
        and "[reconciler" not in (trade.note or "")
        and is_whole
        and not finished_steps(trade)
        and trade.position.terms.units == terms.entry.units
        and trade.position.terms.price in (terms.entry.price, None)
    )


def _fits_terms(trade: SmartTrade, terms: Terms, *, is_edited: bool) -> bool:
    meant = (
        terms.account_id,
        terms.pair,
        terms.entry.side is Side.BUY,
        terms.instant,
        terms.skip_enter_step,
    )
    return _describe(trade) == meant and (is_edited or _has_size(trade, terms.entry.units))


def _fits_trade(trade: SmartTrade, other: SmartTrade) -> bool:
    return _describe(trade) == _describe(other) and _has_size(trade, other.position.terms.units)


def _has_size(trade: SmartTrade, units: Decimal) -> bool:
    """Whether a position has a size; that of a waiting entry can be edited."""
    is_waiting = trade.status is TradeStatus.WAITING_POSITION and trade.entered_amount == 0
    return is_waiting or is_near(trade.position.terms.units, units, _SIZE_TOLERANCE)


def _describe(trade: SmartTrade) -> tuple[object, ...]:
    return trade.account_id, trade.pair, trade.is_long, trade.is_instant, trade.skip_enter_step
