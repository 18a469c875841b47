"""What must hold after every request and every move of the world, judged by the sandbox's own full state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from reconciler.guardrails.limits import DEFAULT_LIMITS
from reconciler.model.fires import STOP_FIRES
from reconciler.model.operations import Action, Cause, Operation
from reconciler.model.outcomes import Outcome, OutcomeKind
from reconciler.model.plan import Plan
from reconciler.model.specs import DesiredState, TradeSpec
from reconciler.model.terms import Step as WantedStep
from reconciler.model.terms import StopLoss, Terms
from reconciler.sandbox.engine.trade import SmartTrade, Step, Stop
from reconciler.sandbox.values.statuses import OPEN_STATUSES, OrderStatus, TradeStatus
from tests.scenarios.simulation.edge_laws import EdgeLaws
from tests.scenarios.simulation.fault_rates import LONGEST_S
from tests.scenarios.simulation.hold_laws import HoldLaws
from tests.scenarios.simulation.process_knowledge import Knowledge, Reading, Run
from tests.scenarios.simulation.requests_seen import Call, Kind
from tests.scenarios.simulation.sale_laws import SALE_WRITES, SaleLaws
from tests.scenarios.simulation.sandbox_state import (
    Identity,
    SandboxState,
    finished_steps,
    identify,
    is_position,
    is_unprotected,
    made_way,
    open_steps,
    read_entry_digest,
    read_identity,
)
from tests.scenarios.simulation.trace import Trace

# Whatever is older, lists show, in milliseconds.
_LISTED_MS = (LONGEST_S + 60) * 1000

Changed = Mapping[int, tuple[SmartTrade | None, SmartTrade]]

# The writes that an operation is made of, and how often each may be sent: twice, the notes before and after a change,
# and once what commits or executes.
_WRITES: Mapping[Action, Mapping[Kind, int]] = {
    Action.CREATE: {Kind.CREATE: 1},
    Action.UPDATE: {Kind.SET_NOTE: 4, Kind.UPDATE: 2},
    Action.REPLACE: {Kind.SET_NOTE: 4, Kind.CANCEL: 2, Kind.CREATE: 1},
    Action.CANCEL: {Kind.CANCEL: 2},
    Action.CANCEL_STEP: {Kind.CANCEL_STEP: 2},
    Action.CLOSE: {Kind.CLOSE: 1},
    Action.SET_NOTE: {Kind.SET_NOTE: 2},
    Action.RELEASE: {Kind.SET_NOTE: 2},
}


class Laws:
    """The laws of one history.

    Args:
        trace: Told what is broken; knows what happened.
        account: The sandbox's state.
    """

    def __init__(self, trace: Trace, account: SandboxState) -> None:
        self._trace = trace
        self._account = account
        self._born: dict[Identity, list[int]] = defaultdict(list)
        # Digest of the entry by the note that a trade was opened with.
        self._entries: dict[int, str] = {}
        # Steps at which a person edited inputs or note of a trade.
        self.edits: dict[int, list[int]] = defaultdict(list)
        # Note that a person wrote, by trade and step.
        self.written_notes: dict[tuple[int, int], str] = {}
        self.twins: set[str] = set()
        self.edges = EdgeLaws(trace, account)
        self.holds = HoldLaws(trace)
        self.sales = SaleLaws(trace, account)

    # Right before a write leaves

    def check_write(self, process: Knowledge, call: Call, others: Iterable[Knowledge]) -> None:
        """A write belongs to the operation in hand, and the process has just seen what it works on."""
        run = process.run
        operation = run.operation if run else None
        if run is None or operation is None:
            self._trace.break_law(f"{process.name} sends {call} outside of any operation")
            return
        if process.is_fenced:
            self._trace.break_law(f"{process.name} goes on writing after another run has taken over")
        for other in others:
            if other is not process and other.run is not None and other.account_ids & process.account_ids:
                other.is_fenced = True
        self.edges.check_write(process, run, operation, call)
        self.holds.check_write(run, operation, call)
        run.sent[call.kind] += 1
        run.wrote.add(operation.trade)
        writes = SALE_WRITES if operation.sells_rest else _WRITES[operation.action]
        if run.sent[call.kind] > writes.get(call.kind, 0):
            self._trace.break_law(f"{call} is no part of {operation.action} {operation.trade}, or is sent too often")
        if call.kind is Kind.CREATE and operation.sells_rest:
            self.sales.check_create(operation, call)
        elif call.kind is Kind.CREATE:
            self._check_create_body(operation, call)
        else:
            self._check_target(process, run, operation, call)
        run.last_written, run.last_written_step = call.live_id, self._trace.step

    def _check_create_body(self, operation: Operation, call: Call) -> None:
        after = operation.after
        if after is None or call.body.get("note") != operation.note_after or call.body.get("pair") != after.pair:
            self._trace.break_law(f"a create for {operation.trade} that is not the planned one")

    def _check_target(self, process: Knowledge, run: Run, operation: Operation, call: Call) -> None:
        expected = operation.precondition
        if call.kind is Kind.CLOSE and self.sales.is_sale_of(operation, call.live_id):
            return
        if expected is None or call.live_id != expected.live_id:
            self._trace.break_law(f"{call} works on another trade than {operation.action} {operation.trade}")
            return
        reading = process.readings.get(expected.live_id)
        if reading is None or (run.last_written != call.live_id and reading.step < run.last_written_step):
            self._trace.break_law(f"{call} is sent without reading the trade right before")
            return
        if read_identity(reading.trade) != identify(operation):
            self._trace.break_law(f"{call} works on a trade whose note was not ours when read: {reading.trade.note!r}")
        if call.kind is Kind.SET_NOTE:
            self._check_note(operation, call)
        if sum(run.sent.values()) == 1:
            self._check_precondition(run, operation, reading, call)

    def _check_note(self, operation: Operation, call: Call) -> None:
        note = str(call.body.get("note"))
        # A change is announced, and where it cannot be made the announcement is taken back.
        before = operation.precondition.note if operation.precondition else ""
        is_under_way = operation.action in (Action.UPDATE, Action.REPLACE) and (">" in note or note == before)
        if note != operation.note_after and not is_under_way:
            self._trace.break_law(f"a note for {operation.trade} that is not the planned one: {note!r}")

    def _check_precondition(self, run: Run, operation: Operation, reading: Reading, call: Call) -> None:
        """The first write of an operation: the trade was, when read last, what the reviewer saw."""
        expected = operation.precondition
        if expected is None:
            return
        seen = (reading.trade.status.value, finished_steps(reading.trade))
        if seen != (expected.status, expected.finished_steps):
            self._trace.break_law(
                f"{call}: planned for {expected.status}/{expected.finished_steps}, but it was {seen[0]}/{seen[1]}"
            )
        is_first = expected.live_id not in run.begun
        run.begun.add(expected.live_id)
        edits = [step for step in self.edits[expected.live_id] if run.planned_step < step < reading.step]
        notes = [step for step in edits if (expected.live_id, step) in self.written_notes]
        # Whoever writes the note again that the plan saw has changed nothing.
        is_note_again = bool(notes) and self.written_notes[expected.live_id, notes[-1]] == expected.note
        if is_first and (set(edits) - set(notes) if is_note_again else edits):
            self._trace.break_law(f"{call}: the trade was edited by hand since the plan was made, and read after that")

    # After a request, and after the world has moved

    def check_effects(self, process: Knowledge | None, call: Call | None, changed: Changed) -> None:
        """No trade is opened twice; nothing changes that was not to change."""
        run = process.run if process else None
        for before, after in changed.values():
            if before is None:
                self._check_birth(after, call)
                _count_opened(run, call, after)
        self._check_unique()
        if run is None or call is None or process is None or call.live_id is None or call.live_id not in changed:
            return
        before, after = changed[call.live_id]
        reading = process.readings.get(call.live_id)
        if before is None or run.operation is None or reading is None:
            return
        was_seen = reading.trade is before
        self.sales.note_effect(run.operation, call, after)
        match call.kind:
            # What happens between the last look and the write nobody can see.
            case Kind.UPDATE if was_seen:
                self._check_echo(run.operation, before, after)
                if run.operation.closes:
                    run.closed.add(call.live_id)
                else:
                    self._count_unprotected(run, before, after)
            case Kind.CANCEL_STEP:
                self._check_step_gone(reading.trade, after)
            case Kind.CLOSE:
                run.closed.add(call.live_id)
            case Kind.CANCEL if run.operation.trade not in {spec.name for spec in run.specs}:
                run.omitted.add(call.live_id)

    def _check_birth(self, born: SmartTrade, call: Call | None) -> None:
        identity = read_identity(born)
        if identity is None:
            return
        self.edges.origins[born.id] = identity
        self._entries[born.id] = read_entry_digest(born.note)
        is_sale = self.sales.note_birth(born)
        for earlier in () if is_sale else self._born[identity]:
            other = self._account.trades[earlier]
            # Where a person has pasted another marker over its own, only a journal can know whose it is.
            has_damaged = "[reconciler" in (other.note or "") and other.id not in self.edges.pasted
            is_ours = read_identity(other) == identity or has_damaged
            # As they were opened: an entry may have been changed since.
            later = [self._entries[each] for each in self._born[identity] if each > earlier]
            has_made_way = any(made_way(other, entry) for entry in (*later, self._entries[born.id]))
            if is_ours and not has_made_way and identity.name not in self.twins:
                if call is not None and call.is_doubled:
                    self.twins.add(identity.name)
                    self._trace.count("twins by a doubled create", identity.name)
                    continue
                self._trace.break_law(
                    f"{identity} is opened twice: #{other.id} is {other.status.value}, now #{born.id}"
                )
        for known, ids in self._born.items():
            is_other = known.generation != identity.generation
            if is_other and (known.name, known.account_id) == (identity.name, identity.account_id):
                alive = [each for each in ids if read_identity(self._account.trades[each]) == known]
                if known.generation > identity.generation and alive:
                    self._trace.break_law(f"{identity} is opened after {known}")
                if any(not self._account.trades[each].is_terminal for each in alive):
                    self._trace.break_law(f"{identity} is opened while {known} is live")
        self._born[identity].append(born.id)

    def _check_unique(self) -> None:
        for identity, alike in self._account.live().items():
            lives = [live for live in alike if live.id not in self.edges.pasted]
            if len(lives) > 1 and identity.name not in self.twins:
                self._trace.break_law(f"{identity} is live {len(lives)} times: {[live.id for live in lives]}")

    def _check_echo(self, operation: Operation, before: SmartTrade, after: SmartTrade) -> None:
        """An update changes what it names and nothing else."""
        named = {change.path.partition(".")[0] for change in operation.changes}
        is_stated = self._account.states_distance
        parts = {
            "stop_loss": tuple(
                _describe_stop(each, is_distance_stated=is_stated) for each in (before.stop, after.stop)
            ),
            "take_profit": (_describe_steps(before.steps), _describe_steps(after.steps)),
            "position": (before.position.terms, after.position.terms),
        }
        for name, (was, becomes) in parts.items():
            # A step may be hit while the update is carried out, and a close that was planned ends them all.
            is_market = (name == "position" and is_position(before)) or (
                name == "take_profit" and (operation.closes or finished_steps(before) < finished_steps(after))
            )
            if name not in named and was != becomes and not is_market:
                self._trace.break_law(
                    f"the update of {operation.trade} names {sorted(named)} and changes {name}: {was} -> {becomes}"
                )

    def _count_unprotected(self, run: Run, before: SmartTrade, after: SmartTrade) -> None:
        """A position whose stop went away, or moved away from the price."""
        if not is_position(before) or before.stop is None:
            return
        if after.stop is None:
            run.unprotected.add(before.id)
            return
        if is_unprotected(before):
            # A stop that is dead protects nothing, wherever it is.
            return
        was, becomes = before.stop.breakeven_price or before.stop.trigger, after.stop.trigger
        if was is None or becomes is None or before.stop.terms.is_trailing or after.stop.terms.is_trailing:
            return
        if (becomes < was) if before.is_long else (becomes > was):
            run.unprotected.add(before.id)

    def _check_step_gone(self, seen: SmartTrade, after: SmartTrade) -> None:
        """Cancelling a step leaves the trade alive, unless it has changed after it was read."""
        is_ending = after.is_terminal or after.status is TradeStatus.CANCELLATION_PENDING
        if is_ending and open_steps(seen) < 2:
            self._trace.break_law(f"the last step of #{after.id} was cancelled, and the trade with it")

    # What is told

    def check_plan(self, plan: Plan, process: Knowledge) -> None:
        """Nothing is planned for a name that is live twice, once lists show both."""
        for operation in () if process.was_shown_nothing else plan.operations:
            alike = self._account.live()[identify(operation)]
            # What a person pasted meanwhile the plan may have read before or after.
            lives = [live for live in alike if self.edges.pasted.get(live.id, -1) < process.step]
            if len(lives) > 1 and all(live.created_at_ms < _planned_at_ms(plan) - _LISTED_MS for live in lives):
                self._trace.break_law(f"{operation.action} {operation.trade} is planned, and it is live twice")

    def check_reported(self, plan: Plan, specs: Sequence[TradeSpec], account_ids: Collection[int]) -> None:
        """A position whose file asks for a stop has one, or the plan says that it has not."""
        self.sales.check_told(plan, specs, account_ids, self.edges.pasted)
        told = {operation.trade for operation in plan.operations}
        told |= {blocked.trade for blocked in plan.blocked} | {notice.trade for notice in plan.notices}
        wanted = {spec.name: spec for spec in specs if spec.state is DesiredState.OPEN and spec.terms.stop_loss}
        for identity, lives in self._account.live().items():
            spec = wanted.get(identity.name) if identity.account_id in account_ids else None
            for live in lives:
                is_naked = is_unprotected(live) or (is_position(live) and live.stop is None)
                if live.stop is not None and live.stop.status is OrderStatus.IDLE and live.reads_left:
                    # It was entered a moment ago, and whoever reads it may still be shown that it waits.
                    continue
                if spec and spec.generation == identity.generation and is_naked and identity.name not in told:
                    self._trace.break_law(f"#{live.id} ({identity}) has no armed stop, and the plan says nothing of it")

    def check_outcome(self, process: Knowledge, outcome: Outcome) -> None:
        """What is reported done is done, by what the trade really was when it was read last."""
        run, operation = process.run, outcome.operation
        if run is None:
            return
        if outcome.kind is OutcomeKind.NOT_STARTED and operation.trade in run.wrote:
            done = [each for each in run.plan.operations if each.trade == operation.trade]
            if done[0] is operation:
                self._trace.break_law(f"{operation.action} {operation.trade} is told as not started, but was sent")
        if outcome.kind not in (OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE):
            return
        reading = process.readings.get(outcome.live_id or 0)
        if outcome.kind is OutcomeKind.ALREADY_DONE and outcome.live_id is not None:
            # Somebody made the first change of the plan by hand: that edit is no surprise to what follows.
            run.begun.add(outcome.live_id)
        if reading is None:
            self._trace.break_law(f"{operation.action} {operation.trade} is told as done without a trade: {outcome}")
            return
        problem = _find_lie(operation, reading.trade)
        # A new trade that has settled is not looked at again while others are watched.
        is_edited_since = operation.opens and bool(self.edits[reading.trade.id])
        if problem and not is_edited_since:
            self._trace.break_law(
                f"{operation.action} {operation.trade} #{reading.trade.id} is told as done: {problem}"
            )

    def check_guardrails(self, run: Run, limits: Mapping[str, object]) -> None:
        """No more is closed, unprotected or cancelled for want of a file than is allowed or was acknowledged."""
        counted = {"closes": run.closed, "unprotects": run.unprotected, "omissions": run.omitted}
        for name, ids in counted.items():
            allowed = max(Decimal(str({**DEFAULT_LIMITS, **limits}[name])), run.acknowledged.get(name, Decimal(0)))
            if len(ids) > allowed:
                self._trace.break_law(f"{name}: {sorted(ids)}, allowed {allowed}")
        self._check_opened(run, limits)

    def _check_opened(self, run: Run, limits: Mapping[str, object]) -> None:
        """No more is opened, and nothing larger, than is allowed or was acknowledged, by the bodies that were sent."""
        creates = limits.get("creates")
        if isinstance(creates, int) and len(run.opened) > max(creates, run.acknowledged.get("creates", 0)):
            self._trace.break_law(f"creates: {sorted(run.opened)}, allowed {creates}")
        amounts = limits.get("notional_per_trade")
        if isinstance(amounts, Mapping) and "notional_per_trade.unknown" not in run.acknowledged:
            most = max(Decimal(amounts["USDT"]), run.acknowledged.get("notional_per_trade", Decimal(0)))
            large = {number: notional for number, notional in run.opened.items() if notional > most}
            if large:
                self._trace.break_law(f"notional_per_trade: {large}, allowed {most}")


def _count_opened(run: Run | None, call: Call | None, born: SmartTrade) -> None:
    is_sale = run is not None and run.operation is not None and run.operation.sells_rest
    if run is not None and call is not None and call.kind is Kind.CREATE and not (call.is_doubled or is_sale):
        run.opened[born.id] = _find_rise(run.operation, _find_notional(call))


def _find_rise(operation: Operation | None, notional: Decimal) -> Decimal:
    """The worth of a new trade; 0 if it replaces a larger one, which lowers what was there."""
    replaced = operation.precondition if operation is not None else None
    if replaced is None:
        return notional
    entry = replaced.terms.entry
    price = entry.price or (entry.condition.price if entry.condition is not None else Decimal(0))
    return Decimal(0) if notional <= entry.units * price else notional


def _find_notional(call: Call) -> Decimal:
    """The worth of what a create asks for at its own limit price; 0 for a market order, whose price is not known."""
    position = call.body.get("position")
    price = position.get("price") if isinstance(position, Mapping) else None
    if not isinstance(position, Mapping) or not isinstance(price, Mapping):
        return Decimal(0)
    return Decimal(str(position["units"]["value"])) * Decimal(str(price["value"]))


def _find_lie(operation: Operation, trade: SmartTrade) -> str:
    """Why an operation is not done, or empty."""
    match operation.action:
        case Action.CREATE | Action.REPLACE:
            found = read_identity(trade)
            return "" if found == read_identity(trade, operation.note_after) else f"its note is {trade.note!r}"
        case Action.CANCEL | Action.CLOSE:
            return "" if trade.is_terminal else f"it is {trade.status.value}"
        case Action.SET_NOTE | Action.RELEASE:
            return "" if trade.note == operation.note_after else f"its note is {trade.note!r}"
        case Action.CANCEL_STEP:
            return "" if _count_copies(operation, trade) <= operation.copies_left else "the step is still there"
        case Action.UPDATE:
            return _find_undone(operation, trade)
        case Action.ADD_FUNDS | Action.CANCEL_AVERAGING:
            raise AssertionError("the simulated files have no averaging orders")
        case _:
            raise AssertionError(f"{operation.action} is by hand only")


def _count_copies(operation: Operation, trade: SmartTrade) -> int:
    step = operation.step
    if step is None:
        raise AssertionError("a cancel step names its step")
    return sum(
        each.status in OPEN_STATUSES
        and each.terms.volume_pct == step.volume_pct
        and each.terms.order_type.value == step.order_type.value
        and step.level.value in (each.price, each.terms.price)
        for each in trade.steps
    )


def _find_undone(operation: Operation, trade: SmartTrade) -> str:
    after = operation.after
    if after is None:
        return "nothing was asked"
    if operation.note_after is not None and trade.note != operation.note_after:
        return f"its note is {trade.note!r}"
    if trade.is_terminal and STOP_FIRES in operation.fires:
        return ""
    paths = {change.path for change in operation.changes}
    return (
        _find_undone_stop(operation, after.stop_loss, trade, paths)
        or _find_undone_steps(after.steps, trade, paths)
        or _find_undone_entry(after, trade, paths)
    )


def _find_undone_stop(operation: Operation, wanted: StopLoss | None, trade: SmartTrade, paths: Collection[str]) -> str:
    if not any(path.startswith("stop_loss") for path in paths):
        return ""
    if (trade.stop is None) != (wanted is None):
        return "its stop is not as asked"
    level = wanted.trigger.value if wanted else None
    is_moved = operation.cause is not Cause.LOSS and "stop_loss.conditional.price.value" in paths
    if trade.stop and level is not None and is_moved and trade.stop.trigger != level:
        return f"its stop is at {trade.stop.trigger}"
    return "its stop does not stand" if "stop_loss.status" in paths and is_unprotected(trade) else ""


def _find_undone_steps(wanted: Sequence[WantedStep], trade: SmartTrade, paths: Collection[str]) -> str:
    if not any(path.startswith("take_profit") for path in paths):
        return ""
    volumes = sorted(step.terms.volume_pct for step in trade.steps if step.status is not OrderStatus.CANCELLED)
    return "" if volumes == sorted(step.volume_pct for step in wanted) else f"its steps are {volumes}"


def _find_undone_entry(wanted: Terms, trade: SmartTrade, paths: Collection[str]) -> str:
    found = trade.position.terms
    if found.units != wanted.entry.units and "position.units.value" in paths:
        return f"its size is {found.units}"
    # Of a position nobody can see at which order it was entered.
    is_waiting = trade.status is TradeStatus.WAITING_POSITION
    is_elsewhere = "position.price.value" in paths and found.price != wanted.entry.price
    return f"its entry is at {found.price}" if is_waiting and is_elsewhere else ""


def _planned_at_ms(plan: Plan) -> float:
    return plan.context.made_at.timestamp() * 1000


def _describe_stop(stop: Stop | None, *, is_distance_stated: bool) -> tuple[object, ...] | None:
    """The inputs of a stop; a level that moves by itself is left out, a percent that counts for nothing, too."""
    if stop is None:
        return None
    terms = stop.terms
    trigger = None if terms.is_trailing or terms.has_breakeven else stop.trigger
    # A distance that answers do not name is not that of the request: it is chosen when the stop becomes active.
    distance = terms.trailing_pct if is_distance_stated else stop.distance_pct
    return (terms.order_type, trigger, terms.is_trailing, distance, terms.timeout_s, terms.has_breakeven)


def _describe_steps(steps: Sequence[Step]) -> list[tuple[object, Decimal | None, Decimal]]:
    """The inputs of the steps that may still act."""
    return [
        (step.terms.order_type, step.price or step.terms.price, step.terms.volume_pct) for step in steps if step.is_open
    ]
