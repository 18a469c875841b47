"""The program as a history runs it: processes that plan and apply, from any clone and with any target."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from reconciler.applying.earlier_runs import settle_earlier_runs
from reconciler.codec.live_trades import read_trade
from reconciler.errors import GuardrailError, JournalError, ReconcilerError
from reconciler.guardrails.acknowledgements import fits_any, parse_acknowledgements
from reconciler.guardrails.evaluate import evaluate_again
from reconciler.journal.file_locks import FileLocks
from reconciler.journal.lock_holder import Holder
from reconciler.journal.machine_lock import MachineLock
from reconciler.journal.no_journal import NO_JOURNAL
from reconciler.journal.protocol import Journal
from reconciler.journal.run_lock import RunLock
from reconciler.journal.sql_journal import SqlJournal
from reconciler.live.endpoints import SmartTradeApi
from reconciler.model.commands import Selector
from reconciler.model.guardrails import Guardrail
from reconciler.model.journal import RunStart
from reconciler.model.operations import Operation
from reconciler.model.outcomes import Outcome
from reconciler.model.plan import Plan
from reconciler.model.specs import TradeSpec
from reconciler.rendering.outcome_text import describe_outcome
from reconciler.session import Session
from reconciler.workflows.applying import ApplyOptions, carry_out, hold_run
from reconciler.workflows.end_all import find_to_close, prepare_close
from reconciler.workflows.journal import scope_of
from reconciler.workflows.plan_files import PlanFiles, select_all
from reconciler.workflows.planning import make_plan
from reconciler.workflows.refusals import Holds, find_holds
from reconciler.workflows.trade_session import TradeSession, describe_other_name
from tests.scenarios.simulation.clones import Clone
from tests.scenarios.simulation.fault_rates import CALM, Journals
from tests.scenarios.simulation.faulty_wire import Wire, World
from tests.scenarios.simulation.journal_rows import JournalRows
from tests.scenarios.simulation.process_knowledge import Knowledge, Run
from tests.scenarios.simulation.removed_safety import RemovedSafety
from tests.scenarios.simulation.requests_seen import Call
from tests.scenarios.simulation.shared_sandbox import SharedJournal, StruckDatabase
from tests.support.world import Killed

LOCK_WAIT_S = 10.0

Between = Callable[[Knowledge, Call], None]


@dataclass(slots=True, kw_only=True)
class Process:
    """One run of the program."""

    clone: Clone
    knowledge: Knowledge
    api: SmartTradeApi
    journal: Journal
    pid: int


@dataclass(slots=True, kw_only=True)
class Saved:
    """A plan that was reviewed and waits to be applied.

    Attributes:
        target: Name of the target that it was made for.
        plan: The plan.
        specs: What the files said then.
        step: When it was made.
        was_applied: Whether it was applied before.
    """

    target: str
    plan: Plan
    specs: Sequence[TradeSpec]
    step: int
    was_applied: bool = False

    @property
    def names(self) -> list[str]:
        """The trades that it is about."""
        return sorted({operation.trade for operation in self.plan.operations})


@dataclass(slots=True, kw_only=True)
class _Observer:
    """Checks what a run tells, as it tells it."""

    world: World
    knowledge: Knowledge
    run: Run

    def starting(self, operation: Operation) -> None:
        """An operation begins."""
        self.run.operation = operation
        self.run.sent.clear()

    def ended(self, outcome: Outcome) -> None:
        """An operation has its outcome."""
        trace, operation = self.world.trace, outcome.operation
        text = f"{operation.action} {operation.trade}#{operation.generation}: {outcome.kind}"
        text += f" {describe_outcome(outcome)}"
        trace.tell(f"{self.knowledge.name}: {text}")
        trace.count(f"outcome: {outcome.kind}")
        trace.count(f"operation: {operation.action}")
        self.world.laws.check_outcome(self.knowledge, outcome)
        self.world.laws.holds.check_outcome(self.run, outcome)
        self.world.freezes.check_outcome(outcome)


class Program:
    """Runs the program.

    Args:
        world: Where.
        journals: Which journal there is.
        removal: A safety that is taken away.
        between: What happens in the world before each request.
    """

    def __init__(self, world: World, journals: Journals, removal: RemovedSafety, between: Between) -> None:
        self._world = world
        self._journals = journals
        self._removal = removal
        self._between = between
        self._alive: dict[int, str] = {}
        self._pids = 0
        self.saved: list[Saved] = []
        self.depth = 0

    def work(self, clone: Clone) -> None:
        """One run of the program, whatever becomes of it."""
        self._run(clone, self._command)

    def close_by_hand(self, clone: Clone, name: str) -> None:
        """The command `trade close` for a partly filled trade, approved, whatever becomes of it."""
        self._world.trace.tell(f"a person gives `trade close {name}`")
        self._world.trace.count("a partly filled trade is closed by hand", name)
        self._run(clone, lambda process: self._close(process, name))

    def _run(self, clone: Clone, command: Callable[[Process], None]) -> None:
        trace = self._world.trace
        process = self.start(clone)
        self.depth += 1
        try:
            command(process)
        except Killed:
            trace.count("killed")
        except ReconcilerError as error:
            trace.tell(f"{process.knowledge.name}: {type(error).__name__}: {error.message}")
            trace.count(f"error: {type(error).__name__}")
        finally:
            self.depth -= 1
            self.end(process)

    def start(self, clone: Clone) -> Process:
        """A new process."""
        world = self._world
        self._pids += 1
        self._alive[self._pids] = clone.machine
        remembered = None if clone.database is None else JournalRows(clone.database, world.account)
        knowledge = Knowledge(
            name=f"run{self._pids}",
            clone=str(clone),
            step=world.trace.step,
            account_ids=clone.account_ids,
            remembered=remembered,
            is_frozen=lambda: world.freezes.is_frozen(clone),
        )
        world.trace.tell(f"{knowledge.name} is {clone}")
        world.trace.count(f"a run at {clone.target}")
        if clone.number > 1:
            world.trace.count("a run in a second clone")
        world.processes = [each for each in world.processes if each.run is not None]
        world.processes.append(knowledge)
        alter = self._removal.make_alter(world) if self._removal.make_alter else None
        wire = Wire(world, knowledge, self._between, alter)
        return Process(
            clone=clone,
            knowledge=knowledge,
            api=self._removal.wrap_api(world.shared.open_api(wire)),
            journal=self._removal.wrap_journal(self._open_journal(clone, self._pids)),
            pid=self._pids,
        )

    def end(self, process: Process) -> None:
        """The process is over."""
        self._alive.pop(process.pid, None)
        process.knowledge.run = None

    def open_session(self, process: Process) -> Session:
        """What the workflows get."""
        return Session(
            settings=replace(process.clone.settings, limits=self._removal.wrap_limits(process.clone.settings.limits)),
            api=process.api,
            clock=self._world.shared.clock,
            journal=process.journal,
            report=lambda text: self._world.trace.tell(f"{process.knowledge.name}: {text}"),
        )

    def plan(self, process: Process) -> Saved:
        """What the command `plan` does."""
        trace, specs = self._world.trace, tuple(process.clone.files.specs)
        selection = select_all(PlanFiles(specs=specs))
        plan = make_plan(self.open_session(process), selection, waits_for_busy=True)
        for operation in plan.operations:
            trace.tell(
                f"{process.knowledge.name}: plans {operation.action} {operation.trade}#{operation.generation}"
                f" ({operation.cause}, {operation.effect}: {operation.money})"
            )
        for blocked in plan.blocked:
            trace.tell(f"{process.knowledge.name}: blocks {blocked.trade}: {blocked.reason}")
        self._world.laws.check_plan(plan, process.knowledge)
        return Saved(target=process.clone.target, plan=plan, specs=specs, step=trace.step)

    def apply(self, process: Process, saved: Saved, *, is_saved: bool) -> Sequence[Outcome]:
        """What the command `apply` does with a plan."""
        plan, settings, trace = saved.plan, process.clone.settings, self._world.trace
        session = self.open_session(process)
        passed = [each for each in evaluate_again(plan, session.settings.limits) if each.is_breach]
        is_sure = self._world.rates is CALM or self._world.chance.random() < 0.7
        acknowledged = parse_acknowledgements(each.acknowledge for each in passed) if is_sure else {}
        # By the limits of the files, whatever the product takes for them.
        unasked = [
            each
            for each in evaluate_again(plan, settings.limits)
            if each.is_breach and not fits_any(each, acknowledged)
        ]
        holds = self._find_holds(session, plan, acknowledged, unasked)
        if not plan.operations:
            self._settle(process)
            return ()
        run = Run(
            plan=plan,
            specs=saved.specs,
            planned_step=saved.step,
            began_step=trace.step,
            acknowledged=acknowledged,
            unasked=unasked,
        )
        saved.was_applied = True
        with hold_run(session, _start_of(plan), LOCK_WAIT_S):
            run.began_step = trace.step
            process.knowledge.run = run
            options = ApplyOptions(
                observer=_Observer(world=self._world, knowledge=process.knowledge, run=run),
                needs_check=is_saved,
                is_partial=self._world.chance.random() < 0.5,
            )
            known = replace(plan, acknowledged=acknowledged)
            done = carry_out(session, known, options, self._removal.wrap_breaches(holds.breaches))
        self._world.laws.check_guardrails(run, settings.limits)
        if done.error is not None:
            trace.tell(f"{process.knowledge.name}: stopped: {done.error.message}")
            trace.count(f"stopped: {type(done.error).__name__}")
        return done.outcomes

    def _find_holds(
        self, session: Session, plan: Plan, acknowledged: Mapping[str, Decimal], unasked: Sequence[Guardrail]
    ) -> Holds:
        """What holds a part of a plan back; a plan that is refused as a whole has no part that must go through."""
        trace = self._world.trace
        try:
            holds = self._removal.wrap_holds(find_holds(session, plan, acknowledged))
        except GuardrailError as error:
            name = unasked[0].name if unasked else "freeze"
            trace.count("limits that hold back a plan", name)
            self._world.laws.holds.check_refused(plan, unasked, session.find_freezes())
            raise error from None
        if holds.held:
            trace.count("a plan of which a part is held back")
        return holds

    def _command(self, process: Process) -> None:
        chance, draw = self._world.chance, self._world.chance.random()
        saved = [each for each in self.saved if each.target == process.clone.target]
        if draw < 0.25 and saved:
            self._apply_late(process, chance.choice(saved))
        elif draw < 0.45:
            self.saved.append(self.plan(process))
            if chance.random() < 0.5:
                self.apply(process, self.saved[-1], is_saved=True)
        else:
            self.apply(process, self.plan(process), is_saved=False)

    def _close(self, process: Process, name: str) -> None:
        trace, session = self._world.trace, self.open_session(process)
        saved = self.plan(process)
        trades = TradeSession(session=session, is_approved=True, lock_timeout_s=LOCK_WAIT_S)
        trades.settle()
        live = find_to_close(trades, Selector(name=name, live_id=None))
        trades.check_accounts({live.terms.account_id})
        with trades.hold_run(1):
            if name in trades.settle_unresolved():
                return
            asked, operation = (prepare_close(trades, each) for each in (live, read_trade(process.api.get(live.id))))
            if not operation.sells_rest or describe_other_name(asked, operation):
                return
            process.knowledge.run = run = Run(
                plan=replace(saved.plan, operations=(operation,)),
                specs=saved.specs,
                planned_step=trace.step,
                began_step=trace.step,
                acknowledged={"closes": Decimal(1)},
            )
            observer = _Observer(world=self._world, knowledge=process.knowledge, run=run)
            trades.run([operation], observer, lambda: False)

    def _apply_late(self, process: Process, saved: Saved) -> None:
        self._world.trace.tell(f"{process.knowledge.name} applies the plan of step {saved.step}")
        again = "again" if saved.was_applied else "late"
        self._world.trace.count(f"a plan that was saved is applied {again}")
        self.apply(process, saved, is_saved=True)

    def _settle(self, process: Process) -> None:
        """What `apply` does where the plan has nothing to do."""
        if process.journal.find_unresolved():
            session = self.open_session(process)
            with hold_run(session, RunStart(git_commit=None, plan_digest="", operations=0), LOCK_WAIT_S):
                settle_earlier_runs(session)

    def _open_journal(self, clone: Clone, pid: int) -> Journal:
        if clone.database is None:
            return NO_JOURNAL
        self.watch_transactions(clone.database)
        holder = Holder(user="tester", host="here", machine=clone.machine, pid=pid, started="")
        scope, shared = scope_of(clone.settings), self._world.shared
        is_shared = self._journals is Journals.SHARED
        keys = scope.lock_keys if self._removal.locks_account else [str(clone)]
        machine = None if is_shared else MachineLock(keys, shared.machine, FileLocks([]))

        def is_alive(other: Holder) -> bool | None:
            return self._alive.get(other.pid) == other.machine if other.machine == clone.machine else None

        lock = RunLock(shared.clock, holder, is_alive, machine)
        return (SharedJournal if is_shared else SqlJournal)(clone.database, scope, shared.clock, lock=lock)

    def watch_transactions(self, database: StruckDatabase) -> None:
        """From now on a process can die in any transaction of a journal."""
        database.strike = self._strike_journal

    def _strike_journal(self, place: str) -> None:
        world, draw = self._world, self._world.chance.random()
        if draw < world.rates.journal * 0.5:
            world.trace.tell(f"killed {place} a transaction of the journal")
            world.trace.count(f"killed {place} a transaction")
            raise Killed
        if place == "before" and draw < world.rates.journal * 0.7:
            world.trace.tell("the journal refuses")
            world.trace.count("the journal refuses")
            raise JournalError("the disk is full")


def _start_of(plan: Plan) -> RunStart:
    return RunStart(git_commit=None, plan_digest="", operations=len(plan.operations))
