"""One history: a seed, and all that follows from it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from reconciler.applying.settling import settle_earlier_runs
from reconciler.cli.carrying_out import carry_out, hold_run
from reconciler.cli.pipeline import make_plan
from reconciler.cli.workspace import Selection, Workspace
from reconciler.errors import JournalError, ReconcilerError
from reconciler.guardrails import check_guardrails, refuse_unacknowledged
from reconciler.journal.holders import Holder
from reconciler.journal.keeping import SqlJournal
from reconciler.live.endpoints import SmartTradeApi
from reconciler.live.wsgi import WsgiAdapter
from reconciler.model.journal import NO_JOURNAL, Journal, RunStart
from reconciler.model.plan import Operation, Outcome, OutcomeKind, Plan
from reconciler.model.specs import TradeSpec
from reconciler.settings import EMBEDDED_URL, Settings, Target
from tests.simulation.account import Account, is_position, is_unprotected
from tests.simulation.files import ACCOUNTS, EDITS, PAIRS, WORKSPACE, PlanFiles
from tests.simulation.laws import Knowledge, Laws, Run
from tests.simulation.people import People
from tests.simulation.reasons import check_blocked
from tests.simulation.requests_seen import Call
from tests.simulation.stage import SharedJournal, Stage
from tests.simulation.telling import Trace, Violation
from tests.simulation.weather import CALM, LATEST_S, SETTLE_S, Journals, Weather, draw_journal, draw_weather
from tests.simulation.wires import Alter, Wire, World
from tests.worlds import Killed

# How often apply may be run again, once nothing goes wrong any more, until there is nothing left to do.
PATIENCE = 6
# Longer than a lock lives without a sign of its holder, in seconds.
NAP_S = 200.0
LOCK_WAIT_S = 10.0

DONE = (OutcomeKind.APPLIED, OutcomeKind.ALREADY_DONE)

_SWITCHES = {
    "cancel_answer": ("empty",),
    "missing_groups": ("disabled",),
    "finished_steps": ("refused",),
    "unknown_trade": ("404",),
    "wrong_status": ("403", "422"),
    "pending_reads": ("1", "3", "clock"),
    "trailing_stop": ("moved",),
    "breakeven": ("unchanged",),
    "fee_currency": ("received",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A safety that is taken away, by putting something else in its place where the product takes it from.

    Attributes:
        settle_s: The settle time of the target.
        make_alter: Makes for each process what changes its answers.
        wrap_api: Puts something between the product and its requests.
        wrap_journal: Puts something between the product and its journal.
        journal: Which journal all histories have, or None for any.
        switches: Settings of the sandbox.
        weather: The weather of all histories, or None for any.
        edits: The edits of files to choose from.
    """

    settle_s: int = SETTLE_S
    make_alter: Callable[[], Alter] | None = None
    wrap_api: Callable[[SmartTradeApi], SmartTradeApi] = lambda api: api
    wrap_journal: Callable[[Journal], Journal] = lambda journal: journal
    journal: Journals | None = None
    switches: tuple[tuple[str, str], ...] = ()
    weather: Weather | None = None
    edits: tuple[str, ...] = EDITS


@dataclass(slots=True, kw_only=True)
class Process:
    """One run of the program."""

    knowledge: Knowledge
    api: SmartTradeApi
    journal: Journal
    pid: int


@dataclass(slots=True, kw_only=True)
class Saved:
    """A plan that was reviewed and waits to be applied."""

    plan: Plan
    specs: Sequence[TradeSpec]
    step: int


@dataclass(slots=True, kw_only=True)
class _Observer:
    """Checks what a run tells, as it tells it."""

    history: History
    knowledge: Knowledge
    run: Run

    def starting(self, operation: Operation) -> None:
        """An operation begins."""
        self.run.operation = operation
        self.run.sent.clear()

    def ended(self, outcome: Outcome) -> None:
        """An operation has its outcome."""
        trace, operation = self.history.trace, outcome.operation
        text = f"{operation.action} {operation.trade}#{operation.generation}: {outcome.kind} {outcome.text}"
        trace.tell(f"{self.knowledge.name}: {text}")
        trace.count(f"outcome: {outcome.kind}")
        trace.count(f"operation: {operation.action}")
        self.history.laws.check_outcome(self.knowledge, outcome)


class History:
    """Everything that happens from one seed on.

    Args:
        seed: Decides it.
        stage: Where it is played.
        removal: A safety that is taken away.
    """

    def __init__(self, seed: int, stage: Stage, removal: Removal | None = None) -> None:
        stage.clear()
        self._removal = removal or Removal()
        self._chance = chance = random.Random(seed)
        self._stage = stage
        self.trace = Trace(seed)
        self._account = Account(stage.sandbox)
        self.laws = Laws(self.trace, self._account)
        self._files = PlanFiles(chance, chance.choice([1, 1, 2, 2, 3]), self._removal.edits)
        self._human = WsgiAdapter(stage.app)
        human = stage.open_api(self._human)
        self._people = People(chance, stage.sandbox, human, self._account, self.laws, self.trace, self._files)
        self._world = World(
            chance=chance,
            stage=stage,
            account=self._account,
            laws=self.laws,
            trace=self.trace,
            weather=self._removal.weather or draw_weather(chance),
        )
        self._journals = self._removal.journal or draw_journal(chance)
        self._settings = _make_settings(self._removal.settle_s)
        self._saved: list[Saved] = []
        self._alive: set[int] = set()
        self._pids = 0
        self._depth = 0
        self._configure()

    def play(self) -> Trace:
        """Play it to its end.

        Raises:
            Violation: A law was broken.
        """
        self.trace.count(str(self._journals))
        self.trace.tell(f"{self._journals}, {self._world.weather}")
        try:
            if self._chance.random() < 0.5:
                with self._calm():
                    self._work()
            for _ in range(self._chance.randint(1, 4)):
                self._edit_files()
                self._live_on()
                self._work()
                self._check_stops()
            self._converge()
        finally:
            self._stage.database.strike = lambda place: None
        for trade in self._account.trades.values():
            self.trace.count(f"a trade ends as {trade.status.value}")
        return self.trace

    # The world

    def _configure(self) -> None:
        sandbox, chance = self._stage.sandbox, self._chance
        for pair, price in PAIRS.items():
            sandbox.set_price(pair, Decimal(price))
        self._switches = switches = dict(self._removal.switches)
        if chance.random() < 0.4:
            name = chance.choice(sorted(_SWITCHES))
            switches.setdefault(name, chance.choice(_SWITCHES[name]))
        for name, value in switches.items():
            sandbox.configure(name, value)
            self.trace.tell(f"setting: {name} {value}")

    def _edit_files(self) -> None:
        for _ in range(self._chance.choice([0, 1, 2, 2, 3, 4])):
            edited = self._files.edit()
            if edited:
                self.trace.tell(f"file: {edited[0]} {edited[1]}")
                self.trace.count(
                    f"file: {edited[0]}", edited[1] if edited[0] not in ("add", "remove", "put back") else ""
                )

    def _live_on(self) -> None:
        """What happens between two runs."""
        chance, weather = self._chance, self._world.weather
        for _ in range(chance.choice([0, 0, 1, 1, 2])):
            self._happen(self._people.move_market)
        if weather.people and chance.random() < 0.5:
            self._happen(self._people.act)
        if chance.random() < weather.events:
            self._happen(chance.choice([self._people.schedule_event, self._people.fill_partly]))
        if chance.random() < 0.3:
            seconds = chance.choice([1, 30, 4000])
            self.trace.tell(f"{seconds} s pass")
            self._happen(lambda: self._stage.clock.sleep(seconds))
        if self._journals is not Journals.NONE and chance.random() < 0.1:
            self.trace.tell("the journal is deleted")
            self.trace.count("the journal is deleted")
            self._stage.clear_journal()

    def _happen(self, event: Callable[[], None]) -> None:
        self.trace.step += 1
        event()
        self.laws.check_effects(None, None, self._account.look())

    def _between(self, process: Knowledge, call: Call) -> None:
        """What happens in the world right before a request."""
        chance, weather = self._chance, self._world.weather
        if chance.random() < weather.people:
            self._happen(self._people.act)
        if chance.random() < weather.market:
            self._happen(self._people.move_market)
        if self._depth > 1 or process.run is None or call.is_write:
            return
        if chance.random() < weather.nap:
            self.trace.tell(f"{process.name} sleeps for {NAP_S:.0f} s")
            self.trace.count("a process sleeps through its lock")
            self._happen(lambda: self._stage.clock.sleep(NAP_S))
            self._second()
        elif chance.random() < weather.second:
            self._second()

    def _second(self) -> None:
        """Somebody else runs the program in the midst of a run."""
        if self._journals is not Journals.NONE:
            self.trace.count("a second process")
            self._work()

    # The program

    def _work(self) -> None:
        """One run of the program, whatever becomes of it."""
        process = self._start()
        self._depth += 1
        try:
            self._command(process)
        except Killed:
            self.trace.count("killed")
        except ReconcilerError as error:
            self.trace.tell(f"{process.knowledge.name}: {type(error).__name__}: {error.message}")
            self.trace.count(f"error: {type(error).__name__}")
        finally:
            self._depth -= 1
            self._alive.discard(process.pid)
            process.knowledge.run = None

    def _command(self, process: Process) -> None:
        draw = self._chance.random()
        if draw < 0.2 and self._saved:
            saved = self._chance.choice(self._saved)
            self.trace.count("a plan that was saved is applied late")
            self._apply(process, saved, is_saved=True)
        elif draw < 0.4:
            self._saved.append(self._plan(process))
            if self._chance.random() < 0.5:
                self._apply(process, self._saved[-1], is_saved=True)
        else:
            self._apply(process, self._plan(process), is_saved=False)

    def _start(self) -> Process:
        self._pids += 1
        pid = self._pids
        self._alive.add(pid)
        knowledge = Knowledge(name=f"run{pid}")
        self._world.processes = [each for each in self._world.processes if each.run is not None]
        self._world.processes.append(knowledge)
        alter = self._removal.make_alter() if self._removal.make_alter else None
        wire = Wire(self._world, knowledge, self._between, alter)
        api = self._removal.wrap_api(self._stage.open_api(wire))
        return Process(
            knowledge=knowledge, api=api, journal=self._removal.wrap_journal(self._open_journal(pid)), pid=pid
        )

    def _open_journal(self, pid: int) -> Journal:
        if self._journals is Journals.NONE:
            return NO_JOURNAL
        self._stage.database.strike = self._strike_journal
        holder = Holder(user="tester", host="here", machine="boot", pid=pid, started="")
        kind = SharedJournal if self._journals is Journals.SHARED else SqlJournal
        return kind(
            self._stage.database,
            WORKSPACE,
            self._stage.clock,
            holder=holder,
            is_alive=lambda other: other.pid in self._alive,
        )

    def _strike_journal(self, place: str) -> None:
        draw = self._chance.random()
        if draw < self._world.weather.journal * 0.5:
            self.trace.tell(f"killed {place} a transaction of the journal")
            self.trace.count(f"killed {place} a transaction")
            raise Killed
        if place == "before" and draw < self._world.weather.journal * 0.7:
            self.trace.tell("the journal refuses")
            self.trace.count("the journal refuses")
            raise JournalError("the disk is full")

    def _plan(self, process: Process) -> Saved:
        specs = tuple(self._files.specs)
        plan = make_plan(
            self._settings,
            process.api,
            self._stage.clock,
            Workspace(specs=specs, problems=(), files=1),
            Selection(specs=specs, is_whole=True),
            waits_for_busy=True,
            journal=process.journal,
        )
        for operation in plan.operations:
            self.trace.tell(
                f"{process.knowledge.name}: plans {operation.action} {operation.trade}#{operation.generation}"
                f" ({operation.cause}, {operation.effect}: {operation.money})"
            )
        for blocked in plan.blocked:
            self.trace.tell(f"{process.knowledge.name}: blocks {blocked.trade}: {blocked.reason}")
        self.laws.check_plan(plan)
        return Saved(plan=plan, specs=specs, step=self.trace.step)

    def _apply(self, process: Process, saved: Saved, *, is_saved: bool) -> Sequence[Outcome]:
        """What the command `apply` does with a plan."""
        plan, journal = saved.plan, process.journal
        findings = check_guardrails(plan.operations, self._settings.limits)
        is_sure = self._world.weather is CALM or self._chance.random() < 0.7
        acknowledged = {finding.name: finding.count for finding in findings} if is_sure else {}
        refuse_unacknowledged(findings, acknowledged)
        start = RunStart(git_commit=None, plan_digest="", operations=len(plan.operations))
        if not plan.operations:
            if journal.find_unresolved():
                with hold_run(journal, start, LOCK_WAIT_S):
                    settle_earlier_runs(journal, process.api, self._stage.clock, self._settings.target.settle_s)
            return ()
        run = Run(plan=plan, specs=saved.specs, planned_step=saved.step, acknowledged=acknowledged)
        with hold_run(journal, start, LOCK_WAIT_S):
            process.knowledge.run = run
            done = carry_out(
                self._settings,
                process.api,
                self._stage.clock,
                plan,
                journal,
                observer=_Observer(history=self, knowledge=process.knowledge, run=run),
                needs_check=is_saved,
                is_partial=self._chance.random() < 0.5,
                tell=lambda text: self.trace.tell(f"{process.knowledge.name}: {text}"),
            )
        self.laws.check_guardrails(run, self._settings.limits)
        if done.result.error is not None:
            self.trace.tell(f"{process.knowledge.name}: stopped: {done.result.error.message}")
            self.trace.count(f"stopped: {type(done.result.error).__name__}")
        return done.result.outcomes

    # The end

    @contextmanager
    def _calm(self) -> Iterator[None]:
        before = self._world.weather
        self._world.weather = CALM
        yield
        self._world.weather = before

    def _check_stops(self) -> None:
        """No position is without a stop that its file asks for, unless the next plan says so."""
        lives = (live for alike in self._account.live().values() for live in alike)
        if not any(is_unprotected(live) or (is_position(live) and live.stop is None) for live in lives):
            return
        with self._calm():
            # What lists do not show yet no plan can tell.
            self._happen(lambda: self._stage.clock.sleep(LATEST_S))
            process = self._start()
            saved = self._plan(process)
            self._alive.discard(process.pid)
            self.trace.count("a plan is asked for an unprotected position")
            self.laws.check_reported(saved.plan, saved.specs)

    def _converge(self) -> None:
        """Nothing goes wrong any more: the program is run until there is nothing left to do."""
        self._world.weather = CALM
        self.trace.tell("calm")
        with self._stage.sandbox.transaction() as world:
            world.events.remove_events()
        self._happen(lambda: self._stage.clock.sleep(LATEST_S + 1))
        done: set[str] = set()
        for _ in range(PATIENCE):
            process = self._start()
            try:
                saved = self._plan(process)
                again = done & {operation.trade for operation in saved.plan.operations}
                if again:
                    self.trace.break_law(f"what was told as done is planned again: {sorted(again)}")
                self.laws.check_reported(saved.plan, saved.specs)
                if not saved.plan.operations:
                    self._finish(process, saved)
                    return
                outcomes = self._apply(process, saved, is_saved=False)
            except ReconcilerError as error:
                self.trace.break_law(f"{type(error).__name__} though all is calm: {error.message}")
            finally:
                self._alive.discard(process.pid)
                process.knowledge.run = None
            bad = {outcome.operation.trade for outcome in outcomes if outcome.kind not in DONE}
            done = {outcome.operation.trade for outcome in outcomes} - bad
            if outcomes and all(self._is_final(outcome) for outcome in outcomes):
                self.trace.count("converged with something that the API or the journal leaves to a person")
                return
        self.trace.break_law(f"there is still something to do after {PATIENCE} runs")

    def _is_final(self, outcome: Outcome) -> bool:
        """Whether an operation cannot succeed by being sent again, and says so for a reason that exists."""
        if outcome.kind is OutcomeKind.INDETERMINATE:
            return any(kind == "a person cuts a note" for kind, _ in self.trace.facts)
        is_refusing = self._switches.get("finished_steps") == "refused"
        return outcome.kind is OutcomeKind.FAILED and is_refusing and "finished steps cannot be changed" in outcome.text

    def _finish(self, process: Process, saved: Saved) -> None:
        self._apply(process, saved, is_saved=False)
        for blocked in saved.plan.blocked:
            check_blocked(blocked, self.trace)
        self.trace.count("converged with something blocked" if saved.plan.blocked else "converged")


def play(seed: int, stage: Stage, removal: Removal | None = None) -> Trace:
    """Play one history.

    Raises:
        Violation: A law was broken, or the program failed; the text tells all that happened.
    """
    history = History(seed, stage, removal)
    try:
        return history.play()
    except Violation as broken:
        raise Violation(history.trace.report(str(broken))) from None
    except Exception as error:
        raise Violation(history.trace.report(f"the program failed: {error!r}")) from error


def _make_settings(settle_s: int) -> Settings:
    target = Target(
        name="paper",
        kind="api",
        mode="paper",
        base_url=EMBEDDED_URL,
        accounts=ACCOUNTS,
        requests_per_minute=80,
        settle_s=settle_s,
    )
    return Settings(
        root=Path("/nowhere"),
        workspace=WORKSPACE,
        former_names=(),
        target=target,
        include=(),
        foreign=frozenset(),
        limits={},
    )
